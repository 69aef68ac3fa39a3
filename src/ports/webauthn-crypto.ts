import type { Bytes } from "../domain/encoding.ts";

/** `publicKey` is a COSE_Key in base64url; `data` is what was signed, not its hash. */
export type SignatureCheck = Readonly<{ publicKey: string; signature: Bytes; data: Bytes }>;

/**
 * Whether the signature fits. False for an unusable key and for any malformed signature; never throws. Every false
 * costs one key import and one verification, so that a refusal does not tell which keys are known.
 */
type SignatureVerifier = (check: SignatureCheck) => boolean | Promise<boolean>;

/** `chain` is DER, the leaf first; `roots` are PEM or base64 DER. */
export type ChainCheck = Readonly<{ chain: readonly Bytes[]; roots: readonly string[]; nowMs: number }>;

/** The cryptography that checking WebAuthn answers needs. No function throws on hostile input. */
export type WebauthnCrypto = Readonly<{
  sha256: (data: Bytes) => Bytes | Promise<Bytes>;
  verifySignature: SignatureVerifier;
  /** Whether a COSE_Key (base64url) fits its algorithm and its point lies on the curve. */
  isUsableKey: (publicKey: string) => boolean | Promise<boolean>;
  /** The public key of an X.509 certificate (DER) as COSE_Key, base64url; undefined if it is none we can use. */
  certificateKey: (certificate: Bytes) => string | undefined | Promise<string | undefined>;
  /** Whether each certificate is valid now and issued by the next, up to one of the roots. No revocation check. */
  chainsToRoot: (check: ChainCheck) => boolean | Promise<boolean>;
}>;
