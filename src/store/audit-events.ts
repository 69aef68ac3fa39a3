import { and, asc, desc, eq, gt, gte, lt, lte } from "drizzle-orm";
import type { AuditKind, StoredAuditEvent } from "../domain/audit-event.ts";
import { AUDIT_KINDS } from "../domain/audit-event.ts";
import type { AuditFilterInput, AuditVerbs } from "../ports/store.ts";
import { deferred, type Engine, value } from "./engine.ts";

/** The audit log: rows are only ever appended. */
export function auditVerbs({ db, tables: { auditEvents: t }, eventHorizon = endless }: Engine): AuditVerbs {
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
    list: async (filter) =>
      (await db.select().from(t).where(conditions(t, filter)).orderBy(desc(t.id)).limit(filter.limit)).map(toEvent),
    listNotable: async (realmId, after, limit) => {
      const horizon = await eventHorizon();
      return (await listNotable.execute({ realmId, one: 1, after, horizon, limit })).map(toEvent);
    },
    listAfter: async (after, limit) => {
      const horizon = await eventHorizon();
      return (await listAfter.execute({ after, horizon, limit })).map(toEvent);
    },
  };
}

/** Where ids appear in order, whatever is visible is complete. */
async function endless(): Promise<number> {
  return Number.MAX_SAFE_INTEGER;
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

function conditions(t: Engine["tables"]["auditEvents"], filter: AuditFilterInput) {
  return and(
    filter.kind === undefined ? undefined : eq(t.kind, filter.kind),
    filter.rpId === undefined ? undefined : eq(t.rpId, filter.rpId),
    filter.subjectLookup === undefined ? undefined : eq(t.subjectLookup, filter.subjectLookup),
    filter.fromMs === undefined ? undefined : gte(t.atMs, filter.fromMs),
    filter.toMs === undefined ? undefined : lte(t.atMs, filter.toMs),
    filter.beforeId === undefined ? undefined : lt(t.id, filter.beforeId),
    filter.afterId === undefined ? undefined : gt(t.id, filter.afterId),
  );
}

function toEvent(row: Engine["tables"]["auditEvents"]["$inferSelect"]): StoredAuditEvent {
  const { notable: _, ...event } = row;
  // Kind, method and lane were written from the closed unions.
  return {
    ...event,
    kind: row.kind as AuditKind,
    method: row.method as StoredAuditEvent["method"],
    lane: row.lane as StoredAuditEvent["lane"],
  };
}
