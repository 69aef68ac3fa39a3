import { createHmac, createSecretKey } from "node:crypto";
import type { TotpAlgorithm } from "../domain/authenticator.ts";
import type { TotpHmac } from "../ports/totp-hmac.ts";

const DIGEST = { SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const satisfies Record<TotpAlgorithm, string>;

/**
 * HMAC for TOTP on node:crypto. A KeyObject made on the spot is several times faster than the raw bytes as key, and
 * nothing is kept after the call.
 */
export const totpHmac: TotpHmac = (algorithm, secret, counter) =>
  createHmac(DIGEST[algorithm], createSecretKey(secret)).update(counter).digest();
