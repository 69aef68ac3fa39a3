import { and, asc, between, eq, gte, inArray, isNotNull, isNull, or } from "drizzle-orm";
import { afterwards } from "../domain/eventual.ts";
import { GUESSABLE_METHODS, type GuessableMethod, LANES, type Lane } from "../domain/guess-budget.ts";
import type { BudgetPolicy } from "../domain/realm.ts";
import type { Guess, GuessBudgetVerbs, RightCode, StoredBudget } from "../ports/store.ts";
import { decided, deferred, type Engine, rowsOf, setTo, value } from "./engine.ts";
import { emptyLane, hasCharge, isQuietLane, laneStatements, laneStateOf } from "./guess-budget-lanes.ts";

/** `;`, thirteen digits of epoch milliseconds, six characters of mark: entries compare as text in order of time. */
const ENTRY_WIDTH = 20;
const STAMP_WIDTH = 14;
const NO_STEP = -1;
const DAY_MS = 24 * 60 * 60 * 1000;
const MONTH_DAYS = 30;

/**
 * Guess budgets as sliding windows in one row: a lane's `wrong_times` holds one entry for each charged guess, newest
 * first, so "at most ten in 24 hours" is "the tenth entry is older than that", which one statement can check and charge.
 */
export function guessBudgetVerbs(engine: Engine): GuessBudgetVerbs {
  const lanes = {
    device: laneStatements(engine, "device"),
    proven: laneStatements(engine, "proven"),
    open: laneStatements(engine, "open"),
  };
  const { db, tables } = engine;
  const t = tables.guessBudgets;
  const list = db
    .select()
    .from(t)
    .where(
      inArray(
        t.id,
        GUESSABLE_METHODS.map((method) => value(method)),
      ),
    )
    .prepare();

  return {
    ...codeVerbs(engine),
    purge: purging(engine),
    take: (guess, policy, code) =>
      afterwards(rowsOf(lanes[guess.lane].take, takeValues(guess, policy, code)), ([row]) => row?.inRow),
    giveBack: (guess) => deferred(lanes[guess.lane].giveBack, { id: idOf(guess), zero: 0, entry: entryOf(guess) }),
    listOf: async (subjectLookup) => {
      const ids = Object.fromEntries(GUESSABLE_METHODS.map((method) => [method, idOf({ subjectLookup, method })]));
      return (await list.execute(ids)).flatMap(toBudgets);
    },
    lift: (subjectLookup, lane) =>
      GUESSABLE_METHODS.map((method) =>
        deferred(lanes[lane].lift, { id: idOf({ subjectLookup, method }), zero: 0, none: "" }),
      ),
  };
}

/** Whose codes the row remembers. */
function codeVerbs({ db, tables: { guessBudgets: t } }: Engine) {
  const remember = db
    .insert(t)
    .values({ id: value("id"), codesOf: value("authenticatorId"), lastStep: value("step") })
    .onConflictDoUpdate({
      target: t.id,
      set: { codesOf: setTo("authenticatorId"), lastStep: setTo("step"), lastUsedAtMs: null },
      setWhere: isNull(t.codesOf),
    })
    .returning({ id: t.id })
    .prepare();
  const isRow = eq(t.id, value("id"));
  const forgotten = { codesOf: null, lastUsedAtMs: null };
  const forget = db.update(t).set(forgotten).where(isRow).prepare();
  const forgetOne = db
    .update(t)
    .set(forgotten)
    .where(and(isRow, eq(t.codesOf, value("authenticatorId"))))
    .prepare();
  return {
    rememberCodes: async (of: Parameters<GuessBudgetVerbs["rememberCodes"]>[0]) =>
      decided(await remember.execute({ ...of, id: codesBudgetId(of.subjectLookup) })),
    forgetCodes: (subjectLookup: string, authenticatorId?: string) =>
      authenticatorId === undefined
        ? deferred(forget, { id: codesBudgetId(subjectLookup) })
        : deferred(forgetOne, { id: codesBudgetId(subjectLookup), authenticatorId }),
  };
}

/** Erases what holds nothing that counts any more; a row that remembers codes only loses its charges. */
function purging({ db, tables: { guessBudgets: t } }: Engine): GuessBudgetVerbs["purge"] {
  const page = db
    .select({ id: t.id })
    .from(t)
    .where(gte(t.id, value("from")))
    .orderBy(asc(t.id))
    .limit(value("limit"))
    .prepare();
  const isQuiet = and(between(t.id, value("from"), value("to")), ...LANES.map((lane) => isQuietLane(t, lane)));
  const erase = db
    .delete(t)
    .where(and(isQuiet, isNull(t.codesOf)))
    .prepare();
  const empty = db
    .update(t)
    .set(Object.assign({}, ...LANES.map(emptyLane)))
    .where(and(isQuiet, isNotNull(t.codesOf), or(...LANES.map((lane) => hasCharge(t, lane)))))
    .prepare();
  return async (from, limit, { beforeMs, suspendInRow }) => {
    const rows = await page.execute({ from, limit });
    const to = rows.at(-1)?.id;
    if (to === undefined) return 0;
    const quiet = { from, to, one: 1, stampWidth: STAMP_WIDTH, cut: stampOf(beforeMs), suspend: suspendInRow };
    await erase.execute(quiet);
    await empty.execute({ ...quiet, zero: 0, none: "" });
    return rows.length;
  };
}

function takeValues(guess: Guess, policy: BudgetPolicy, code: RightCode | undefined) {
  const firstWait = Math.min(policy.firstWaitSeconds, policy.maxWaitSeconds) * 1000;
  const newWait = policy.freeInRow <= 1 ? firstWait : 0;
  return {
    id: idOf(guess),
    one: 1,
    now: guess.nowMs,
    entry: entryOf(guess),
    authenticatorId: code?.authenticatorId ?? null,
    step: code?.step ?? NO_STEP,
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

/** The row that remembers a subject's codes. */
export function codesBudgetId(subjectLookup: string): string {
  return idOf({ subjectLookup, method: "totp" });
}

function idOf({ subjectLookup, method }: Pick<Guess, "subjectLookup" | "method">): string {
  return `${subjectLookup}:${method}`;
}

function stampOf(ms: number): string {
  return `;${String(Math.max(0, ms)).padStart(13, "0")}`;
}

function entryOf(guess: Guess): string {
  return stampOf(guess.nowMs) + guess.mark;
}

type Row = Engine["tables"]["guessBudgets"]["$inferSelect"];

/** The lanes of a row that hold a charge. */
function toBudgets(row: Row): readonly StoredBudget[] {
  const method = row.id.slice(row.id.lastIndexOf(":") + 1) as GuessableMethod; // Written by `idOf`.
  return LANES.flatMap((lane) => toBudget(row, lane, method) ?? []);
}

function toBudget(row: Row, lane: Lane, method: GuessableMethod): StoredBudget | undefined {
  const { inRow, waitUntilMs, wrongTimes } = laneStateOf(row, lane);
  if (wrongTimes === "") return undefined;
  const wrongAtMs = wrongTimes
    .split(";")
    .slice(1)
    .map((entry) => Number(entry.slice(0, STAMP_WIDTH - 1)));
  return { lane, method, wrongInRow: inRow, waitUntilMs, wrongAtMs };
}
