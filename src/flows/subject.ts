import { toBase64url, toCrockford } from "../domain/encoding.ts";
import type { Keyring } from "../ports/keyring.ts";

/** 128 bits: too many to meet by chance, and short in every index. */
const PSEUDONYM_BYTES = 16;

/** What a subject is stored under: a keyed hash of realm and normalised reference (22 characters of base64url). */
export function lookupOf(keyring: Keyring, realmId: string, reference: string): string {
  return toBase64url(keyring.mac("subject_lookup", realmId, reference).subarray(0, PSEUDONYM_BYTES));
}

/**
 * The id by which one relying party knows a subject: pairwise (OIDC Core §8.1), so that two relying parties cannot
 * compare notes, and defined for subjects that do not exist.
 */
export function publicSubjectId(keyring: Keyring, rpId: string, lookup: string): string {
  return `sub_${toCrockford(keyring.mac("subject_id", rpId, lookup).subarray(0, PSEUDONYM_BYTES))}`;
}
