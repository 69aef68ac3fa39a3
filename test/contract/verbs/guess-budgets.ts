import { describe, expect, it } from "vitest";
import { GUESSABLE_METHODS, LANES } from "../../../src/domain/guess-budget.ts";
import type { BudgetPolicy } from "../../../src/domain/realm.ts";
import type { Guess } from "../../../src/ports/store.ts";
import {
  DAY,
  fresh,
  MINUTE,
  NOW,
  OPEN_BUDGET,
  race,
  type StoreUnderTest,
  UNLIMITED,
  winners,
  write,
} from "../fixtures.ts";

const SECOND = 1000;
const CLEAN = { lane: "open", method: "totp", wrongInRow: 0, waitUntilMs: 0 };

export function describeGuessBudgets(store: StoreUnderTest): void {
  describe("guess budgets", () => {
    describeParallelGuesses(store);
    describeWaits(store);
    describeWindows(store);
    describeSuspension(store);
    describeGivingBack(store);
    describeLanes(store);
  });
}

type Where = Pick<Guess, "subjectLookup" | "lane" | "method">;

/** Somebody guessing: each guess with a mark of its own. */
function guesser(store: StoreUnderTest, policy: BudgetPolicy, over: Partial<Where> = {}) {
  const where: Where = { subjectLookup: fresh("lookup"), lane: "open", method: "totp", ...over };
  let count = 0;
  const at = (nowMs: number): Guess => ({ ...where, nowMs, mark: (count++).toString(16).padStart(6, "0") });
  const take = (guess: Guess) => store().guessBudgets.take(guess, policy);
  return {
    at,
    take: (nowMs: number) => take(at(nowMs)),
    takeExactly: take,
    giveBack: (guess: Guess) => write(store, store().guessBudgets.giveBack(guess)),
    lift: () => write(store, ...store().guessBudgets.lift(where.subjectLookup, where.lane)),
    budget: async () =>
      (await store().guessBudgets.listOf(where.subjectLookup)).find(
        (budget) => budget.lane === where.lane && budget.method === where.method,
      ),
  };
}

function describeParallelGuesses(store: StoreUnderTest): void {
  it.each([
    ["five before the first wait", OPEN_BUDGET, 5],
    ["ten a day", { ...UNLIMITED, perDay: 10 }, 10],
    ["twenty-five a month", { ...UNLIMITED, perMonth: 25 }, 25],
    ["thirty-three before the suspension", { ...UNLIMITED, suspendInRow: 33 }, 33],
    ["one a day", { ...UNLIMITED, perDay: 1 }, 1],
    ["one a month", { ...UNLIMITED, perMonth: 1 }, 1],
    ["one before a wait", { ...UNLIMITED, freeInRow: 1 }, 1],
    ["one before the suspension", { ...UNLIMITED, suspendInRow: 1 }, 1],
  ])("two hundred parallel guesses of one millisecond take exactly %s", async (_, policy, permitted) => {
    const guess = guesser(store, policy);
    const taken = await race(() => guess.take(NOW), 200);
    expect(winners(taken)).toBe(permitted);
    expect(taken.flatMap((inRow) => inRow ?? []).sort((a, b) => a - b)).toEqual(
      Array.from({ length: permitted }, (_unused, index) => index + 1),
    );
    expect((await guess.budget())?.wrongAtMs).toEqual(Array.from({ length: permitted }, () => NOW));
  });
}

function describeWaits(store: StoreUnderTest): void {
  it("after five wrong in a row the wait is 30 s and doubles up to an hour", async () => {
    const guess = guesser(store, { ...UNLIMITED, freeInRow: 5 });
    for (let count = 1; count < 5; count++) expect(await guess.take(NOW)).toBe(count);
    let now = NOW;
    for (const seconds of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]) {
      expect(await guess.take(now)).toBeDefined();
      expect((await guess.budget())?.waitUntilMs).toBe(now + seconds * SECOND);
      expect(await guess.take(now + seconds * SECOND - 1)).toBeUndefined();
      now += seconds * SECOND;
    }
  });

  it("a refused guess neither lengthens the wait nor is charged", async () => {
    const guess = guesser(store, OPEN_BUDGET);
    for (let count = 0; count < 5; count++) await guess.take(NOW);
    const before = await guess.budget();
    for (let second = 0; second < 30; second++) expect(await guess.take(NOW + second * SECOND)).toBeUndefined();
    expect(await guess.budget()).toEqual(before);
    expect(await guess.take(NOW + 30 * SECOND)).toBe(6);
  });

  it("where one wrong answer is free, each further one doubles the wait", async () => {
    const guess = guesser(store, { ...UNLIMITED, freeInRow: 1 });
    expect(await guess.take(NOW)).toBe(1);
    expect(await guess.take(NOW + 30 * SECOND - 1)).toBeUndefined();
    expect(await guess.take(NOW + 30 * SECOND)).toBe(2);
    expect(await guess.take(NOW + 90 * SECOND - 1)).toBeUndefined();
    expect(await guess.take(NOW + 90 * SECOND)).toBe(3);
  });

  it("a wait is never longer than the longest, not even the first", async () => {
    const policy = { ...UNLIMITED, firstWaitSeconds: 60, maxWaitSeconds: 10 };
    for (const freeInRow of [1, 2]) {
      const guess = guesser(store, { ...policy, freeInRow });
      for (let count = 0; count < freeInRow; count++) await guess.take(NOW);
      expect((await guess.budget())?.waitUntilMs).toBe(NOW + 10 * SECOND);
    }
  });

  it("a day's rest ends no row of wrong answers", async () => {
    const guess = guesser(store, { ...UNLIMITED, freeInRow: 5 });
    for (let count = 0; count < 5; count++) await guess.take(NOW);
    expect(await guess.take(NOW + DAY)).toBe(6);
    expect((await guess.budget())?.waitUntilMs).toBe(NOW + DAY + 60 * SECOND);
  });
}

