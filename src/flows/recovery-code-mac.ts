import { toBase64url } from "../domain/encoding.ts";
import type { Keyring } from "../ports/keyring.ts";

/** What a recovery code is stored as: keyed, and bound to its subject. `code` is normalised. */
export function recoveryCodeMac(keyring: Keyring, lookup: string, code: string): string {
  return toBase64url(keyring.mac("recovery_code", lookup, code));
}
