import { and, asc, desc, eq, gt, lte } from "drizzle-orm";
import { AUDIT_KINDS } from "../domain/audit-event.ts";
import type { AuditVerbs } from "../ports/store.ts";
import { horizonOf, matches, toEvent } from "./audit-event-rows.ts";
import { deferred, type Engine, value } from "./engine.ts";
import { listOfSubject, subjectEventVerbs } from "./subject-events.ts";

/** The audit log: rows are only ever appended. */
export function auditVerbs(engine: Engine): AuditVerbs {
  const { db, tables } = engine;
  const t = tables.auditEvents;
  const horizonNow = horizonOf(engine);
  const bySubject = subjectEventVerbs(engine);
  const ofSubject = listOfSubject(engine, bySubject.indexedUpTo);
  const append = db
    .insert(t)
    .values({
      atMs: value("atMs"),
      kind: value("kind"),
      realmId: value("realmId"),
      rpId: value("rpId"),
      subjectLookup: value("subjectLookup"),
      authenticatorId: value("authenticatorId"),
      method: value("method"),
      lane: value("lane"),
      reason: value("reason"),
      actor: value("actor"),
      requestId: value("requestId"),
      notable: value("notable"),
    })
    .prepare();
  const listAfter = db
    .select()
    .from(t)
    .where(and(gt(t.id, value("after")), lte(t.id, value("horizon"))))
    .orderBy(asc(t.id))
    .limit(value("limit"))
    .prepare();
  const listNotable = db
    .select()
    .from(t)
    .where(
      and(
        eq(t.realmId, value("realmId")),
        eq(t.notable, value("one")),
        gt(t.id, value("after")),
        lte(t.id, value("horizon")),
      ),
    )
    .orderBy(asc(t.id))
    .limit(value("limit"))
    .prepare();

  return {
    append: (event) => deferred(append, { ...BLANK, ...event, notable: AUDIT_KINDS[event.kind].notable ? 1 : 0 }),
    bySubject,
    list: async (filter) => {
      if (filter.subjectLookup !== undefined) return ofSubject(filter.subjectLookup, filter);
      return (await db.select().from(t).where(matches(t, filter)).orderBy(desc(t.id)).limit(filter.limit)).map(toEvent);
    },
    listNotable: async (realmId, after, limit) => {
      const horizon = await horizonNow();
      return (await listNotable.execute({ realmId, one: 1, after, horizon, limit })).map(toEvent);
    },
    listAfter: async (after, limit) => {
      const horizon = await horizonNow();
      return (await listAfter.execute({ after, horizon, limit })).map(toEvent);
    },
  };
}

const BLANK = {
  rpId: null,
  subjectLookup: null,
  authenticatorId: null,
  method: null,
  lane: null,
  reason: null,
  actor: null,
};
