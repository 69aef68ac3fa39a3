import type { PasswordPolicy } from "../domain/realm.ts";
import type { BreachIndex, BreachReport } from "../ports/breach-index.ts";
import type {
  CrackTime,
  CrackTimes,
  PasswordEstimate,
  PasswordEstimator,
  PasswordScore,
} from "../ports/password-estimator.ts";
import { sha1Hex } from "./bundled-breach-index.ts";
import { contextWords } from "./context-words.ts";
import { NOTORIOUS_PASSWORDS } from "./notorious-passwords.ts";
import { MAX_PASSWORD_LENGTH, readPassword } from "./password-text.ts";
import { isMadeOf, toSkeleton } from "./simple-change.ts";

/** Whether the password is all there is, or a second factor is always asked for as well. */
export type PasswordUse = "single_factor" | "with_second_factor";

/** Why a password is not acceptable. `breached` and `common_password` can both hold. */
export type PasswordViolation =
  | "not_text"
  | "too_long"
  | "too_short"
  | "common_password"
  | "breached"
  | "context_word"
  | "banned_word"
  | "too_guessable";

/** What there is to say about a password. Acceptable means: no violations. Nothing in it quotes the password. */
export type PasswordAssessment = Readonly<{
  acceptable: boolean;
  violations: readonly PasswordViolation[];
  score: PasswordScore;
  guessesLog10: number;
  crackTimes: CrackTimes;
  feedback: Readonly<{
    warning: string | null;
    suggestions: readonly string[];
  }>;
  breach: BreachReport;
}>;

export type AssessPasswordDeps = Readonly<{
  estimator: PasswordEstimator;
  breaches: BreachIndex;
}>;

/** `context`: what an attacker would try first, such as user name, e-mail address, names of the application. */
export type AssessPasswordInput = Readonly<{
  password: string;
  context: readonly string[];
  use: PasswordUse;
  policy: PasswordPolicy;
}>;

/**
 * Judges a password by NIST SP 800-63B-4 §3.1.1.2: length in code points after NFC, at most 256, no rules on what it is
 * composed of, the whole of it compared with what is common, breached or expected of this person, and a least number
 * of guesses. Keeps nothing. What is no text or too long is refused unread, with score 0 and the breach check
 * `unavailable`. Rejects with PasswordEstimatorError when the estimator has an outage.
 */
export async function assessPassword(
  deps: AssessPasswordDeps,
  input: AssessPasswordInput,
): Promise<PasswordAssessment> {
  const read = readPassword(input.password);
  if (!read.ok) return refuseUnread(read.violation);
  const words = contextWords(input.context);
  const [estimate, breach] = await Promise.all([
    deps.estimator.estimate(read.text, [...words, ...input.policy.bannedWords]),
    sha1Hex(read.text).then(deps.breaches.lookUp),
  ]);
  const skeleton = toSkeleton(read.text);
  const violations = thoseThatHold([
    ["too_short", read.length < minLength(input)],
    ["common_password", estimate.common || isMadeOf(skeleton, NOTORIOUS_PASSWORDS)],
    ["breached", breach.status === "found"],
    ["context_word", isMadeOf(skeleton, words.map(toSkeleton))],
    ["banned_word", isMadeOf(skeleton, input.policy.bannedWords.map(toSkeleton))],
    ["too_guessable", estimate.guessesLog10 < input.policy.minGuessesLog10],
  ]);
  return describe(violations, estimate, breach);
}

/** Shown to the person, so that a refusal has a reason (NIST SP 800-63B-4 §3.1.1.2). */
const REASONS = {
  not_text: "This password contains characters that are not valid text.",
  too_long: `Passwords can have at most ${MAX_PASSWORD_LENGTH} characters.`,
  too_short: "This password is too short.",
  common_password: "This is a commonly used password.",
  breached: "This password was exposed in a data breach.",
  context_word: "This is a name that others would expect of you, with small changes.",
  banned_word: "This is a word that this service does not allow as a password, with small changes.",
  too_guessable: "This password is easy to guess.",
} satisfies Record<PasswordViolation, string>;

const NO_TIME: CrackTime = { seconds: 0, display: "less than a second" };
const NO_TIMES: CrackTimes = {
  onlineThrottled: NO_TIME,
  onlineUnthrottled: NO_TIME,
  offlineSlowHash: NO_TIME,
  offlineFastHash: NO_TIME,
};

function refuseUnread(violation: "too_long" | "not_text"): PasswordAssessment {
  return {
    acceptable: false,
    violations: [violation],
    score: 0,
    guessesLog10: 0,
    crackTimes: NO_TIMES,
    feedback: { warning: REASONS[violation], suggestions: [] },
    breach: { status: "unavailable" },
  };
}

function minLength({ use, policy }: AssessPasswordInput): number {
  return use === "with_second_factor" ? policy.minLengthWithSecondFactor : policy.minLengthSingleFactor;
}

function thoseThatHold(claims: readonly (readonly [PasswordViolation, boolean])[]): readonly PasswordViolation[] {
  return claims.filter(([, holds]) => holds).map(([violation]) => violation);
}

function describe(
  violations: readonly PasswordViolation[],
  estimate: PasswordEstimate,
  breach: BreachReport,
): PasswordAssessment {
  const { score, guessesLog10, crackTimes, suggestions } = estimate;
  const feedback = { warning: reasonFor(violations, estimate), suggestions };
  return {
    acceptable: violations.length === 0,
    violations,
    score,
    guessesLog10,
    crackTimes,
    feedback,
    breach,
  };
}

/** The estimator knows best why something is guessable; for the other violations the rule is the reason. */
function reasonFor([first]: readonly PasswordViolation[], { warning }: PasswordEstimate): string | null {
  if (first === undefined) return warning;
  return first === "too_guessable" ? (warning ?? REASONS.too_guessable) : REASONS[first];
}
