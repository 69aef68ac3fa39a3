import { describe, expect, it } from "vitest";
import { LANES, type Lane } from "../../../src/domain/guess-budget.ts";
import type { Guess } from "../../../src/ports/store.ts";
import { DAY, fresh, NOW, OPEN_BUDGET, type StoreUnderTest } from "../fixtures.ts";

/** Older than what any other test has charged. */
const OLD = NOW - 400 * DAY;
const QUIET = { beforeMs: OLD + 1, suspendInRow: 33 };
const ALL = 100_000;

export function describePurgedBudgets(store: StoreUnderTest): void {
  const charge = async (subjectLookup: string, lane: Lane, nowMs = OLD, mark = "000000") => {
    const guess: Guess = { subjectLookup, lane, method: "totp", nowMs, mark };
    expect(await store().guessBudgets.take(guess, OPEN_BUDGET)).toBeGreaterThan(0);
  };
  const purge = (quiet = QUIET) => store().guessBudgets.purge("", ALL, quiet);
  const lanesOf = async (subjectLookup: string) =>
    (await store().guessBudgets.listOf(subjectLookup)).map(({ lane }) => lane);

  describe("guess budgets that are purged", () => {
    it("are those whose every lane had its last charge before", async () => {
      const [quiet, recent] = [fresh("lookup"), fresh("lookup")];
      for (const lane of LANES) await charge(quiet, lane);
      await charge(recent, "device");
      await charge(recent, "open", OLD + 1);
      await purge();
      expect([await lanesOf(quiet), await lanesOf(recent)]).toEqual([[], ["device", "open"]]);
    });

    it("are none with a suspended lane", async () => {
      const lookup = fresh("lookup");
      await charge(lookup, "proven", OLD, "000001");
      await charge(lookup, "proven", OLD, "000002");
      await purge({ ...QUIET, suspendInRow: 2 });
      expect(await lanesOf(lookup)).toEqual(["proven"]);
      await purge({ ...QUIET, suspendInRow: 3 });
      expect(await lanesOf(lookup)).toEqual([]);
    });

    it("keep whose codes they remember, and the last step", async () => {
      const [subjectLookup, authenticatorId] = [fresh("lookup"), fresh("au")];
      await store().guessBudgets.rememberCodes({ subjectLookup, authenticatorId, step: 7 });
      await charge(subjectLookup, "open");
      await purge();
      expect(await lanesOf(subjectLookup)).toEqual([]);
      const guess: Guess = { subjectLookup, lane: "open", method: "totp", nowMs: NOW, mark: "000003" };
      const takeWith = (step: number) => store().guessBudgets.take(guess, OPEN_BUDGET, { authenticatorId, step });
      expect([await takeWith(7), await takeWith(8)]).toEqual([1, 0]);
    });

    it("are looked at from a place on, and no more than asked for", async () => {
      const lookup = fresh("lookup");
      await charge(lookup, "open");
      expect(await store().guessBudgets.purge(`${lookup}:totp`, 1, QUIET)).toBe(1);
      expect(await lanesOf(lookup)).toEqual([]);
    });
  });
}
