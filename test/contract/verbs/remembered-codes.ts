import { describe, expect, it } from "vitest";
import type { Guess } from "../../../src/ports/store.ts";
import {
  fresh,
  MINUTE,
  NOW,
  OPEN_BUDGET,
  pendingTotp,
  race,
  type StoreUnderTest,
  UNLIMITED,
  winners,
  write,
} from "../fixtures.ts";

export function describeRememberedCodes(store: StoreUnderTest): void {
  describe("codes that a guess budget remembers", () => {
    describeSpending(store);
    describeOwnership(store);
  });
}

let marks = 0;

function guessOf(subjectLookup: string, over: Partial<Guess> = {}): Guess {
  const mark = (marks++).toString(16).padStart(6, "0");
  return { subjectLookup, lane: "open", method: "totp", nowMs: NOW, mark, ...over };
}

/** Whether a right code of that step is used up; one that is not is charged. */
function spender(store: StoreUnderTest, subjectLookup: string, authenticatorId: string) {
  return async (step: number, over: Partial<Guess> = {}) =>
    (await store().guessBudgets.take(guessOf(subjectLookup, over), UNLIMITED, { authenticatorId, step })) === 0;
}

/** An active authenticator app whose steps are remembered, 100 being the last. */
async function remembered(store: StoreUnderTest) {
  const row = pendingTotp();
  const { id: authenticatorId, subjectLookup } = row;
  await write(store, store().authenticators.insertPending(row));
  expect(await store().guessBudgets.rememberCodes({ subjectLookup, authenticatorId, step: 100 })).toBe(true);
  await store().authenticators.activateTotp(authenticatorId, { step: 100, label: "", stepsInBudget: true }, NOW);
  const spend = spender(store, subjectLookup, authenticatorId);
  return { authenticatorId, subjectLookup, spend };
}

function describeSpending(store: StoreUnderTest): void {
  it("a step is spent once under sixty parallel tries, whatever lanes they come by", async () => {
    const { spend } = await remembered(store);
    const lanes = ["open", "proven", "device"] as const;
    expect(winners(await race((racer) => spend(101, { lane: lanes[racer % 3] ?? "open" })))).toBe(1);
  });

  it("a step is spent only after the last one spent, the confirming one included", async () => {
    const { spend, subjectLookup } = await remembered(store);
    const spent = [];
    for (const step of [99, 100, 102, 101, 102]) spent.push(await spend(step, { nowMs: NOW + MINUTE }));
    expect(spent).toEqual([false, false, true, false, false]);
    expect(await store().authenticators.listActive(subjectLookup)).toMatchObject([{ lastUsedAtMs: NOW + MINUTE }]);
  });

  it("a step that is spent ends the row of its own lane, and leaves what was charged", async () => {
    const { authenticatorId, subjectLookup } = await remembered(store);
    const [wrong, proven] = [guessOf(subjectLookup), guessOf(subjectLookup, { lane: "proven" })];
    for (const guess of [wrong, proven]) await store().guessBudgets.take(guess, OPEN_BUDGET);
    const code = { authenticatorId, step: 101 };
    expect(await store().guessBudgets.take(guessOf(subjectLookup), OPEN_BUDGET, code)).toBe(0);
    expect(await store().guessBudgets.listOf(subjectLookup)).toEqual([
      { lane: "proven", method: "totp", wrongInRow: 1, waitUntilMs: NOW, wrongAtMs: [NOW] },
      { lane: "open", method: "totp", wrongInRow: 0, waitUntilMs: 0, wrongAtMs: [NOW] },
    ]);
  });

  it("a step that was spent before is charged like a wrong code", async () => {
    const { authenticatorId, subjectLookup } = await remembered(store);
    const code = { authenticatorId, step: 100 };
    expect(await store().guessBudgets.take(guessOf(subjectLookup), OPEN_BUDGET, code)).toBe(1);
    expect(await store().guessBudgets.listOf(subjectLookup)).toMatchObject([{ wrongInRow: 1, wrongAtMs: [NOW] }]);
  });

  it.each([
    ["a wait", { ...UNLIMITED, freeInRow: 1 }],
    ["the day's limit", { ...UNLIMITED, perDay: 1 }],
    ["the month's limit", { ...UNLIMITED, perMonth: 1 }],
    ["a suspension", { ...UNLIMITED, suspendInRow: 1 }],
  ])("%s keeps a right code from being spent, and it can be spent once that is over", async (_, policy) => {
    const { authenticatorId, subjectLookup, spend } = await remembered(store);
    await store().guessBudgets.take(guessOf(subjectLookup), policy);
    const before = await store().guessBudgets.listOf(subjectLookup);
    const code = { authenticatorId, step: 101 };
    expect(await store().guessBudgets.take(guessOf(subjectLookup), policy, code)).toBeUndefined();
    expect(await store().guessBudgets.listOf(subjectLookup)).toEqual(before);
    expect(await spend(101, { nowMs: NOW + MINUTE })).toBe(true);
  });

  it("of parallel guesses the right one is spent only if those before it left the budget open", async () => {
    const policy = { ...UNLIMITED, perDay: 10 };
    for (const place of [0, 9, 10, 59]) {
      const { authenticatorId, subjectLookup } = await remembered(store);
      const taken = await race((racer) => {
        const code = racer === place ? { authenticatorId, step: 101 } : undefined;
        return store().guessBudgets.take(guessOf(subjectLookup), policy, code);
      });
      const charged = taken.filter((inRow) => inRow !== undefined && inRow > 0).length;
      const isSpent = taken[place] === 0;
      expect(charged).toBe(10);
      expect(taken.filter((inRow) => inRow === 0).length).toBe(Number(isSpent));
    }
  });

  it("charging guesses, giving them back and lifting a lane forget no step", async () => {
    const { spend, subjectLookup } = await remembered(store);
    expect(await spend(105)).toBe(true);
    const guess = guessOf(subjectLookup);
    await store().guessBudgets.take(guess, OPEN_BUDGET);
    await write(store, store().guessBudgets.giveBack(guess), ...store().guessBudgets.lift(subjectLookup, "open"));
    expect([await spend(105), await spend(106)]).toEqual([false, true]);
  });
}

