import { lt, sql } from "drizzle-orm";
import type { SourcePolicy } from "../domain/realm.ts";
import type { SourceVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, value } from "./engine.ts";

/**
 * Source limits by the generic cell rate algorithm (ITU-T I.371): each request moves the theoretical arrival time on by
 * one interval, and is refused when that time lies further ahead than the burst allows.
 */
export function sourceVerbs({ db, tables: { sourceLimits: t } }: Engine): SourceVerbs {
  const later = sql`case when ${t.arrivalMs} > ${value("now")} then ${t.arrivalMs} else ${value("now")} end`;
  const take = db
    .insert(t)
    .values({ id: value("id"), arrivalMs: value("first") })
    .onConflictDoUpdate({
      target: t.id,
      set: { arrivalMs: sql`(${later}) + ${value("interval")}` },
      setWhere: sql`${t.arrivalMs} <= ${value("latest")}`,
    })
    .returning({ id: t.id })
    .prepare();
  const purge = db
    .delete(t)
    .where(lt(t.arrivalMs, value("before")))
    .prepare();

  return {
    take: async (id, policy, now) => decided(await take.execute({ id, now, ...cellRate(policy, now) })),
    purge: (before) => deferred(purge, { before }),
  };
}

function cellRate(policy: SourcePolicy, now: number) {
  const interval = Math.ceil(60_000 / policy.perMinute);
  return { interval, first: now + interval, latest: now + (policy.burst - 1) * interval };
}
