import { eq, type SQL, sql } from "drizzle-orm";
import type { Lane } from "../domain/guess-budget.ts";
import { type Engine, setTo, value } from "./engine.ts";

type Table = Engine["tables"]["guessBudgets"];
type BudgetRow = Table["$inferSelect"];

/** What a row says of one lane. */
export type LaneState = Readonly<{ inRow: number; waitMs: number; waitUntilMs: number; wrongTimes: string }>;

/** The columns of each lane, by their names in the table. */
const COLUMNS = {
  device: {
    inRow: "deviceInRow",
    waitMs: "deviceWaitMs",
    waitUntilMs: "deviceWaitUntilMs",
    wrongTimes: "deviceWrongTimes",
  },
  proven: {
    inRow: "provenInRow",
    waitMs: "provenWaitMs",
    waitUntilMs: "provenWaitUntilMs",
    wrongTimes: "provenWrongTimes",
  },
  open: { inRow: "openInRow", waitMs: "openWaitMs", waitUntilMs: "openWaitUntilMs", wrongTimes: "openWrongTimes" },
} as const satisfies Record<Lane, Record<keyof LaneState, keyof BudgetRow>>;

/** One lane of a row. */
export function laneStateOf(row: BudgetRow, lane: Lane): LaneState {
  const { inRow, waitMs, waitUntilMs, wrongTimes } = COLUMNS[lane];
  return { inRow: row[inRow], waitMs: row[waitMs], waitUntilMs: row[waitUntilMs], wrongTimes: row[wrongTimes] };
}

/** That a lane had its last charge before `cut`, and is not suspended. A lane without a charge is quiet. */
export function isQuietLane(t: Table, lane: Lane): SQL {
  const { inRow, wrongTimes } = COLUMNS[lane];
  return sql`${t[inRow]} < ${value("suspend")}
    and substr(${t[wrongTimes]}, ${value("one")}, ${value("stampWidth")}) < ${value("cut")}`;
}

/** That a lane remembers a charge. */
export function hasCharge(t: Table, lane: Lane): SQL {
  return sql`${t[COLUMNS[lane].wrongTimes]} <> ${value("none")}`;
}

/** A lane without a charge, for a statement's `set`. */
export function emptyLane(lane: Lane) {
  const { inRow, waitMs, waitUntilMs, wrongTimes } = COLUMNS[lane];
  return { [inRow]: setTo("zero"), [waitMs]: setTo("zero"), [waitUntilMs]: setTo("zero"), [wrongTimes]: setTo("none") };
}

/** A column of the row that an upsert would have inserted. */
function givenFor({ name }: Readonly<{ name: string }>): SQL {
  return sql`excluded.${sql.identifier(name)}`;
}

/** The statements that decide about a guess, give a charge back and lift the lane. */
export function laneStatements({ db, tables: { guessBudgets: t } }: Engine, lane: Lane) {
  const names = COLUMNS[lane];
  const [inRow, waitMs] = [t[names.inRow], t[names.waitMs]];
  const [waitUntilMs, wrongTimes] = [t[names.waitUntilMs], t[names.wrongTimes]];
  const nextWait = sql`case when ${inRow} + 1 < ${value("free")} then 0 when ${waitMs} = 0 then ${value("firstWait")}
    when ${waitMs} + ${waitMs} > ${value("maxWait")} then ${value("maxWait")} else ${waitMs} + ${waitMs} end`;
  // What the row would have had, had there been none: named so, a value is passed once.
  const [entry, step] = [givenFor(wrongTimes), givenFor(t.lastStep)];
  // Without a code the authenticator is null, and equal to none.
  const isSpent = sql`${t.codesOf} = ${value("authenticatorId")} and ${t.lastStep} < ${step}`;
  const whetherSpent = (spent: SQL, charged: SQL) => sql`case when ${isSpent} then ${spent} else ${charged} end`;
  const take = db
    .insert(t)
    .values({
      id: value("id"),
      lastStep: value("step"),
      [names.inRow]: value("one"),
      [names.waitMs]: value("newWait"),
      [names.waitUntilMs]: value("newWaitUntil"),
      [names.wrongTimes]: value("entry"),
    })
    .onConflictDoUpdate({
      target: t.id,
      set: {
        [names.inRow]: whetherSpent(sql`0`, sql`${inRow} + 1`),
        [names.waitMs]: whetherSpent(sql`0`, nextWait),
        [names.waitUntilMs]: whetherSpent(sql`0`, sql`${value("now")} + (${nextWait})`),
        [names.wrongTimes]: whetherSpent(
          sql`${wrongTimes}`,
          sql`substr(${entry} || ${wrongTimes}, 1, ${value("keep")})`,
        ),
        lastStep: whetherSpent(step, sql`${t.lastStep}`),
        lastUsedAtMs: whetherSpent(sql`${value("now")}`, sql`${t.lastUsedAtMs}`),
      },
      setWhere: sql`${waitUntilMs} <= ${value("now")} and ${inRow} < ${value("suspend")}
        and substr(${wrongTimes}, ${value("dayOffset")}, ${value("stampWidth")}) <= ${value("dayCut")}
        and substr(${wrongTimes}, ${value("monthOffset")}, ${value("stampWidth")}) <= ${value("monthCut")}`,
    })
    .returning({ inRow })
    .prepare();
  const given = {
    [names.inRow]: setTo("zero"),
    [names.waitMs]: setTo("zero"),
    [names.waitUntilMs]: setTo("zero"),
    [names.wrongTimes]: sql`replace(${wrongTimes}, ${value("entry")}, '')`,
  };
  const isRow = eq(t.id, value("id"));
  const giveBack = db.update(t).set(given).where(isRow).prepare();
  const lift = db
    .update(t)
    .set({ ...given, [names.wrongTimes]: setTo("none") })
    .where(isRow)
    .prepare();
  return { take, giveBack, lift };
}