function describeOwnership(store: StoreUnderTest): void {
  it("a budget remembers the codes of one of sixty authenticators", async () => {
    const subjectLookup = fresh("lookup");
    const remember = () =>
      store().guessBudgets.rememberCodes({ subjectLookup, authenticatorId: fresh("au"), step: 100 });
    expect(winners(await race(remember))).toBe(1);
  });

  it("another authenticator's step, an unknown subject's and an unknown authenticator's are not spent", async () => {
    const { subjectLookup, spend } = await remembered(store);
    for (const lookup of [subjectLookup, fresh("nobody")])
      expect(await spender(store, lookup, fresh("au"))(999)).toBe(false);
    expect(await spend(101)).toBe(true);
  });

  it("a budget that was charged before remembers codes from then on, and keeps its charges", async () => {
    const subjectLookup = fresh("lookup");
    await store().guessBudgets.take(guessOf(subjectLookup), OPEN_BUDGET);
    const authenticatorId = fresh("au");
    expect(await store().guessBudgets.rememberCodes({ subjectLookup, authenticatorId, step: 7 })).toBe(true);
    expect(await store().guessBudgets.listOf(subjectLookup)).toMatchObject([{ lane: "open", wrongInRow: 1 }]);
    expect(await spender(store, subjectLookup, authenticatorId)(8)).toBe(true);
  });

  it("once forgotten no step is spent, and the next authenticator has its own steps remembered", async () => {
    const { authenticatorId, subjectLookup, spend } = await remembered(store);
    await write(store, store().guessBudgets.forgetCodes(subjectLookup, fresh("au")));
    expect(await spend(101)).toBe(true);
    await write(store, store().guessBudgets.forgetCodes(subjectLookup, authenticatorId));
    expect(await spend(102)).toBe(false);
    const next = fresh("au");
    const spendNext = spender(store, subjectLookup, next);
    expect(await store().guessBudgets.rememberCodes({ subjectLookup, authenticatorId: next, step: 50 })).toBe(true);
    expect(await spendNext(51)).toBe(true);
    await write(store, store().guessBudgets.forgetCodes(subjectLookup));
    expect(await spendNext(52)).toBe(false);
  });

  it("erasing a subject forgets whose codes they were, and keeps the charges", async () => {
    const { subjectLookup, spend } = await remembered(store);
    await store().guessBudgets.take(guessOf(subjectLookup), OPEN_BUDGET);
    await write(store, ...store().subjects.erase(subjectLookup));
    expect(await spend(101)).toBe(false);
    expect(await store().guessBudgets.listOf(subjectLookup)).toHaveLength(1);
  });
}
