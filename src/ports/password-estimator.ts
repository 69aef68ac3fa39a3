/** 0: under 10³ guesses, 1: under 10⁶, 2: under 10⁸, 3: under 10¹⁰, 4: more. */
export type PasswordScore = 0 | 1 | 2 | 3 | 4;

/** Whose words are known, and in which language advice is given. */
export type PasswordLanguage = "en" | "de" | "fr" | "es" | "it";

/** How long guessing takes: seconds, and the same in words. */
export type CrackTime = Readonly<{ seconds: number; display: string }>;

/** At 100 guesses an hour, 10 a second, 10⁴ a second (slow hash, stolen) and 10¹⁰ a second (fast hash, stolen). */
export type CrackTimes = Readonly<{
  onlineThrottled: CrackTime;
  onlineUnthrottled: CrackTime;
  offlineSlowHash: CrackTime;
  offlineFastHash: CrackTime;
}>;

/** How many guesses a password withstands, and what would make it better. Texts are in the language asked for and never quote the password. */
export type PasswordEstimate = Readonly<{
  score: PasswordScore;
  guessesLog10: number;
  crackTimes: CrackTimes;
  warning: string | null;
  suggestions: readonly string[];
  /** The whole password, in any case, is on the list of common passwords. */
  common: boolean;
}>;

/** `words` are guessed first: names of the person, of the service and the like. */
export type EstimateInput = Readonly<{ password: string; words: readonly string[]; language: PasswordLanguage }>;

/** Rejects only with PasswordEstimatorError. */
export type PasswordEstimator = Readonly<{ estimate: (input: EstimateInput) => Promise<PasswordEstimate> }>;

/** Why no estimate could be made: too many waiting, too slow, the estimator broke, or it was closed. */
export type PasswordEstimatorFault = "busy" | "timeout" | "broken" | "closed";

/** An outage of the estimator. It has no cause attached, since what failed may hold the password. */
export class PasswordEstimatorError extends Error {
  readonly fault: PasswordEstimatorFault;

  constructor(fault: PasswordEstimatorFault) {
    super(`password estimator unavailable: ${fault}`);
    this.name = "PasswordEstimatorError";
    this.fault = fault;
  }
}
