import fc from "fast-check";
import { beforeAll, describe, expect, it, test } from "vitest";
import { type Estimate, loadEstimator, SEEN_UNITS } from "../../src/password/estimator.ts";
import type { PasswordLanguage } from "../../src/ports/password-estimator.ts";
import vectors from "../vectors/zxcvbn-scores.json" with { type: "json" };

let loaded: Estimate;
beforeAll(async () => {
  loaded = await loadEstimator();
}, 60_000);

const estimate = (password: string, words: readonly string[] = [], language: PasswordLanguage = "en") =>
  loaded({ password, words, language });

describe("published scores", () => {
  test.each(vectors.upstreamExpected)(
    "$password has the score and the guesses that upstream expects",
    async (expected) => {
      const { score, guessesLog10, warning } = await estimate(expected.password);
      expect(score).toBe(expected.score);
      expect(guessesLog10).toBeCloseTo(expected.guessesLog10, 6);
      expect(warning !== null).toBe(expected.hasWarning);
    },
  );

  test.each(vectors.measured)("$password has the measured score", async (expected) => {
    const { score, guessesLog10 } = await estimate(expected.password);
    expect(score).toBe(expected.zxcvbn_ts_4_2_0);
    if (expected.password.length <= SEEN_UNITS) expect(guessesLog10).toBeCloseTo(expected.guessesLog10_ts, 5);
  });

  test.each(vectors.policyTraps)(
    "$password has the measured score when nothing is known of the person",
    async (expected) => {
      expect((await estimate(expected.password)).score).toBe(expected.zxcvbn_ts_4_2_0);
    },
  );
});

describe("the estimator", () => {
  it("counts words from the request as guessed first", async () => {
    expect((await estimate("Countersign2026!", ["countersign"])).guessesLog10).toBeLessThan(8);
    expect((await estimate("Zarquon-Smith-77", ["zarquon", "smith"])).guessesLog10).toBeLessThan(
      (await estimate("Zarquon-Smith-77")).guessesLog10,
    );
  });

  it("forgets the words of one request before the next", async () => {
    const before = await estimate("zarquonette");
    await estimate("zarquonette", ["zarquonette"]);
    expect(await estimate("zarquonette")).toEqual(before);
  });

  it("marks whole passwords from the common list, in any case, and nothing longer", async () => {
    expect((await estimate("PassWord")).common).toBe(true);
    expect((await estimate("password and more of it")).common).toBe(false);
  });

  it("never scores a password lower for what follows the part that is seen", async () => {
    const seen = "gravel-otter-lantern-mosaic-7".repeat(3).slice(0, SEEN_UNITS);
    expect(await estimate(`${seen}aaaaaaaaaaaaaaaa`)).toEqual(await estimate(seen));
  });

  it("is not confused by the names that every object answers to", async () => {
    const plain = await estimate("constructor");
    expect(plain.guessesLog10).toBeLessThan(6);
    for (const word of ["__proto__", "c0nstruct0r", "rotcurtsnoc"]) {
      expect(Number.isFinite((await estimate(word, ["a-context-word"])).guessesLog10)).toBe(true);
    }
    expect((await estimate("__proto__", ["__proto__"])).guessesLog10).toBeLessThan(2);
  });

  it("answers in full, and with numbers, whatever it is given", async () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.string({ unit: fc.constantFrom(..."aA4@1!|(nuv2\uD800\u0000İẞ"), maxLength: 80 }),
    );
    const languages = fc.constantFrom<PasswordLanguage>("en", "de");
    await fc.assert(
      fc.asyncProperty(
        anything,
        fc.array(fc.string({ unit: "binary" }), { maxLength: 4 }),
        languages,
        async (password, words, language) => {
          const { score, guessesLog10, crackTimes, suggestions } = await estimate(password, words, language);
          expect([0, 1, 2, 3, 4]).toContain(score);
          expect(guessesLog10).toBeGreaterThanOrEqual(0);
          for (const { seconds, display } of Object.values(crackTimes)) {
            expect(Number.isFinite(seconds)).toBe(true);
            expect(display).not.toBe("");
          }
          expect(suggestions.every((text) => typeof text === "string")).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);
});

describe("languages", () => {
  test.each([
    ["de", "Schmetterlinge", "weniger als eine Sekunde"],
    ["fr", "bibliothécaire", "moins d'une seconde"],
    ["es", "murciélagos", "menos de un segundo"],
    ["it", "meravigliosa", "meno di un secondo"],
  ] as const)(
    "%s: a word of the language takes fewer guesses than in English, and texts are in it",
    async (language, word, instant) => {
      const own = await estimate(word, [], language);
      expect(own.guessesLog10).toBeLessThan((await estimate(word)).guessesLog10);
      expect(own.crackTimes.offlineFastHash.display).toBe(instant);
      expect(own.suggestions).not.toEqual((await estimate(word)).suggestions);
    },
  );

  it("answers for one language as before, whichever others were loaded meanwhile", async () => {
    const before = await estimate("Schmetterling-meravigliosa-77");
    await Promise.all((["de", "fr", "es", "it"] as const).map((language) => estimate("any", [], language)));
    expect(await estimate("Schmetterling-meravigliosa-77")).toEqual(before);
    const alone = await loadEstimator();
    expect(await alone({ password: "Schmetterling", words: [], language: "de" })).toEqual(
      await estimate("Schmetterling", [], "de"),
    );
  }, 60_000);

  it("knows the keyboards of several countries", async () => {
    for (const keys of ["qwertzuiopü", "azertyuiop^", "aoeuidhtns-"]) {
      expect((await estimate(`${keys}`)).guessesLog10).toBeLessThan(8);
    }
  });
});
