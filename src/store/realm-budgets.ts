import { eq, sql } from "drizzle-orm";
import type { RealmBudgetVerbs } from "../ports/store.ts";
import { deferred, type Engine, value } from "./engine.ts";

/**
 * A realm's budgets as theoretical arrival times (ITU-T I.371), in the table of source limits: each wrong code moves
 * the time on by one interval, right ones move it back, and it never lies further ahead than the burst.
 */
export function realmBudgetVerbs({ db, tables: { sourceLimits: t } }: Engine): RealmBudgetVerbs {
  const later = sql`case when ${t.arrivalMs} > ${value("now")} then ${t.arrivalMs} else ${value("now")} end`;
  const moved = sql`(${later}) + ${value("step")}`;
  const charge = db
    .insert(t)
    .values({ id: value("id"), arrivalMs: value("first") })
    .onConflictDoUpdate({
      target: t.id,
      set: {
        arrivalMs: sql`case when (${moved}) > ${value("latest")} then ${value("latest")}
          when (${moved}) < ${value("now")} then ${value("now")} else (${moved}) end`,
      },
    })
    .returning({ arrivalMs: t.arrivalMs })
    .prepare();
  const take = db
    .insert(t)
    .values({ id: value("id"), arrivalMs: value("first") })
    .onConflictDoUpdate({
      target: t.id,
      set: { arrivalMs: moved },
      setWhere: sql`(${moved}) <= ${value("latest")}`,
    })
    .returning({ arrivalMs: t.arrivalMs })
    .prepare();
  const isRow = eq(t.id, value("id"));
  const find = db.select({ arrivalMs: t.arrivalMs }).from(t).where(isRow).prepare();
  const less = sql`${t.arrivalMs} - ${value("ms")}`;
  const giveBack = db
    .update(t)
    .set({ arrivalMs: sql`case when (${less}) > ${value("now")} then (${less}) else ${value("now")} end` })
    .where(isRow)
    .prepare();
  const lift = db.delete(t).where(isRow).prepare();

  return {
    take: async (budget, { intervalMs, burst }, now) => {
      const [first, latest] = [now + intervalMs, now + burst * intervalMs];
      return (await take.execute({ id: idOf(budget), now, step: intervalMs, first, latest }))[0]?.arrivalMs;
    },
    giveBack: (budget, ms, now) => deferred(giveBack, { id: idOf(budget), ms, now }),
    charge: async (budget, { intervalMs, burst, creditMs }, now) => {
      const step = intervalMs - creditMs;
      const first = now + Math.max(0, step);
      const [row] = await charge.execute({ id: idOf(budget), now, step, first, latest: now + burst * intervalMs });
      return row?.arrivalMs ?? now;
    },
    find: async (budget) => (await find.execute({ id: idOf(budget) }))[0]?.arrivalMs ?? 0,
    lift: (budget) => deferred(lift, { id: idOf(budget) }),
  };
}

/** Sources have ids of base64url alone, so that no source is taken for a realm. */
function idOf({ realmId, lane }: Parameters<RealmBudgetVerbs["find"]>[0]): string {
  return `realm:${realmId}:${lane}`;
}
