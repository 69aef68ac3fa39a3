import { and, eq, isNull, lt, lte, or } from "drizzle-orm";
import type { IdempotencyVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** First verdicts, by the keyed hash of relying party and idempotency key. */
export function idempotencyVerbs({ db, tables: { idempotencyKeys: t } }: Engine): IdempotencyVerbs {
  const claim = db
    .insert(t)
    .values({ id: value("id"), requestHash: value("requestHash"), createdAtMs: value("now") })
    .onConflictDoUpdate({
      target: t.id,
      set: { requestHash: setTo("requestHash"), status: null, body: null, createdAtMs: setTo("now") },
      setWhere: or(lte(t.createdAtMs, value("stale")), and(isNull(t.status), lte(t.createdAtMs, value("abandoned")))),
    })
    .returning({ id: t.id })
    .prepare();
  const find = db
    .select({ requestHash: t.requestHash, status: t.status, body: t.body, createdAtMs: t.createdAtMs })
    .from(t)
    .where(eq(t.id, value("id")))
    .prepare();
  const isStanding = and(eq(t.id, value("id")), eq(t.createdAtMs, value("claimed")));
  const settle = db
    .update(t)
    .set({ status: setTo("status"), body: setTo("body") })
    .where(isStanding)
    .prepare();
  const release = db.delete(t).where(isStanding).prepare();
  const purge = db
    .delete(t)
    .where(lt(t.createdAtMs, value("before")))
    .prepare();

  return {
    claim: async (id, requestHash, { nowMs: now, staleMs: stale, abandonedMs: abandoned }) =>
      decided(await claim.execute({ id, requestHash, now, stale, abandoned })),
    find: async (id) => (await find.execute({ id }))[0],
    settle: (id, claimed, status, body) => deferred(settle, { id, claimed, status, body }),
    release: (id, claimed) => deferred(release, { id, claimed }),
    purge: (before) => deferred(purge, { before }),
  };
}
