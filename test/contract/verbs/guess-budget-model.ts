import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BudgetPolicy } from "../../../src/domain/realm.ts";
import type { Guess } from "../../../src/ports/store.ts";
import { DAY, fresh, MINUTE, NOW, OPEN_BUDGET, type StoreUnderTest, write } from "../fixtures.ts";

export function describeGuessBudgetModel(store: StoreUnderTest): void {
  describe("guess budgets against a model", () => {
    it("every sequence of guesses, right answers and waits is decided as the policy says", async () => {
      await fc.assert(
        fc.asyncProperty(policies, fc.array(steps, { maxLength: 60 }), async (policy, sequence) => {
          await replay(store, policy, sequence);
        }),
        { numRuns: 60 },
      );
    });
  });
}

type Step =
  | Readonly<{ kind: "guess"; times: number }>
  | Readonly<{ kind: "right"; which: number }>
  | Readonly<{ kind: "pass"; ms: number }>;

const policies: fc.Arbitrary<BudgetPolicy> = fc.oneof(
  fc.constant(OPEN_BUDGET),
  fc.record({
    freeInRow: fc.integer({ min: 1, max: 6 }),
    firstWaitSeconds: fc.integer({ min: 1, max: 90 }),
    maxWaitSeconds: fc.integer({ min: 1, max: 3600 }),
    perDay: fc.integer({ min: 1, max: 12 }),
    perMonth: fc.integer({ min: 1, max: 30 }),
    suspendInRow: fc.integer({ min: 1, max: 40 }),
  }),
);

/** Spans at the edges of waits and windows, and their neighbours. */
const spans = fc.oneof(
  fc.constantFrom(0, 1, 29_999, 30_000, MINUTE, 60 * MINUTE, DAY - 1, DAY, DAY + 1, 30 * DAY - 1, 30 * DAY),
  fc.integer({ min: 0, max: 2 * DAY }),
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("guess" as const), times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("right" as const), which: fc.nat(8) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: spans }) },
);

async function replay(store: StoreUnderTest, policy: BudgetPolicy, sequence: readonly Step[]): Promise<void> {
  const model = modelOf(policy);
  const where = { subjectLookup: fresh("lookup"), lane: "open", method: "totp" } as const;
  const charged: Guess[] = [];
  let [now, mark] = [NOW, 0];
  for (const step of sequence) {
    if (step.kind === "pass") now += step.ms;
    if (step.kind === "guess") {
      for (let time = 0; time < step.times; time++) {
        const guess = { ...where, nowMs: now, mark: (mark++).toString(16).padStart(6, "0") };
        const taken = await store().guessBudgets.take(guess, policy);
        expect(taken).toBe(model.take(guess));
        if (taken !== undefined) charged.push(guess);
      }
    }
    if (step.kind === "right") await giveOneBack(store, model, charged, step.which);
  }
  await expectSame(store, model, where.subjectLookup, now);
}

/** Gives one of the latest guesses back, as its right answer would. */
async function giveOneBack(
  store: StoreUnderTest,
  model: Model,
  charged: readonly Guess[],
  which: number,
): Promise<void> {
  const guess = charged.at(-1 - which);
  if (!guess) return;
  model.giveBack(guess);
  await write(store, store().guessBudgets.giveBack(guess));
}

async function expectSame(store: StoreUnderTest, model: Model, subjectLookup: string, now: number): Promise<void> {
  const [budget] = await store().guessBudgets.listOf(subjectLookup);
  const counting = budget?.wrongAtMs.filter((at) => at > now - 30 * DAY) ?? [];
  expect({ inRow: budget?.wrongInRow ?? 0, waitUntilMs: budget?.waitUntilMs ?? 0, counting }).toEqual(model.state(now));
}

type Model = ReturnType<typeof modelOf>;

/** The policy in plain words: what a budget has to do, without a thought for how it is stored. */
function modelOf(policy: BudgetPolicy) {
  let charges: Guess[] = [];
  let [inRow, wait, waitUntil] = [0, 0, 0];
  const within = (span: number, now: number) => charges.filter((charge) => charge.nowMs > now - span);

  function isOpen(now: number): boolean {
    if (now < waitUntil || inRow >= policy.suspendInRow) return false;
    return within(DAY, now).length < policy.perDay && within(30 * DAY, now).length < policy.perMonth;
  }

  function take(guess: Guess): number | undefined {
    if (!isOpen(guess.nowMs)) return undefined;
    charges.push(guess);
    inRow += 1;
    if (inRow < policy.freeInRow) wait = 0;
    else wait = Math.min(wait === 0 ? policy.firstWaitSeconds * 1000 : 2 * wait, policy.maxWaitSeconds * 1000);
    waitUntil = guess.nowMs + wait;
    return inRow;
  }

  function giveBack(guess: Guess): void {
    charges = charges.filter((charge) => charge.mark !== guess.mark);
    [inRow, wait, waitUntil] = [0, 0, 0];
  }

  return {
    take,
    giveBack,
    state: (now: number) => ({
      inRow,
      waitUntilMs: waitUntil,
      counting: within(30 * DAY, now)
        .map((charge) => charge.nowMs)
        .reverse(),
    }),
  };
}
