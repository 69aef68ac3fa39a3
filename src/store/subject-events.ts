import { and, asc, desc, eq, gt, lte, sql } from "drizzle-orm";
import type { StoredAuditEvent } from "../domain/audit-event.ts";
import type { AuditFilterInput, SubjectEventVerbs } from "../ports/store.ts";
import { horizonOf, matches, toEvent } from "./audit-event-rows.ts";
import { deferred, type Engine, setTo, value } from "./engine.ts";

/** The counter that holds the id of the last event in the index. */
const CURSOR = "subject_events";

/** The index of the audit log by subject, which is brought up to date after the event. */
export function subjectEventVerbs(engine: Engine): SubjectEventVerbs {
  const { db, tables } = engine;
  const { auditEvents: t, subjectEvents: index, counters } = tables;
  const horizonNow = horizonOf(engine);
  const cursor = db
    .select({ value: counters.value })
    .from(counters)
    .where(eq(counters.id, value("cursor")))
    .prepare();
  const listAfter = db
    .select({ id: t.id, subjectLookup: t.subjectLookup })
    .from(t)
    .where(and(gt(t.id, value("after")), lte(t.id, value("horizon"))))
    .orderBy(asc(t.id))
    .limit(value("limit"))
    .prepare();
  const add = db
    .insert(index)
    .values({ subjectLookup: value("subjectLookup"), eventId: value("eventId") })
    .onConflictDoNothing()
    .prepare();
  const mark = db
    .insert(counters)
    .values({ id: value("cursor"), value: value("upTo") })
    .onConflictDoUpdate({
      target: counters.id,
      set: { value: setTo("upTo") },
      setWhere: sql`${counters.value} < ${value("upTo")}`,
    })
    .prepare();

  return {
    indexedUpTo: async () => (await cursor.execute({ cursor: CURSOR }))[0]?.value ?? 0,
    listAfter: async (after, limit) => listAfter.execute({ after, limit, horizon: await horizonNow() }),
    add: (entries) => entries.map((entry) => deferred(add, entry)),
    markUpTo: (upTo) => deferred(mark, { cursor: CURSOR, upTo }),
  };
}

/** Newest first: what the index has, and the events since that it does not have yet. */
export function listOfSubject(
  { db, tables }: Engine,
  indexedUpTo: () => Promise<number>,
): (subjectLookup: string, filter: AuditFilterInput) => Promise<readonly StoredAuditEvent[]> {
  const { auditEvents: t, subjectEvents: index } = tables;
  return async (subjectLookup, filter) => {
    const upTo = await indexedUpTo();
    const since = await db
      .select()
      .from(t)
      .where(and(gt(t.id, upTo), eq(t.subjectLookup, subjectLookup), matches(t, filter)))
      .orderBy(desc(t.id))
      .limit(filter.limit);
    const ofIndex = db
      .select({ id: index.eventId })
      .from(index)
      .where(and(eq(index.subjectLookup, subjectLookup), lte(index.eventId, upTo)));
    const before = await db
      .select()
      .from(t)
      .where(and(sql`${t.id} in ${ofIndex}`, matches(t, filter)))
      .orderBy(desc(t.id))
      .limit(filter.limit);
    return [...since, ...before].slice(0, filter.limit).map(toEvent);
  };
}
