import fc from "fast-check";
import { expect, it, test } from "vitest";
import { createWordIndex, START, type WordIndex } from "../../src/password/word-index.ts";
import { matchWords } from "../../src/password/word-matcher.ts";
import { findWords, toLookAlikes } from "../../src/password/word-spans.ts";

const LOOK_ALIKES = toLookAlikes({ a: ["4", "@"], o: ["0", "()"], l: ["1"], i: ["1"], n: ["//"] });

function indexOf(...words: readonly string[]): WordIndex {
  const index = createWordIndex(2);
  index.add({ name: "words", words, isSequence: false });
  return index;
}

function placeOf(index: WordIndex, word: string): number {
  return word.split("").reduce((place, unit) => index.step(place, unit.charCodeAt(0)), START);
}

const found = (text: string, index: WordIndex) =>
  findWords(text, { index }, LOOK_ALIKES).map(({ i, j, word, reversed, subs }) => ({
    i,
    j,
    word,
    reversed,
    subs: subs.length,
  }));

it("holds every word with its rank in every list, and nothing else", () => {
  const words = fc.uniqueArray(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).map((word) => word.toLowerCase()),
  );
  fc.assert(
    fc.property(words, words, (first, second) => {
      const index = createWordIndex(2);
      index.add({ name: "first", words: first, isSequence: false });
      index.add({ name: "second", words: second, isSequence: false });
      for (const word of [...first, ...second, "no-such-word-anywhere"]) {
        const expected = [first, second].flatMap((list, number) =>
          list.includes(word) ? [{ list: number, rank: list.indexOf(word) + 1 }] : [],
        );
        const entries = index.entriesAt(placeOf(index, word)).toSorted((a, b) => a.list - b.list);
        expect(entries).toEqual(expected);
      }
    }),
    { numRuns: 50 },
  );
});

test("words are found forwards, backwards, and through look-alikes of one sign and of two", () => {
  const index = indexOf("lion", "ion");
  expect(found("lion", index)).toEqual([
    { i: 0, j: 3, word: "lion", reversed: false, subs: 0 },
    { i: 1, j: 3, word: "ion", reversed: false, subs: 0 },
  ]);
  expect(found("noil", index)).toContainEqual({ i: 0, j: 3, word: "lion", reversed: true, subs: 0 });
  expect(found("L1()N", index)).toContainEqual({ i: 0, j: 4, word: "lion", reversed: false, subs: 2 });
  expect(found("110//", index)).toContainEqual({ i: 0, j: 4, word: "lion", reversed: false, subs: 4 });
});

test("places stay places when a sign becomes two in lower case", () => {
  expect(found("İlion", indexOf("lion"))).toEqual([{ i: 1, j: 4, word: "lion", reversed: false, subs: 0 }]);
});

test("of several readings of the same part, the one that is guessed first counts", () => {
  const index = createWordIndex();
  index.add({ name: "late", words: ["x", "y", "z", "noon"], isSequence: false });
  index.add({ name: "early", words: ["noon"], isSequence: false });
  const matches = matchWords("noon", [{ index }], LOOK_ALIKES);
  expect(matches).toEqual([expect.objectContaining({ i: 0, j: 3, rank: 1, dictionaryName: "early", reversed: false })]);
});

test("a list that is not wanted is not seen", () => {
  const index = createWordIndex();
  index.add({ name: "mine", words: ["lion"], isSequence: false });
  const other = index.add({ name: "other", words: ["lionheart"], isSequence: false });
  const source = { index, isWanted: (list: number) => list !== other };
  expect(findWords("lionheart", source, LOOK_ALIKES).map(({ word }) => word)).toEqual(["lion"]);
});

test("words of one order that follow each other are a sequence, with separators between them or none", () => {
  const index = createWordIndex();
  index.add({ name: "numbers", words: ["one", "two", "three"], isSequence: true });
  for (const text of ["onetwothree", "one-two-three", "Three_Two.One"]) {
    const runs = matchWords(text, [{ index }], LOOK_ALIKES).filter(({ pattern }) => pattern === "wordSequence");
    expect(runs.map(({ wordCount }) => wordCount)).toEqual([3, 2]);
  }
  const apart = matchWords("one, then two", [{ index }], LOOK_ALIKES);
  expect(apart.some(({ pattern }) => pattern === "wordSequence")).toBe(false);
});

it("takes a bounded time for text made of look-alikes alone", () => {
  const words = Array.from({ length: 5_000 }, (_, number) =>
    number.toString(2).padStart(16, "0").replaceAll("0", "o").replaceAll("1", "l"),
  );
  const spans = findWords("01".repeat(32), { index: indexOf(...words, "i".repeat(60), "l".repeat(60)) }, LOOK_ALIKES);
  expect(spans.length).toBeLessThan(20_000);
});
