import type { TotpAlgorithm } from "../domain/authenticator.ts";

/** HMAC of the 8-byte big-endian counter under the secret (RFC 4226 §5.2). Synchronous: it runs on the hot path. */
export type TotpHmac = (algorithm: TotpAlgorithm, secret: Uint8Array, counter: Uint8Array) => Uint8Array;
