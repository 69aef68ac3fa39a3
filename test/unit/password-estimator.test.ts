import fc from "fast-check";
import { beforeAll, describe, expect, it, test } from "vitest";
import { type Estimate, loadEstimator, SEEN_UNITS } from "../../src/password/estimator.ts";
import vectors from "../vectors/zxcvbn-scores.json" with { type: "json" };

let estimate: Estimate;
beforeAll(async () => {
  estimate = await loadEstimator();
});

describe("published scores", () => {
  test.each(vectors.upstreamExpected)("$password has the score and the guesses that upstream expects", (expected) => {
    const { score, guessesLog10, warning } = estimate(expected.password, []);
    expect(score).toBe(expected.score);
    expect(guessesLog10).toBeCloseTo(expected.guessesLog10, 6);
    expect(warning !== null).toBe(expected.hasWarning);
  });

  test.each(vectors.measured)("$password has the measured score", (expected) => {
    const { score, guessesLog10 } = estimate(expected.password, []);
    expect(score).toBe(expected.zxcvbn_ts_4_2_0);
    if (expected.password.length <= SEEN_UNITS) expect(guessesLog10).toBeCloseTo(expected.guessesLog10_ts, 5);
  });

  test.each(vectors.policyTraps)("$password has the measured score when nothing is known of the person", (expected) => {
    expect(estimate(expected.password, []).score).toBe(expected.zxcvbn_ts_4_2_0);
  });
});

describe("the estimator", () => {
  it("counts words from the request as guessed first", () => {
    expect(estimate("Countersign2026!", ["countersign"]).guessesLog10).toBeLessThan(8);
    expect(estimate("Zarquon-Smith-77", ["zarquon", "smith"]).guessesLog10).toBeLessThan(
      estimate("Zarquon-Smith-77", []).guessesLog10,
    );
  });

  it("forgets the words of one request before the next", () => {
    const before = estimate("zarquonette", []);
    estimate("zarquonette", ["zarquonette"]);
    expect(estimate("zarquonette", [])).toEqual(before);
  });

  it("marks whole passwords from the common list, in any case, and nothing longer", () => {
    expect(estimate("PassWord", []).common).toBe(true);
    expect(estimate("password and more of it", []).common).toBe(false);
  });

  it("never scores a password lower for what follows the part that is seen", () => {
    const seen = "gravel-otter-lantern-mosaic-7".repeat(3).slice(0, SEEN_UNITS);
    expect(estimate(`${seen}aaaaaaaaaaaaaaaa`, [])).toEqual(estimate(seen, []));
  });

  it("is not confused by the names that every object answers to", () => {
    for (const word of ["constructor", "__proto__", "c0nstruct0r", "rotcurtsnoc"]) {
      expect(estimate(word, []).guessesLog10).toBeLessThan(6);
      expect(estimate(word, ["a-context-word"]).guessesLog10).toBeLessThan(6);
    }
  });

  it("answers in full, and with numbers, whatever it is given", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.string({ unit: fc.constantFrom(..."aA4@1!|(nuv2\uD800\u0000"), maxLength: 80 }),
    );
    fc.assert(
      fc.property(anything, fc.array(fc.string({ unit: "binary" }), { maxLength: 4 }), (password, words) => {
        const { score, guessesLog10, crackTimes, suggestions } = estimate(password, words);
        expect([0, 1, 2, 3, 4]).toContain(score);
        expect(guessesLog10).toBeGreaterThanOrEqual(0);
        for (const { seconds, display } of Object.values(crackTimes)) {
          expect(Number.isFinite(seconds)).toBe(true);
          expect(display).not.toBe("");
        }
        expect(suggestions.every((text) => typeof text === "string")).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
