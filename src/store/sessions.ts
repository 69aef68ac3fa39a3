import { and, desc, eq, gt, lt } from "drizzle-orm";
import type { SessionVerbs, StoredSession } from "../ports/store.ts";
import { deferred, type Engine, setTo, value } from "./engine.ts";

/** Browser sessions, known by the hash of their cookie. */
export function sessionVerbs({ db, tables: { sessions: t } }: Engine): SessionVerbs {
  const insert = db
    .insert(t)
    .values({
      id: value("id"),
      kind: value("kind"),
      realmId: value("realmId"),
      rpId: value("rpId"),
      subjectLookup: value("subjectLookup"),
      data: value("data"),
      createdAtMs: value("createdAtMs"),
      seenAtMs: value("seenAtMs"),
      expiresAtMs: value("expiresAtMs"),
      provenAtMs: value("provenAtMs"),
      provenMethod: value("provenMethod"),
    })
    .prepare();
  const find = db
    .select()
    .from(t)
    .where(
      and(
        eq(t.id, value("id")),
        eq(t.kind, value("kind")),
        gt(t.expiresAtMs, value("now")),
        gt(t.seenAtMs, value("idleSince")),
      ),
    )
    .prepare();
  const byId = eq(t.id, value("id"));
  const ofSubject = eq(t.subjectLookup, value("lookup"));
  const see = db
    .update(t)
    .set({ seenAtMs: setTo("now") })
    .where(byId)
    .prepare();
  const setData = db
    .update(t)
    .set({ data: setTo("data") })
    .where(byId)
    .prepare();
  const end = db.delete(t).where(byId).prepare();
  const endAll = db.delete(t).where(ofSubject).prepare();
  const list = db
    .select()
    .from(t)
    .where(and(ofSubject, gt(t.expiresAtMs, value("now"))))
    .orderBy(desc(t.seenAtMs))
    .prepare();
  const purge = db
    .delete(t)
    .where(lt(t.expiresAtMs, value("before")))
    .prepare();

  return {
    insert: (session) => deferred(insert, session),
    find: async (id, kind, now, idleMs) =>
      (await find.execute({ id, kind, now, idleSince: now - idleMs })).map(toSession)[0],
    see: (id, now) => deferred(see, { id, now }),
    setData: (id, data) => deferred(setData, { id, data }),
    end: (id) => deferred(end, { id }),
    endAll: (lookup) => deferred(endAll, { lookup }),
    listOf: async (lookup, now) => (await list.execute({ lookup, now })).map(toSession),
    purge: (before) => deferred(purge, { before }),
  };
}

function toSession(row: Engine["tables"]["sessions"]["$inferSelect"]): StoredSession {
  // Kind and method were written from the closed unions.
  return {
    ...row,
    kind: row.kind as StoredSession["kind"],
    provenMethod: row.provenMethod as StoredSession["provenMethod"],
  };
}
