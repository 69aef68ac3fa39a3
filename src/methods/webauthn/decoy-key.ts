/**
 * A P-256 COSE_Key (base64url) whose private half was thrown away when it was made, as were those of the others here:
 * what a signature is checked against when the credential is not known, so that the refusal costs the same.
 */
export const DECOY_PUBLIC_KEY =
  "pQECAyYgASFYIIdc8E8u3pzI0Se4rJMCcIDjoC2L19O04wgzrYqPPbccIlggsqOje1SRtCn1VG4i1sD0CRaeebkDQ6XV_N3Vw8cR11A";

/**
 * The public key for a decoy candidate: ES256 for three in four, else EdDSA or RS256, much like real ones, because the
 * algorithms differ in time. `choice` (0 to 255) has to come from a keyed hash of the subject: stable, but secret.
 */
export function pickDecoyPublicKey(choice: number): string {
  if (choice < 192) return DECOY_PUBLIC_KEY;
  return choice < 224 ? DECOY_ED25519_KEY : DECOY_RSA_KEY;
}

const DECOY_ED25519_KEY = "pAEBAycgBiFYIPQNIAH3nr-L9sCt6TjXIB-1txAnu9kkdp2n1ANROHjt";

const DECOY_RSA_KEY = [
  "pAEDAzkBACBZAQDOEwiYh77KaWzlasVSTettiKtCxmF8XmaQbJOgVJmrS_-1BFBAQSfFMkr7j5p98pJE2Btxx87X_-Fj46DWffSj",
  "WWkKsp7OW3RwpobuSyG5kiZ-FsHn-VM0ED_NzChGWWdvKcGx1El_HkYC6S6dJgSEz9NzAET02L4KQfyyfCcvzN0n8n3pQwAQXtFq",
  "KkOwJS7HtGs9_doNFqBbaLkFDnhyjZhHt39yIlEVXtpRgN_rgJTGqP5UI8qj_ZDW1XMxSFNN8zqOGtFabtvnEa3Myhn5Xjs_t3_b",
  "BFs8-br_ml-rwyYciUREUsnMMDPHbu0mfaELzdU6HA-kUcixDScXw8ZFIUMBAAE",
].join("");
