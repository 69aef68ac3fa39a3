import { and, between, gte, lt, sql } from "drizzle-orm";
import type { UnknownTallyVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, value } from "./engine.ts";

/** Seven digits, so that slots compare as text in order of time. */
const DIGITS = 7;

/** First sights of unknown subjects by slots of time, among the counters. */
export function unknownTallyVerbs({ db, tables: { counters: t } }: Engine): UnknownTallyVerbs {
  const add = db
    .insert(t)
    .values({ id: value("id"), value: value("count") })
    .onConflictDoUpdate({ target: t.id, set: { value: sql`${t.value} + ${value("count")}` } })
    .returning({ value: t.value })
    .prepare();
  const list = db
    .select({ value: t.value })
    .from(t)
    .where(between(t.id, value("from"), value("to")))
    .prepare();
  const claim = db
    .insert(t)
    .values({ id: value("id"), value: value("one") })
    .onConflictDoNothing()
    .returning({ id: t.id })
    .prepare();
  const purge = db
    .delete(t)
    .where(and(gte(t.id, value("from")), lt(t.id, value("before"))))
    .prepare();

  return {
    add: async (slot, count) => (await add.execute({ id: tallyOf(slot), count }))[0]?.value ?? count,
    sum: async (from, to) => {
      const rows = await list.execute({ from: tallyOf(from), to: tallyOf(to) });
      return rows.reduce((sum, row) => sum + row.value, 0);
    },
    claimAlarm: async (period) => decided(await claim.execute({ id: alarmOf(period), one: 1 })),
    purge: (slot, period) => [
      deferred(purge, { from: tallyOf(0), before: tallyOf(slot) }),
      deferred(purge, { from: alarmOf(0), before: alarmOf(period) }),
    ],
  };
}

function tallyOf(slot: number): string {
  return `unknown_tally:${padded(slot)}`;
}

function alarmOf(period: number): string {
  return `unknown_alarm:${padded(period)}`;
}

function padded(number: number): string {
  return String(Math.max(0, number)).padStart(DIGITS, "0");
}
