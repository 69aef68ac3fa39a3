import type { PasswordPolicy } from "../domain/realm.ts";
import type { BreachIndex, BreachReport } from "../ports/breach-index.ts";
import type {
  CrackTime,
  CrackTimes,
  PasswordEstimate,
  PasswordEstimator,
  PasswordLanguage,
  PasswordScore,
} from "../ports/password-estimator.ts";
import { ADVICE_TEXTS, type AdviceText } from "./advice-texts.ts";
import { sha1Hex } from "./bundled-breach-index.ts";
import { contextWords } from "./context-words.ts";
import { NOTORIOUS_PASSWORDS } from "./notorious-passwords.ts";
import { MAX_PASSWORD_LENGTH, readPassword } from "./password-text.ts";
import { isMadeOf, toSkeleton } from "./simple-change.ts";
import type { PasswordViolation } from "./violations.ts";

/** Whether the password is all there is, or a second factor is always asked for as well. */
export type PasswordUse = "single_factor" | "with_second_factor";

/** What there is to say about a password. Acceptable means: no violations. Nothing in it quotes the password. */
export type PasswordAssessment = Readonly<{
  acceptable: boolean;
  violations: readonly PasswordViolation[];
  score: PasswordScore;
  guessesLog10: number;
  crackTimes: CrackTimes;
  /** In the language asked for: why (a sentence), what would be better, and what to do now (a sentence). */
  feedback: Readonly<{ warning: string | null; suggestions: readonly string[]; advice: string | null }>;
  breach: BreachReport;
}>;

export type AssessPasswordDeps = Readonly<{
  estimator: PasswordEstimator;
  breaches: Pick<BreachIndex, "lookUp">;
}>;

/** `context`: what an attacker would try first, such as user name, e-mail address, names of the application. */
export type AssessPasswordInput = Readonly<{
  password: string;
  context: readonly string[];
  use: PasswordUse;
  policy: PasswordPolicy;
  language: PasswordLanguage;
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
  if (!read.ok) return refuseUnread(read.violation, input);
  const words = contextWords(input.context);
  const { policy, language } = input;
  const [estimate, breach] = await Promise.all([
    deps.estimator.estimate({ password: read.text, words: [...words, ...policy.bannedWords], language }),
    sha1Hex(read.text).then(deps.breaches.lookUp),
  ]);
  const skeleton = toSkeleton(read.text);
  const violations = thoseThatHold([
    ["too_short", read.length < minLength(input)],
    ["common_password", estimate.common || isMadeOf(skeleton, NOTORIOUS_PASSWORDS)],
    ["breached", breach.status === "found" && (breach.count ?? Number.POSITIVE_INFINITY) >= policy.breachedFrom],
    ["context_word", isMadeOf(skeleton, words.map(toSkeleton))],
    ["banned_word", isMadeOf(skeleton, policy.bannedWords.map(toSkeleton))],
    ["too_guessable", estimate.guessesLog10 < policy.minGuessesLog10],
  ]);
  return describe(violations, { input, estimate, breach });
}

const NO_TIME: CrackTime = { seconds: 0, display: "less than a second" };
const NO_TIMES: CrackTimes = {
  onlineThrottled: NO_TIME,
  onlineUnthrottled: NO_TIME,
  offlineSlowHash: NO_TIME,
  offlineFastHash: NO_TIME,
};

function refuseUnread(violation: "too_long" | "not_text", input: AssessPasswordInput): PasswordAssessment {
  const { reason, advice } = textsFor(violation, input);
  return {
    acceptable: false,
    violations: [violation],
    score: 0,
    guessesLog10: 0,
    crackTimes: NO_TIMES,
    feedback: { warning: reason, suggestions: [], advice },
    breach: { status: "unavailable" },
  };
}

function minLength({ use, policy }: AssessPasswordInput): number {
  return use === "with_second_factor" ? policy.minLengthWithSecondFactor : policy.minLengthSingleFactor;
}

function thoseThatHold(claims: readonly (readonly [PasswordViolation, boolean])[]): readonly PasswordViolation[] {
  return claims.filter(([, holds]) => holds).map(([violation]) => violation);
}

type Judged = Readonly<{ input: AssessPasswordInput; estimate: PasswordEstimate; breach: BreachReport }>;

function describe(violations: readonly PasswordViolation[], { input, estimate, breach }: Judged): PasswordAssessment {
  const { score, guessesLog10, crackTimes, suggestions } = estimate;
  const [first] = violations;
  const texts = first && textsFor(first, input);
  // The estimator knows best why something is guessable; for the other violations the rule is the reason.
  const isRule = first !== undefined && first !== "too_guessable";
  const warning = isRule ? texts?.reason : (estimate.warning ?? texts?.reason);
  return {
    acceptable: violations.length === 0,
    violations,
    score,
    guessesLog10,
    crackTimes,
    feedback: { warning: warning ?? null, suggestions, advice: texts?.advice ?? null },
    breach,
  };
}

function textsFor(violation: PasswordViolation, input: AssessPasswordInput): AdviceText {
  const { reason, advice } = ADVICE_TEXTS[input.language][violation];
  const count = String(violation === "too_long" ? MAX_PASSWORD_LENGTH : minLength(input));
  return { reason: reason.replace("{count}", count), advice: advice.replace("{count}", count) };
}
