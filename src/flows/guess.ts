import { denied, granted, type Outcome } from "../domain/denial.ts";
import { toHex } from "../domain/encoding.ts";
import { afterwards, type Eventual } from "../domain/eventual.ts";
import type { GuessableMethod, Lane } from "../domain/guess-budget.ts";
import type { BudgetPolicy } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { Guess, RightCode, StoredBudget } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MONTH_MS = 30 * DAY_MS;
const MARK_BYTES = 3;

/** A guess that was decided about: with it so many are wrong in a row, none when a right code was used up. */
export type TakenGuess = Guess & Readonly<{ inRow: number }>;

export type GuessTarget = Readonly<{ lookup: string; lane: Lane; method: GuessableMethod }>;

/**
 * Takes one guess before anything of it is told: one statement uses a right code up or charges the budget, and does
 * neither once that is shut. Refused with `subject_locked` and the seconds to wait, right or wrong, the same for subjects
 * that do not exist.
 */
export function takeGuess(
  deps: Deps,
  call: Call,
  target: GuessTarget,
  code?: RightCode,
): Eventual<Outcome<TakenGuess>> {
  const policy = call.realm.policy.budgets[target.lane];
  const guess: Guess = {
    subjectLookup: target.lookup,
    lane: target.lane,
    method: target.method,
    nowMs: call.nowMs,
    mark: toHex(deps.random.bytes(MARK_BYTES)),
  };
  return afterwards(deps.store.guessBudgets.take(guess, policy, code), (inRow) => {
    if (inRow === undefined) return refuse(deps, call, target);
    const taken = granted({ ...guess, inRow });
    return inRow < policy.suspendInRow ? taken : afterwards(auditSuspension(deps, call, target), () => taken);
  });
}

/** Whether the guess was a right code that is used up with it: nothing was charged. */
export function isUsedUp({ inRow }: TakenGuess): boolean {
  return inRow === 0;
}

/** What keeps a budget shut, and until when; `undefined` when it is open. */
export function closureOf(budget: StoredBudget, policy: BudgetPolicy, nowMs: number): Closure | undefined {
  if (budget.wrongInRow >= policy.suspendInRow) return { state: "suspended", untilMs: nowMs + DAY_MS };
  const dayEnds = (budget.wrongAtMs[policy.perDay - 1] ?? -MONTH_MS) + DAY_MS;
  const monthEnds = (budget.wrongAtMs[policy.perMonth - 1] ?? -MONTH_MS) + MONTH_MS;
  const untilMs = Math.max(budget.waitUntilMs, dayEnds, monthEnds);
  if (untilMs <= nowMs) return undefined;
  return { state: untilMs === budget.waitUntilMs ? "waiting" : "exhausted", untilMs };
}

export type Closure = Readonly<{ state: "waiting" | "exhausted" | "suspended"; untilMs: number }>;

/** What keeps this budget shut now; the same for subjects that do not exist. */
export async function closureFor(deps: Deps, call: Call, target: GuessTarget): Promise<Closure | undefined> {
  const { lookup, lane, method } = target;
  const budgets = await deps.store.guessBudgets.listOf(lookup);
  const budget = budgets.find((one) => one.lane === lane && one.method === method);
  return budget && closureOf(budget, call.realm.policy.budgets[lane], call.nowMs);
}

async function refuse(deps: Deps, call: Call, target: GuessTarget): Promise<Outcome<TakenGuess>> {
  const { lookup, lane, method } = target;
  const closure = await closureFor(deps, call, target);
  await deps.store.atomically([
    deps.store.audit.append(auditOf(call, "answer_throttled", { subjectLookup: lookup, lane, method })),
  ]);
  const waitMs = (closure?.untilMs ?? call.nowMs) - call.nowMs;
  return denied("subject_locked", { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
}

function auditSuspension(deps: Deps, call: Call, { lookup, lane, method }: GuessTarget): Eventual<void> {
  return deps.store.atomically([
    deps.store.audit.append(auditOf(call, "lane_suspended", { subjectLookup: lookup, lane, method })),
  ]);
}
