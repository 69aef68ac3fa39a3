import { toCrockford } from "./encoding.ts";

export type IdPrefix = "ch" | "en" | "au" | "rp" | "sub" | "key" | "adm" | "dev" | "req";

/** Bytes of entropy in every id of ours: 128 bits, so that an id is never guessed. */
const ID_BYTES = 16;

/** A fresh id such as `ch_0f4m…`: 128 random bits in Crockford's base32 behind its prefix. */
export function newId(prefix: IdPrefix, randomBytes: (length: number) => Uint8Array): string {
  return `${prefix}_${toCrockford(randomBytes(ID_BYTES))}`;
}

/** The id of the same enrolment as an authenticator, and back: one row, two names for its two lives. */
export function authenticatorIdOf(enrolmentId: string): string {
  return `au_${enrolmentId.slice(3)}`;
}

export function enrolmentIdOf(authenticatorId: string): string {
  return `en_${authenticatorId.slice(3)}`;
}

const REFERENCE_MAX = 255;

/**
 * A subject reference in the form it is hashed in: NFC, 1 to 255 characters (UTF-16 units), compared exactly.
 * Undefined when the text is empty, too long or not well-formed Unicode.
 */
export function normaliseReference(reference: string): string | undefined {
  if (reference.length === 0 || reference.length > REFERENCE_MAX || !reference.isWellFormed()) return undefined;
  const normalised = reference.normalize("NFC");
  return normalised.length > REFERENCE_MAX ? undefined : normalised;
}
