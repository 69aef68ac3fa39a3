import { inArray, sql } from "drizzle-orm";
import { GUESSABLE_METHODS, type GuessableMethod, LANES, type Lane } from "../domain/guess-budget.ts";
import type { BudgetPolicy } from "../domain/realm.ts";
import type { Guess, GuessBudgetVerbs, StoredBudget } from "../ports/store.ts";
import { deferred, type Engine, setTo, value } from "./engine.ts";

/** `;`, thirteen digits of epoch milliseconds, six characters of mark: entries compare as text in order of time. */
const ENTRY_WIDTH = 20;
const STAMP_WIDTH = 14;
const DAY_MS = 24 * 60 * 60 * 1000;
const MONTH_DAYS = 30;

/**
 * Guess budgets as sliding windows in one row: `wrong_times` holds one entry for each charged guess, newest first, so
 * "at most ten in 24 hours" is "the tenth entry is older than that", which one statement can both check and charge.
 */
export function guessBudgetVerbs({ db, tables: { guessBudgets: t } }: Engine): GuessBudgetVerbs {
  const nextWait = sql`case when ${t.wrongInRow} + ${value("one")} < ${value("free")} then ${value("zero")}
    when ${t.waitMs} = ${value("zero")} then ${value("firstWait")}
    when ${t.waitMs} + ${t.waitMs} > ${value("maxWait")} then ${value("maxWait")}
    else ${t.waitMs} + ${t.waitMs} end`;
  const take = db
    .insert(t)
    .values({
      id: value("id"),
      wrongInRow: value("one"),
      waitMs: value("newWait"),
      waitUntilMs: value("newWaitUntil"),
      wrongTimes: value("entry"),
    })
    .onConflictDoUpdate({
      target: t.id,
      set: {
        wrongInRow: sql`${t.wrongInRow} + ${value("one")}`,
        waitMs: nextWait,
        waitUntilMs: sql`${value("now")} + (${nextWait})`,
        wrongTimes: sql`substr(${value("entry")} || ${t.wrongTimes}, ${value("one")}, ${value("keep")})`,
      },
      setWhere: sql`${t.waitUntilMs} <= ${value("now")} and ${t.wrongInRow} < ${value("suspend")}
        and substr(${t.wrongTimes}, ${value("dayOffset")}, ${value("stampWidth")}) <= ${value("dayCut")}
        and substr(${t.wrongTimes}, ${value("monthOffset")}, ${value("stampWidth")}) <= ${value("monthCut")}`,
    })
    .returning({ wrongInRow: t.wrongInRow })
    .prepare();
  const giveBack = db
    .update(t)
    .set({
      wrongInRow: setTo("zero"),
      waitMs: setTo("zero"),
      waitUntilMs: setTo("zero"),
      wrongTimes: sql`replace(${t.wrongTimes}, ${value("entry")}, '')`,
    })
    .where(sql`${t.id} = ${value("id")}`)
    .prepare();
  const list = db
    .select()
    .from(t)
    .where(
      inArray(
        t.id,
        BUDGETS.map(({ lane, method }) => value(`${lane}:${method}`)),
      ),
    )
    .prepare();
  const lift = db
    .update(t)
    .set({ wrongInRow: setTo("zero"), waitMs: setTo("zero"), waitUntilMs: setTo("zero"), wrongTimes: setTo("none") })
    .where(sql`${t.id} = ${value("id")}`)
    .prepare();

  return {
    take: async (guess, policy) => (await take.execute(takeValues(guess, policy)))[0]?.wrongInRow,
    giveBack: (guess) => deferred(giveBack, { zero: 0, entry: entryOf(guess), id: idOf(guess.subjectLookup, guess) }),
    listOf: async (lookup) => {
      const ids = Object.fromEntries(
        BUDGETS.map((budget) => [`${budget.lane}:${budget.method}`, idOf(lookup, budget)]),
      );
      return (await list.execute(ids)).map(toBudget);
    },
    lift: (lookup, lane) =>
      GUESSABLE_METHODS.map((method) => deferred(lift, { zero: 0, none: "", id: idOf(lookup, { lane, method }) })),
  };
}

function takeValues(guess: Guess, policy: BudgetPolicy) {
  const firstWait = Math.min(policy.firstWaitSeconds, policy.maxWaitSeconds) * 1000;
  const newWait = policy.freeInRow <= 1 ? firstWait : 0;
  return {
    id: idOf(guess.subjectLookup, guess),
    zero: 0,
    one: 1,
    now: guess.nowMs,
    entry: entryOf(guess),
    newWait,
    newWaitUntil: guess.nowMs + newWait,
    free: policy.freeInRow,
    firstWait,
    maxWait: policy.maxWaitSeconds * 1000,
    keep: policy.perMonth * ENTRY_WIDTH,
    suspend: policy.suspendInRow,
    stampWidth: STAMP_WIDTH,
    dayOffset: (policy.perDay - 1) * ENTRY_WIDTH + 1,
    dayCut: stampOf(guess.nowMs - DAY_MS),
    monthOffset: (policy.perMonth - 1) * ENTRY_WIDTH + 1,
    monthCut: stampOf(guess.nowMs - MONTH_DAYS * DAY_MS),
  };
}

type Budget = Readonly<{ lane: Lane; method: GuessableMethod }>;

const BUDGETS: readonly Budget[] = LANES.flatMap((lane) => GUESSABLE_METHODS.map((method) => ({ lane, method })));

function idOf(lookup: string, { lane, method }: Budget): string {
  return `${lookup}:${lane}:${method}`;
}

function stampOf(ms: number): string {
  return `;${String(Math.max(0, ms)).padStart(13, "0")}`;
}

function entryOf(guess: Guess): string {
  return stampOf(guess.nowMs) + guess.mark;
}

function toBudget(
  row: Readonly<{ id: string; wrongInRow: number; waitUntilMs: number; wrongTimes: string }>,
): StoredBudget {
  const entries = row.wrongTimes.split(";").slice(1);
  const [, lane, method] = row.id.split(":");
  return {
    // The id was written by `idOf`.
    lane: lane as Lane,
    method: method as GuessableMethod,
    wrongInRow: row.wrongInRow,
    waitUntilMs: row.waitUntilMs,
    wrongAtMs: entries.map((entry) => Number(entry.slice(0, STAMP_WIDTH - 1))),
  };
}
