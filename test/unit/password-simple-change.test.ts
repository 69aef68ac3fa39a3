import fc from "fast-check";
import { expect, it, test } from "vitest";
import { contextWords } from "../../src/password/context-words.ts";
import { isMadeOf, toSkeleton } from "../../src/password/simple-change.ts";

const matches = (password: string, word: string) => isMadeOf(toSkeleton(password), [toSkeleton(word)]);

test.each([
  ["COUNTERSIGN", "case"],
  ["c0un+3r$!gn", "look-alikes"],
  ["C-o-u-n-t-e-r-s-i-g-n", "separators"],
  ["cöuntersígn", "accents"],
  ["ngisretnuoc", "backwards"],
  ["2026countersign!", "digits and symbols around"],
  ["countersigncountersign", "twice"],
])("%s is countersign with a simple change: %s", (password) => {
  expect(matches(password, "countersign")).toBe(true);
});

test.each([
  ["countersigner", "another letter"],
  ["my countersign", "another word"],
  ["countersign 48215903762", "eleven digits"],
  ["countersig", "a letter less"],
  ["", "nothing"],
])("%s is not: %s", (password) => {
  expect(matches(password, "countersign")).toBe(false);
});

it("ignores words under three signs", () => {
  expect(matches("an", "an")).toBe(false);
  expect(matches("!!!", "--")).toBe(false);
});

it("takes several words together", () => {
  const words = ["ann", "smith"].map(toSkeleton);
  expect(isMadeOf(toSkeleton("Smith.Ann.19900401"), words)).toBe(true);
  expect(isMadeOf(toSkeleton("Smith.Bea.19900401"), words)).toBe(false);
});

it("recognises words that overlap themselves in text longer than what is compared", () => {
  const words = Array.from({ length: 256 }, (_, index) => toSkeleton("\uFDFA".repeat(index)));
  expect(isMadeOf(toSkeleton("\uFDFA".repeat(256)), words)).toBe(true);
});

it("finds every word in itself, whatever surrounds it without letters", () => {
  const words = fc.string({ unit: fc.constantFrom(..."abcdelostz4@130é漢"), minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(words, fc.stringMatching(/^[0-9!-]{0,5}$/), (word, around) =>
      matches(`${around}${word}${around}`, word),
    ),
  );
});

it("splits an address into local part, its parts and the labels of the domain", () => {
  expect(contextWords(["Ann.Smith+shop@mail.example"])).toEqual([
    ...["countersign", "ann.smith+shop@mail.example", "ann.smith+shop", "mail.example"],
    ...["ann", "smith", "shop", "mail", "example"],
  ]);
});

it("always holds the service's own name", () => {
  expect(contextWords([])).toEqual(["countersign"]);
});
