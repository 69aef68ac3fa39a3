/** Recovery codes: look-up secrets of 120 random bits (NIST SP 800-63B-4 §3.1.2), stored only as keyed hashes. */
import type { RecoveryCodeAuthenticator } from "../domain/authenticator.ts";
import { toCrockford } from "../domain/encoding.ts";
import { type Checked, reject } from "../domain/evidence.ts";
import type { Random } from "../ports/random.ts";

const CODE_BYTES = 15;
const SEPARATORS = /[\p{Zs}\-\u2010\u2011]/gu;
const LONGEST_TYPED = 128;
/** As long as a code, and never one: the letter u is not in the alphabet. */
const NO_CODE = "u".repeat(24);

/** `macOf` gives the stored form of a normalised code. */
export type RecoveryCodeCheck = Readonly<{
  code: string;
  candidates: readonly RecoveryCodeAuthenticator[];
  macOf: (normalised: string) => string;
}>;

/**
 * Turns a well-formed code into evidence that is worth nothing until its spend finds an unused code with this MAC in
 * the first candidate's set: a subject has one active set. The MAC is computed for malformed codes too.
 */
export function checkRecoveryCode({ code, candidates, macOf }: RecoveryCodeCheck): Checked {
  const normalised = normaliseRecoveryCode(code);
  const mac = macOf(normalised ?? NO_CODE);
  const candidate = candidates[0];
  if (candidate === undefined) return reject("no_authenticator");
  if (normalised === undefined) return reject("malformed", candidate.id);
  return {
    ok: true,
    evidence: {
      method: "recovery_code",
      authenticatorId: candidate.id,
      phishingResistant: false,
      userVerified: false,
      // Whoever keeps the list may keep copies.
      backupEligible: true,
      hardwareAttested: false,
      spend: { kind: "recovery_code", authenticatorId: candidate.id, mac },
    },
  };
}

/** New codes for display, each as six groups of four: "abcd-efgh-jkmn-pqrs-tvwx-yz01". */
export function newRecoveryCodes(randomBytes: Random["bytes"], count = 10): string[] {
  return Array.from({ length: count }, () => toCrockford(randomBytes(CODE_BYTES)).replace(/.{4}(?=.)/g, "$&-"));
}

/**
 * The 24 characters of a code as typed: case, spaces and hyphens do not count, O is read as 0, and I and L as 1.
 * undefined when it cannot be a code.
 */
export function normaliseRecoveryCode(text: unknown): string | undefined {
  if (typeof text !== "string" || text.length > LONGEST_TYPED) return undefined;
  const compact = text.replace(SEPARATORS, "");
  if (!/^[0-9A-TV-Za-tv-z]{24}$/.test(compact)) return undefined;
  return compact.toLowerCase().replaceAll("o", "0").replace(/[il]/g, "1");
}
