/**
 * A P-256 COSE_Key (base64url) whose private half was thrown away when it was made: what a signature is checked
 * against when the credential is not known, so that the refusal costs the same.
 */
export const DECOY_PUBLIC_KEY =
  "pQECAyYgASFYIIdc8E8u3pzI0Se4rJMCcIDjoC2L19O04wgzrYqPPbccIlggsqOje1SRtCn1VG4i1sD0CRaeebkDQ6XV_N3Vw8cR11A";
