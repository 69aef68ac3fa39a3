import {
  type MatcherConstructor,
  type Options,
  type OptionsGraph,
  type TranslationKeys,
  ZxcvbnFactory,
  type ZxcvbnResult,
} from "@zxcvbn-ts/core";
import type { CrackTimes, EstimateInput, PasswordEstimate, PasswordLanguage } from "../ports/password-estimator.ts";
import { LOAD_LANGUAGE, listsOf } from "./languages.ts";
import { createWordIndex, START, type WordIndex, type WordList } from "./word-index.ts";
import { matchWords } from "./word-matcher.ts";
import { type LookAlikes, toLookAlikes, type WordSource } from "./word-spans.ts";

/**
 * What the estimator sees of a password, in UTF-16 units. Its cost grows with the square of the length, and a password
 * that 64 units do not make strong is no passphrase. The rest counts as adding nothing, so a longer password with the
 * same start gets the same score, never a lower one.
 */
export const SEEN_UNITS = 64;

/** Words guessed first: no more than this many, and none longer than what is seen. */
const MAX_WORDS = 64;
const MIN_WORD_UNITS = 3;

/** Steps of the common and the English words together, so that the index need not grow while they load. */
const EXPECTED_STEPS = 700_000;

export type Estimate = (input: EstimateInput) => Promise<PasswordEstimate>;

/**
 * Loads the common and the English words and answers with the estimator, some milliseconds a call for whatever it is
 * given, which keeps nothing of it. Another language is loaded at its first call, which rejects when that fails. On a
 * server it belongs into a thread of its own.
 */
export async function loadEstimator(): Promise<Estimate> {
  const common = await import("@zxcvbn-ts/language-common");
  const vocabulary = await createVocabulary(listsOf(common.dictionary));
  const english = await vocabulary.load("en");
  const { check, options } = createChecker(common.adjacencyGraphs, english.translations);
  return async ({ password, words, language }) => {
    const { translations, isWanted } = await vocabulary.load(language);
    options.translations = translations;
    const sources = [{ index: vocabulary.index, isWanted }, { index: ownWords(words) }];
    return toEstimate(check(firstUnits(password), sources), vocabulary.isCommon(password.toLowerCase()));
  };
}

type Vocabulary = Readonly<{
  index: WordIndex;
  /** Puts a language's words into the index, once. */
  load: (
    language: PasswordLanguage,
  ) => Promise<Readonly<{ translations: TranslationKeys; isWanted: (list: number) => boolean }>>;
  isCommon: (text: string) => boolean;
}>;

/** One index for all languages. A request sees the common lists, the English ones, and those of its own language. */
async function createVocabulary(common: readonly WordList[]): Promise<Vocabulary> {
  const index = createWordIndex(EXPECTED_STEPS);
  const shared = await addAll(index, common);
  const passwords = common.findIndex(({ name }) => name.startsWith("passwords"));
  const loads = new Map<PasswordLanguage, ReturnType<Vocabulary["load"]>>();
  const load = async (language: PasswordLanguage) => {
    const { dictionary, translations } = await LOAD_LANGUAGE[language]();
    const own = await addAll(index, listsOf(dictionary));
    if (language === "en") for (const list of own) shared.add(list);
    return { translations, isWanted: (list: number) => shared.has(list) || own.has(list) };
  };
  return {
    index,
    load: (language) => {
      const loading = loads.get(language) ?? load(language);
      loads.set(language, loading);
      loading.catch(() => loads.delete(language));
      return loading;
    },
    isCommon: (text) => {
      let place = START;
      for (let at = 0; at < text.length && place !== 0; at += 1) place = index.step(place, text.charCodeAt(at));
      return index.entriesAt(place).some(({ list }) => list === passwords);
    },
  };
}

/** List by list, with turns for others between them: in a browser it is the page's own thread that does it. */
async function addAll(index: WordIndex, lists: readonly WordList[]): Promise<Set<number>> {
  const numbers = new Set<number>();
  for (const list of lists) {
    numbers.add(index.add(list));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return numbers;
}

type Check = (password: string, sources: readonly WordSource[]) => ZxcvbnResult;

/**
 * The package's scoring and its other matchers, with our own matcher of words in place of its: it is handed no
 * dictionary. It shows its options to matchers only, so ours is where they are got from.
 */
function createChecker(graphs: OptionsGraph, translations: TranslationKeys): { check: Check; options: Options } {
  let options: Options | undefined;
  let lookAlikes: LookAlikes | undefined;
  let sources: readonly WordSource[] = [];
  class WordMatching {
    constructor(given: Options) {
      options = given;
      lookAlikes ??= toLookAlikes(given.l33tTable);
    }
    match({ password }: Readonly<{ password: string }>) {
      return lookAlikes ? [...matchWords(password, sources, lookAlikes)] : [];
    }
  }
  // The base class that the type asks for is declared by the package but not exported at run time.
  const Matching = WordMatching as unknown as MatcherConstructor;
  const words = { Matching, feedback: () => null, scoring: () => 0 };
  const factory = new ZxcvbnFactory({ graphs, translations, l33tMaxSubstitutions: 0 }, { words });
  if (options === undefined) throw new Error("the estimator's options cannot be reached");
  const check: Check = (password, given) => {
    sources = given;
    return factory.check(password);
  };
  return { check, options };
}

function firstUnits(password: string): string {
  const seen = password.slice(0, SEEN_UNITS);
  return seen.isWellFormed() ? seen : seen.slice(0, -1);
}

/** The words of one request, most guessable first, which no other request sees. */
function ownWords(words: readonly string[]): WordIndex {
  const usable = words.filter((word) => word.length >= MIN_WORD_UNITS && word.length <= SEEN_UNITS).slice(0, MAX_WORDS);
  const index = createWordIndex();
  index.add({ name: "userInputs", words: usable, isSequence: false });
  return index;
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
