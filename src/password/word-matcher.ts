import type { DictionaryMatch, WordSequenceMatch } from "@zxcvbn-ts/core";
import { findWords, type LookAlike, type LookAlikes, type WordSource, type WordSpan } from "./word-spans.ts";

/** Every word of this list is as likely as any other, so its rank says nothing. */
const EVEN_LIST = /^diceware/;
const SEPARATORS = ["", " ", "-", "_", "."];

/**
 * The words in a password as the estimator's scoring takes them: of every part the likeliest readings only, and words
 * of one order that follow each other ("onetwothree").
 */
export function matchWords(
  password: string,
  sources: readonly WordSource[],
  lookAlikes: LookAlikes,
): readonly (DictionaryMatch | WordSequenceMatch)[] {
  const spans = sources.flatMap((source) => findWords(password, source, lookAlikes));
  return [
    ...likeliest(spans, password).map((span) => toMatch(span, password)),
    ...sequences(spans, password).map((words) => toSequence(words, password)),
  ];
}

/** Of all readings of the same part, the one that takes the fewest guesses, and one of the list without ranks. */
function likeliest(spans: readonly WordSpan[], password: string): readonly WordSpan[] {
  const best = new Map<string, Readonly<{ span: WordSpan; guesses: number }>>();
  for (const span of spans) {
    const isEven = EVEN_LIST.test(span.list);
    const guesses = isEven ? 1 : guessesOf(span, password.slice(span.i, span.j + 1).toLowerCase());
    const key = `${span.i} ${span.j} ${isEven}`;
    if (guesses < (best.get(key)?.guesses ?? Number.POSITIVE_INFINITY)) best.set(key, { span, guesses });
  }
  return [...best.values()].map(({ span }) => span);
}

/** What the scoring will make of it, but for capitals, which all readings of a part share. */
function guessesOf({ rank, reversed, subs }: WordSpan, token: string): number {
  return subs.reduce((guesses, sub) => guesses * waysToWrite(sub, token), rank * (reversed ? 2 : 1));
}

function waysToWrite({ letter, substitution }: LookAlike, token: string): number {
  const swapped = token.split(substitution).length - 1;
  const plain = token.split(letter).length - 1;
  if (swapped === 0 || plain === 0) return 2;
  let ways = 0;
  for (let some = 1; some <= Math.min(swapped, plain); some += 1) ways += choose(swapped + plain, some);
  return ways;
}

function choose(all: number, some: number): number {
  let ways = 1;
  for (let index = 1; index <= some; index += 1) ways = (ways * (all - some + index)) / index;
  return ways;
}

function toMatch({ i, j, word, list, rank, reversed, subs }: WordSpan, password: string): DictionaryMatch {
  return {
    pattern: "dictionary",
    i,
    j,
    token: password.slice(i, j + 1),
    matchedWord: word,
    rank,
    dictionaryName: list,
    reversed,
    l33t: subs.length > 0,
    subs,
  };
}

/** Runs of two words and more, from each of their words on. */
function sequences(spans: readonly WordSpan[], password: string): readonly (readonly WordSpan[])[] {
  const words = withoutOverlap(spans.filter(({ isSequence }) => isSequence));
  return words.flatMap((_, start) => {
    const rest = words.slice(start);
    const end = rest.findIndex((word, index) => index > 0 && !follows(rest[index - 1], word, password));
    const run = end === -1 ? rest : rest.slice(0, end);
    return run.length > 1 ? [run] : [];
  });
}

/** The first word from each place, the shortest, and that as it is written before other readings. */
function withoutOverlap(spans: readonly WordSpan[]): readonly WordSpan[] {
  const ordered = spans.toSorted(
    (a, b) =>
      a.i - b.i ||
      a.j - b.j ||
      Number(a.reversed) - Number(b.reversed) ||
      a.subs.length - b.subs.length ||
      a.rank - b.rank,
  );
  const kept: WordSpan[] = [];
  for (const span of ordered) if (span.i > (kept.at(-1)?.j ?? -1)) kept.push(span);
  return kept;
}

function follows(before: WordSpan | undefined, after: WordSpan, password: string): boolean {
  const between = password.slice((before?.j ?? -1) + 1, after.i);
  return SEPARATORS.includes(between) || /^\p{Lu}$/u.test(between);
}

function toSequence(words: readonly WordSpan[], password: string): WordSequenceMatch {
  const i = words[0]?.i ?? 0;
  const j = words.at(-1)?.j ?? i;
  const ascending = words.every(({ rank }, index) => rank >= (words[index - 1]?.rank ?? 0));
  return {
    pattern: "wordSequence",
    i,
    j,
    token: password.slice(i, j + 1),
    words: words.map(({ word }) => word),
    wordCount: words.length,
    dictionaryName: words[0]?.list ?? "",
    ascending,
  };
}
