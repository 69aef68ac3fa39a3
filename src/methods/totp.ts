/** Time-based one-time passwords (RFC 6238). Pure: the clock and the HMAC are arguments, the step is spent elsewhere. */
import { counterToBytes, dynamicTruncate, truncateDigits } from "@otplib/core";
import type { TotpAlgorithm, TotpAuthenticator } from "../domain/authenticator.ts";
import type { Bytes } from "../domain/encoding.ts";
import { type Checked, type Evidence, reject } from "../domain/evidence.ts";
import type { TotpPolicy } from "../domain/realm.ts";
import type { Random } from "../ports/random.ts";
import type { TotpHmac } from "../ports/totp-hmac.ts";

/** What a code is computed from. */
export type TotpKey = Pick<TotpAuthenticator, "secret" | "algorithm" | "digits" | "periodSeconds">;

export type TotpWindow = Pick<TotpPolicy, "earlierSteps" | "laterSteps">;

export type TotpCheck = Readonly<{
  code: string;
  candidates: readonly TotpAuthenticator[];
  /** Epoch milliseconds. */
  now: number;
  policy: TotpWindow;
  hmac: TotpHmac;
}>;

/** Characters that people and apps put between digits: any space, hyphens. */
const SEPARATORS = /[\p{Zs}\-\u2010\u2011]/gu;
const LONGEST_TYPED = 64;
const SECRET_BYTES = { SHA1: 20, SHA256: 32, SHA512: 64 } as const satisfies Record<TotpAlgorithm, number>;
/** Compared instead of a malformed code: as long as a code, and equal to none. */
const NO_CODE = { 6: "xxxxxx", 8: "xxxxxxxx" } as const;

/**
 * Whether the code is right for one of the candidates at one of the accepted steps (RFC 6238 §5.2). Every step of every
 * candidate is computed and compared, whatever the code: a right, wrong or malformed one costs the same. If the code
 * fits two steps the later one is spent, so that it does not work again. The step is not yet spent on return.
 */
export function checkTotp({ code, candidates, now, policy, hmac }: TotpCheck): Checked {
  let evidence: Evidence | undefined;
  let isWellFormed = false;
  for (const candidate of candidates) {
    const typed = normaliseTotpCode(code, candidate.digits);
    isWellFormed ||= typed !== undefined;
    const step = matchingStep({ candidate, typed, current: stepAt(now, candidate.periodSeconds), policy, hmac });
    if (step !== undefined) evidence ??= evidenceOf(candidate, step);
  }
  if (evidence !== undefined) return { ok: true, evidence };
  if (candidates.length === 0) return reject("no_authenticator");
  return reject(isWellFormed ? "wrong_code" : "malformed", candidates.length === 1 ? candidates[0]?.id : undefined);
}

/**
 * The code as exactly `digits` ASCII digits once spaces and hyphens are gone; undefined for everything else, also for
 * numbers, signs, exponents and digits of other scripts. Leading zeros stay (RFC 4226 §5.3).
 */
export function normaliseTotpCode(text: unknown, digits: 6 | 8): string | undefined {
  if (typeof text !== "string" || text.length > LONGEST_TYPED) return undefined;
  const compact = text.replace(SEPARATORS, "");
  return compact.length === digits && /^[0-9]+$/.test(compact) ? compact : undefined;
}

/** The code of one time step: HOTP with the step as counter (RFC 6238 §4.2). `step` is at most 2^53 - 1. */
export function totpCode(key: TotpKey, step: number, hmac: TotpHmac): string {
  // otplib's steps one by one: its `generate` checks again what enrolment has made sure of, at three times the cost.
  return truncateDigits(dynamicTruncate(hmac(key.algorithm, key.secret, counterToBytes(step))), key.digits);
}

/** The time step that an instant (epoch milliseconds) falls into (RFC 6238 §4.2, T0 = 0). */
export function stepAt(now: number, periodSeconds: number): number {
  return Math.floor(now / 1000 / periodSeconds);
}

/**
 * By how many seconds, rounded to whole steps, the clock that made the code is off: negative when it is behind. Looks
 * only at steps outside the accepted window, nearest first; undefined when none within `maxMinutes` fits. It tells a
 * wrong clock from a wrong code while a person enrols and never accepts anything: of random wrong codes about one in
 * four thousand (240 steps, six digits) fits by chance. Not constant in time: whoever enrols knows the secret.
 */
export function measureClockSkew(
  input: Readonly<{ code: string; key: TotpKey; now: number; policy: TotpWindow; hmac: TotpHmac; maxMinutes?: number }>,
): number | undefined {
  const { code, key, now, policy, hmac, maxMinutes = 60 } = input;
  const typed = normaliseTotpCode(code, key.digits);
  if (typed === undefined) return undefined;
  const current = stepAt(now, key.periodSeconds);
  const fits = (offset: number) => current + offset >= 0 && totpCode(key, current + offset, hmac) === typed;
  const furthest = Math.floor((maxMinutes * 60) / key.periodSeconds);
  for (let distance = 1; distance <= furthest; distance++) {
    if (distance > policy.earlierSteps && fits(-distance)) return -distance * key.periodSeconds;
    if (distance > policy.laterSteps && fits(distance)) return distance * key.periodSeconds;
  }
  return undefined;
}

/** A new secret as long as the algorithm's output (RFC 4226 §4 R6, RFC 6238 §5.1): 20, 32 or 64 bytes. */
export function newTotpSecret(algorithm: TotpAlgorithm, randomBytes: Random["bytes"]): Bytes {
  return randomBytes(SECRET_BYTES[algorithm]);
}

/** The latest accepted step whose code was typed, found without leaving the loop early. */
function matchingStep(
  input: Readonly<{
    candidate: TotpAuthenticator;
    typed: string | undefined;
    current: number;
    policy: TotpWindow;
    hmac: TotpHmac;
  }>,
): number | undefined {
  const { candidate, current, policy, hmac } = input;
  const typed = input.typed ?? NO_CODE[candidate.digits];
  let match: number | undefined;
  for (let step = Math.max(0, current - policy.earlierSteps); step <= current + policy.laterSteps; step++) {
    if (sameCode(totpCode(candidate, step, hmac), typed)) match = step;
  }
  return match;
}

/** Constant in time for codes of one length. */
function sameCode(expected: string, typed: string): boolean {
  let difference = expected.length ^ typed.length;
  for (let index = 0; index < expected.length; index++) {
    difference |= expected.charCodeAt(index) ^ typed.charCodeAt(index);
  }
  return difference === 0;
}

/** One factor that a relay can pass on; apps may copy the secret between devices (`backupEligible`). */
function evidenceOf(candidate: TotpAuthenticator, step: number): Evidence {
  return {
    method: "totp",
    authenticatorId: candidate.id,
    phishingResistant: false,
    userVerified: false,
    backupEligible: true,
    hardwareAttested: false,
    spend: { kind: "totp_step", authenticatorId: candidate.id, step, inBudget: candidate.stepsInBudget },
  };
}
