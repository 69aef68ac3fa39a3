import { START, type WordIndex } from "./word-index.ts";

/** A sign read as a letter that it looks like. */
export type LookAlike = Readonly<{ letter: string; substitution: string }>;

/** A word found in a text, from its first to its last UTF-16 unit. */
export type WordSpan = Readonly<{
  i: number;
  j: number;
  word: string;
  list: string;
  isSequence: boolean;
  rank: number;
  reversed: boolean;
  /** Look-alikes that had to be read as letters, each kind once; none for a word as it is written. */
  subs: readonly LookAlike[];
}>;

/** An index, and which of its lists count; all of them when not told. */
export type WordSource = Readonly<{ index: WordIndex; isWanted?: (list: number) => boolean }>;

export type LookAlikes = ReadonlyMap<string, readonly LookAlike[]>;

/**
 * Steps of reading look-alikes in one text. Ordinary text takes some hundreds; text made of look-alikes alone would take
 * a hundred times this, and by then has given away its words.
 */
const MAX_READING_STEPS = 20_000;

/** Look-alikes by their first sign, from a table of what each letter is written as. */
export function toLookAlikes(table: Readonly<Record<string, readonly string[]>>): LookAlikes {
  const all = Object.entries(table).flatMap(([letter, substitutions]) =>
    substitutions.map((substitution) => ({ letter, substitution })),
  );
  return Map.groupBy(all, ({ substitution }) => substitution.charAt(0));
}

/**
 * Every word in a text: as it is written, backwards, and with look-alikes read as letters. A word that several lists
 * hold is told once for each.
 */
export function findWords(text: string, source: WordSource, lookAlikes: LookAlikes): readonly WordSpan[] {
  const lower = lowerUnits(text);
  const spans: WordSpan[] = [];
  readForwards(lower, source, spans);
  readBackwards(lower, source, spans);
  if ([...lower].some((sign) => lookAlikes.has(sign))) readLookAlikes(lower, { source, lookAlikes, spans });
  return spans;
}

/** In lower case unit by unit, so that places stay places: a few signs would become two. */
function lowerUnits(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text
    .split("")
    .map((unit) => (unit.toLowerCase().length === 1 ? unit.toLowerCase() : unit))
    .join("");
}

function readForwards(text: string, source: WordSource, spans: WordSpan[]): void {
  for (let i = 0; i < text.length; i += 1) {
    let place = START;
    for (let j = i; j < text.length; j += 1) {
      place = source.index.step(place, text.charCodeAt(j));
      if (place === 0) break;
      note(spans, source, place, () => ({ i, j, word: text.slice(i, j + 1), reversed: false, subs: [] }));
    }
  }
}

function readBackwards(text: string, source: WordSource, spans: WordSpan[]): void {
  for (let j = text.length - 1; j >= 0; j -= 1) {
    let place = START;
    for (let i = j; i >= 0; i -= 1) {
      place = source.index.step(place, text.charCodeAt(i));
      if (place === 0) break;
      note(spans, source, place, () => ({ i, j, word: backwards(text.slice(i, j + 1)), reversed: true, subs: [] }));
    }
  }
}

type Reading = Readonly<{ source: WordSource; lookAlikes: LookAlikes; spans: WordSpan[] }>;

/** From every unit, all ways of reading on that some word begins with. One sign read as a letter is no word. */
function readLookAlikes(text: string, { source, lookAlikes, spans }: Reading): void {
  let stepsLeft = MAX_READING_STEPS;
  const readOn = (i: number, at: number, place: number, so: Readonly<{ word: string; subs: readonly LookAlike[] }>) => {
    stepsLeft -= 1;
    if (at > i + 1 && so.subs.length > 0) note(spans, source, place, () => ({ i, j: at - 1, reversed: false, ...so }));
    if (at === text.length || stepsLeft <= 0) return;
    for (const alike of lookAlikes.get(text.charAt(at)) ?? []) {
      if (!text.startsWith(alike.substitution, at)) continue;
      const next = source.index.step(place, alike.letter.charCodeAt(0));
      const subs = so.subs.includes(alike) ? so.subs : [...so.subs, alike];
      if (next !== 0) readOn(i, at + alike.substitution.length, next, { word: so.word + alike.letter, subs });
    }
    const next = source.index.step(place, text.charCodeAt(at));
    if (next !== 0) readOn(i, at + 1, next, { word: so.word + text.charAt(at), subs: so.subs });
  };
  for (let i = 0; i < text.length; i += 1) readOn(i, i, START, { word: "", subs: [] });
}

type Found = Pick<WordSpan, "i" | "j" | "word" | "reversed" | "subs">;

function note(spans: WordSpan[], { index, isWanted }: WordSource, place: number, found: () => Found): void {
  for (const { list, rank } of index.entriesAt(place)) {
    if (isWanted?.(list) === false) continue;
    const { name = "", isSequence = false } = index.lists[list] ?? {};
    spans.push({ ...found(), list: name, isSequence, rank });
  }
}

function backwards(text: string): string {
  return text.split("").reverse().join("");
}