function describeWindows(store: StoreUnderTest): void {
  const daily = { ...UNLIMITED, perDay: 10, perMonth: 25 };

  it("the eleventh guess is possible exactly 24 hours after the first", async () => {
    const guess = guesser(store, daily);
    for (let hour = 0; hour < 10; hour++) expect(await guess.take(NOW + hour * 60 * MINUTE)).toBeDefined();
    expect(await guess.take(NOW + DAY - 1)).toBeUndefined();
    expect(await guess.take(NOW + DAY)).toBeDefined();
    expect(await guess.take(NOW + DAY + 60 * MINUTE - 1)).toBeUndefined();
    expect(await guess.take(NOW + DAY + 60 * MINUTE)).toBeDefined();
  });

  it("the twenty-sixth guess is possible exactly 30 days after the first", async () => {
    const guess = guesser(store, daily);
    for (let day = 0; day < 25; day++) expect(await guess.take(NOW + day * DAY)).toBeDefined();
    expect(await guess.take(NOW + 30 * DAY - 1)).toBeUndefined();
    expect(await guess.take(NOW + 30 * DAY)).toBeDefined();
    expect(await guess.take(NOW + 31 * DAY - 1)).toBeUndefined();
    expect(await guess.take(NOW + 31 * DAY)).toBeDefined();
  });

  it("one guess a day and one a month are that", async () => {
    const [day, month] = [guesser(store, { ...UNLIMITED, perDay: 1 }), guesser(store, { ...UNLIMITED, perMonth: 1 })];
    expect([await day.take(NOW), await day.take(NOW + DAY - 1), await day.take(NOW + DAY)]).toEqual([1, undefined, 2]);
    expect([await month.take(NOW), await month.take(NOW + 30 * DAY - 1), await month.take(NOW + 30 * DAY)]).toEqual([
      1,
      undefined,
      2,
    ]);
  });

  it("a patient guesser gets at most ten guesses in any 24 hours and twenty-five in any 30 days", async () => {
    const guess = guesser(store, { ...OPEN_BUDGET, suspendInRow: 1000 });
    const taken: number[] = [];
    for (let now = NOW; now < NOW + 70 * DAY; now += 97 * MINUTE) {
      if ((await guess.take(now)) !== undefined) taken.push(now);
    }
    const within = (span: number) =>
      Math.max(...taken.map((from) => taken.filter((at) => at >= from && at < from + span).length));
    expect(within(DAY)).toBe(10);
    expect(within(30 * DAY)).toBe(25);
    expect(taken.length).toBeGreaterThan(50);
  });
}

function describeSuspension(store: StoreUnderTest): void {
  const policy = { ...UNLIMITED, suspendInRow: 33 };

  it("after the last permitted guess in a row a lane stays shut for years", async () => {
    const guess = guesser(store, policy);
    for (let count = 1; count <= 33; count++) expect(await guess.take(NOW + count * DAY)).toBe(count);
    expect(await guess.take(NOW + 3000 * DAY)).toBeUndefined();
  });

  it("lifting a lane gives it a whole budget again", async () => {
    const guess = guesser(store, { ...policy, perDay: 40, freeInRow: 33 });
    for (let count = 0; count < 33; count++) await guess.take(NOW);
    expect(await guess.take(NOW + DAY)).toBeUndefined();
    await guess.lift();
    expect(await guess.budget()).toBeUndefined();
    for (let count = 1; count <= 33; count++) expect(await guess.take(NOW)).toBe(count);
  });
}

