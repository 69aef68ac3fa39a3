/** The longest password accepted, in code points after normalisation; the published upper bound. */
export const MAX_PASSWORD_LENGTH = 256;

// Composition shortens text at most fourfold, so anything beyond this is too long without looking at it.
const MAX_RAW_UNITS = MAX_PASSWORD_LENGTH * 2 * 4;

/**
 * The form in which a password is measured, checked and to be hashed: NFC (NIST SP 800-63B-4 §3.1.1.2). Nothing is
 * trimmed, folded or cut. Relying parties have to do the same at set and at verify.
 */
export function normalisePassword(password: string): string {
  return password.normalize("NFC");
}

/** What a password is as text: its normal form and length in code points, or why it has none. Cheap for any input. */
export function readPassword(password: string): PasswordText {
  if (password.length > MAX_RAW_UNITS) return { ok: false, violation: "too_long" };
  if (!password.isWellFormed()) return { ok: false, violation: "not_text" };
  const text = normalisePassword(password);
  const length = [...text].length;
  return length > MAX_PASSWORD_LENGTH ? { ok: false, violation: "too_long" } : { ok: true, text, length };
}

/** `not_text`: a lone surrogate, which no UTF-8 can carry, so that different passwords would hash alike. */
export type PasswordText =
  | Readonly<{ ok: true; text: string; length: number }>
  | Readonly<{ ok: false; violation: "too_long" | "not_text" }>;
