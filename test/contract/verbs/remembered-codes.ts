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

/** An active authenticator app whose steps are remembered, 100 being the last. */
async function remembered(store: StoreUnderTest) {
  const row = pendingTotp();
  const { id: authenticatorId, subjectLookup } = row;
  await write(store, store().authenticators.insertPending(row));
  expect(await store().guessBudgets.rememberCodes({ subjectLookup, authenticatorId, step: 100 })).toBe(true);
  await store().authenticators.activateTotp(authenticatorId, { step: 100, label: "", stepsInBudget: true }, NOW);
  const spend = (step: number, over: Partial<Guess> = {}) =>
    store().guessBudgets.spendStep(guessOf(subjectLookup, over), { authenticatorId, step });
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

  it("spending gives the guess of its own lane back and leaves other charges", async () => {
    const { authenticatorId, subjectLookup } = await remembered(store);
    const [earlier, proven, right] = [
      guessOf(subjectLookup),
      guessOf(subjectLookup, { lane: "proven" }),
      guessOf(subjectLookup),
    ];
    for (const guess of [earlier, proven, right]) await store().guessBudgets.take(guess, OPEN_BUDGET);
    expect(await store().guessBudgets.spendStep(right, { authenticatorId, step: 101 })).toBe(true);
    expect(await store().guessBudgets.listOf(subjectLookup)).toEqual([
      { lane: "proven", method: "totp", wrongInRow: 1, waitUntilMs: NOW, wrongAtMs: [NOW] },
      { lane: "open", method: "totp", wrongInRow: 0, waitUntilMs: 0, wrongAtMs: [NOW] },
    ]);
  });

  it("a step that is not spent gives no guess back", async () => {
    const { authenticatorId, subjectLookup } = await remembered(store);
    const guess = guessOf(subjectLookup);
    await store().guessBudgets.take(guess, OPEN_BUDGET);
    expect(await store().guessBudgets.spendStep(guess, { authenticatorId, step: 100 })).toBe(false);
    expect(await store().guessBudgets.listOf(subjectLookup)).toMatchObject([{ wrongInRow: 1, wrongAtMs: [NOW] }]);
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
    const other = { authenticatorId: fresh("au"), step: 999 };
    expect(await store().guessBudgets.spendStep(guessOf(subjectLookup), other)).toBe(false);
    expect(await store().guessBudgets.spendStep(guessOf(fresh("nobody")), other)).toBe(false);
    expect(await spend(101)).toBe(true);
  });

  it("a budget that was charged before remembers codes from then on, and keeps its charges", async () => {
    const subjectLookup = fresh("lookup");
    await store().guessBudgets.take(guessOf(subjectLookup), OPEN_BUDGET);
    const authenticatorId = fresh("au");
    expect(await store().guessBudgets.rememberCodes({ subjectLookup, authenticatorId, step: 7 })).toBe(true);
    expect(await store().guessBudgets.listOf(subjectLookup)).toMatchObject([{ lane: "open", wrongInRow: 1 }]);
    expect(await store().guessBudgets.spendStep(guessOf(subjectLookup), { authenticatorId, step: 8 })).toBe(true);
  });

  it("once forgotten no step is spent, and the next authenticator has its own steps remembered", async () => {
    const { authenticatorId, subjectLookup, spend } = await remembered(store);
    await write(store, store().guessBudgets.forgetCodes(subjectLookup, fresh("au")));
    expect(await spend(101)).toBe(true);
    await write(store, store().guessBudgets.forgetCodes(subjectLookup, authenticatorId));
    expect(await spend(102)).toBe(false);
    const next = { subjectLookup, authenticatorId: fresh("au"), step: 50 };
    expect(await store().guessBudgets.rememberCodes(next)).toBe(true);
    expect(await store().guessBudgets.spendStep(guessOf(subjectLookup), { ...next, step: 51 })).toBe(true);
    await write(store, store().guessBudgets.forgetCodes(subjectLookup));
    expect(await store().guessBudgets.spendStep(guessOf(subjectLookup), { ...next, step: 52 })).toBe(false);
  });

  it("erasing a subject forgets whose codes they were, and keeps the charges", async () => {
    const { subjectLookup, spend } = await remembered(store);
    await store().guessBudgets.take(guessOf(subjectLookup), OPEN_BUDGET);
    await write(store, ...store().subjects.erase(subjectLookup));
    expect(await spend(101)).toBe(false);
    expect(await store().guessBudgets.listOf(subjectLookup)).toHaveLength(1);
  });
}