function describeGivingBack(store: StoreUnderTest): void {
  it("giving a guess back ends the wait and the row, and keeps the day's other charges", async () => {
    const guess = guesser(store, OPEN_BUDGET);
    for (let count = 0; count < 4; count++) await guess.take(NOW + count);
    const right = guess.at(NOW + 10);
    await guess.takeExactly(right);
    expect(await guess.take(NOW + 11)).toBeUndefined();
    await guess.giveBack(right);
    expect(await guess.budget()).toEqual({ ...CLEAN, wrongAtMs: [NOW + 3, NOW + 2, NOW + 1, NOW] });
    expect(await guess.take(NOW + 11)).toBe(1);
  });

  it("success never refills the day", async () => {
    const guess = guesser(store, OPEN_BUDGET);
    let charged = 0;
    for (let round = 0; round < 40; round++) {
      if ((await guess.take(NOW + round)) === undefined) continue;
      charged++;
      const right = guess.at(NOW + round);
      if ((await guess.takeExactly(right)) !== undefined) await guess.giveBack(right);
    }
    expect(charged).toBe(10);
  });

  it("giving one of many guesses of the same millisecond back removes that one alone", async () => {
    const guess = guesser(store, UNLIMITED);
    const guesses = Array.from({ length: 5 }, () => guess.at(NOW));
    for (const one of guesses) await guess.takeExactly(one);
    const [, , third] = guesses;
    if (!third) throw new Error("five guesses were made");
    await guess.giveBack(third);
    expect((await guess.budget())?.wrongAtMs).toHaveLength(4);
    await guess.giveBack(third);
    expect((await guess.budget())?.wrongAtMs).toHaveLength(4);
  });

  it("giving back a guess that was never charged takes no charge away", async () => {
    const guess = guesser(store, UNLIMITED);
    await guess.take(NOW);
    await guess.giveBack({ ...guess.at(NOW), mark: "ffffff" });
    expect((await guess.budget())?.wrongAtMs).toEqual([NOW]);
    const nobody = guesser(store, UNLIMITED);
    await nobody.giveBack(nobody.at(NOW));
    expect(await nobody.budget()).toBeUndefined();
  });

  it("sixty parallel right answers each give back their own charge", async () => {
    const guess = guesser(store, UNLIMITED);
    await guess.take(NOW - 1);
    await race(async () => {
      const right = guess.at(NOW);
      await guess.takeExactly(right);
      await guess.giveBack(right);
    });
    expect((await guess.budget())?.wrongAtMs).toEqual([NOW - 1]);
  });
}

function describeLanes(store: StoreUnderTest): void {
  it("an exhausted budget closes no other lane, no other method and no other subject", async () => {
    const subjectLookup = fresh("lookup");
    const exhausted = guesser(store, OPEN_BUDGET, { subjectLookup });
    await race(() => exhausted.take(NOW));
    const others: readonly Partial<Where>[] = [
      { subjectLookup, lane: "device" },
      { subjectLookup, lane: "proven" },
      { subjectLookup, method: "recovery_code" },
      {},
    ];
    expect(await exhausted.take(NOW)).toBeUndefined();
    for (const other of others) expect(await guesser(store, OPEN_BUDGET, other).take(NOW)).toBe(1);
  });

  it("giving back reaches one method of one lane, and lifting every method of one lane", async () => {
    const subjectLookup = fresh("lookup");
    const everywhere = LANES.flatMap((lane) => GUESSABLE_METHODS.map((method) => ({ lane, method })));
    const guesses = everywhere.map((where) => guesser(store, UNLIMITED, { ...where, subjectLookup }).at(NOW));
    for (const guess of guesses) await store().guessBudgets.take(guess, UNLIMITED);
    const charged = async () =>
      (await store().guessBudgets.listOf(subjectLookup))
        .filter((budget) => budget.wrongAtMs.length > 0)
        .map(({ lane, method }) => `${lane} ${method}`)
        .sort();
    for (const guess of guesses) {
      if (guess.lane === "device" && guess.method === "totp") await write(store, store().guessBudgets.giveBack(guess));
    }
    expect(await charged()).toEqual([
      "device recovery_code",
      "open recovery_code",
      "open totp",
      "proven recovery_code",
      "proven totp",
    ]);
    await write(store, ...store().guessBudgets.lift(subjectLookup, "open"));
    expect(await charged()).toEqual(["device recovery_code", "proven recovery_code", "proven totp"]);
  });

  it("a budget exists for a lookup that belongs to nobody, from its first guess on", async () => {
    const subjectLookup = fresh("nobody");
    expect(await store().guessBudgets.listOf(subjectLookup)).toEqual([]);
    const guess = guesser(store, OPEN_BUDGET, { subjectLookup, lane: "proven" });
    expect(winners(await race(() => guess.take(NOW)))).toBe(5);
    expect(await store().guessBudgets.listOf(subjectLookup)).toMatchObject([{ lane: "proven", wrongInRow: 5 }]);
    expect(await store().subjects.find(subjectLookup)).toBeUndefined();
  });
}
