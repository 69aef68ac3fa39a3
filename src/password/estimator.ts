import { type MatcherConstructor, type Options, ZxcvbnFactory, type ZxcvbnResult } from "@zxcvbn-ts/core";
import type { CrackTimes, PasswordEstimate } from "../ports/password-estimator.ts";

/**
 * What the estimator sees of a password, in UTF-16 units. Its cost grows with the square of the length, and a password
 * that 64 units do not make strong is no passphrase. The rest counts as adding nothing, so a longer password with the
 * same start gets the same score, never a lower one.
 */
export const SEEN_UNITS = 64;

/**
 * Readings of look-alikes ("@" for "a") tried, times the square of the length: 40 at 12 units, 5 at 32, one at 64. Each
 * reading scans all dictionaries again, and 34 is what "P@ssw0rd123!" needs to be read right.
 */
const LOOK_ALIKE_WORK = 5760;
const MAX_READINGS = 64;

/** Words guessed first: no more than this many, and none longer than what is seen. */
const MAX_WORDS = 64;
const MIN_WORD_UNITS = 3;

export type Estimate = (password: string, words: readonly string[]) => PasswordEstimate;

/**
 * Loads the common and the English dictionaries (some 150 ms, 60 MB) and answers with the estimator: a pure function,
 * some milliseconds a call for whatever it is given, which never throws and keeps nothing. On a server it belongs into
 * a thread of its own.
 */
export async function loadEstimator(): Promise<Estimate> {
  const [common, english] = await Promise.all([import("@zxcvbn-ts/language-common"), import("@zxcvbn-ts/language-en")]);
  const { factory, options } = buildFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
  const commonPasswords = new Set(common.dictionary["passwords-common"]);
  return (password, words) => {
    const seen = firstUnits(password);
    options.l33tMaxSubstitutions = readingsFor(seen.length);
    return toEstimate(factory.check(seen, usableWords(words)), commonPasswords.has(password.toLowerCase()));
  };
}

/** The package shows its options to matchers only, so a matcher that matches nothing fetches them. */
function buildFactory(settings: ConstructorParameters<typeof ZxcvbnFactory>[0]): {
  factory: ZxcvbnFactory;
  options: Options;
} {
  let found: Options | undefined;
  class OptionsHolder {
    constructor(options: Options) {
      found = options;
    }
    match() {
      return [];
    }
  }
  // The base class that the type asks for is declared by the package but not exported at run time.
  const Matching = OptionsHolder as unknown as MatcherConstructor;
  const holder = { Matching, feedback: () => null, scoring: () => 0 };
  const factory = new ZxcvbnFactory(settings, { holder });
  if (found === undefined) throw new Error("the estimator's options cannot be reached");
  hideObjectMembers(found);
  return { factory, options: found };
}

/**
 * Dictionaries are plain objects in the package, so "constructor" and "__proto__" would be found in each of them with a
 * rank that is no number. They lose their prototype; the dictionary of words from the request is copied from one where
 * these two are words of an ordinary, late rank.
 */
function hideObjectMembers(options: Options): void {
  for (const dictionary of Object.values(options.rankedDictionaries)) Object.setPrototypeOf(dictionary, null);
  const lateRank = { value: 30_000, enumerable: true };
  const members: Record<string, number> = Object.create(null);
  options.rankedDictionaries.userInputs = Object.defineProperties(members, {
    constructor: lateRank,
    ["__proto__"]: lateRank,
  });
}

function firstUnits(password: string): string {
  const seen = password.slice(0, SEEN_UNITS);
  return seen.isWellFormed() ? seen : seen.slice(0, -1);
}

function readingsFor(units: number): number {
  return Math.max(1, Math.min(MAX_READINGS, Math.floor(LOOK_ALIKE_WORK / units ** 2)));
}

function usableWords(words: readonly string[]): string[] {
  return words.filter((word) => word.length >= MIN_WORD_UNITS && word.length <= SEEN_UNITS).slice(0, MAX_WORDS);
}

function toEstimate(result: ZxcvbnResult, common: boolean): PasswordEstimate {
  const { score, guessesLog10, feedback } = result;
  const { warning, suggestions } = feedback;
  return {
    score,
    guessesLog10,
    crackTimes: toCrackTimes(result.crackTimes),
    warning,
    suggestions,
    common,
  };
}

function toCrackTimes(times: ZxcvbnResult["crackTimes"]): CrackTimes {
  return {
    onlineThrottled: toCrackTime(times.onlineThrottlingXPerHour),
    onlineUnthrottled: toCrackTime(times.onlineNoThrottlingXPerSecond),
    offlineSlowHash: toCrackTime(times.offlineSlowHashingXPerSecond),
    offlineFastHash: toCrackTime(times.offlineFastHashingXPerSecond),
  };
}

function toCrackTime({ seconds, display }: { seconds: number; display: string }): CrackTimes[keyof CrackTimes] {
  return { seconds, display };
}
