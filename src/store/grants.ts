import { and, asc, eq, gt, isNull, lt } from "drizzle-orm";
import type { GrantKind, GrantVerbs, StoredGrant } from "../ports/store.ts";
import { deferred, type Engine, setTo, value } from "./engine.ts";

/** One-time links, pushed requests and authorization codes, known by the hash of their token. */
export function grantVerbs({ db, tables: { grants: t } }: Engine): GrantVerbs {
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
      expiresAtMs: value("expiresAtMs"),
    })
    .prepare();
  const find = db
    .select()
    .from(t)
    .where(eq(t.id, value("id")))
    .prepare();
  const isOpen = and(isNull(t.usedAtMs), gt(t.expiresAtMs, value("now")));
  const spend = db
    .update(t)
    .set({ usedAtMs: setTo("now") })
    .where(and(eq(t.id, value("id")), isOpen))
    .returning()
    .prepare();
  const listOpen = db
    .select()
    .from(t)
    .where(and(eq(t.kind, value("kind")), isOpen))
    .orderBy(asc(t.createdAtMs))
    .prepare();
  const drop = db
    .delete(t)
    .where(eq(t.id, value("id")))
    .prepare();
  const dropOf = db
    .delete(t)
    .where(eq(t.subjectLookup, value("lookup")))
    .prepare();
  const purge = db
    .delete(t)
    .where(lt(t.expiresAtMs, value("before")))
    .prepare();

  return {
    insert: (grant) => deferred(insert, grant),
    find: async (id) => toGrant((await find.execute({ id }))[0]),
    spend: async (id, now) => toGrant((await spend.execute({ id, now }))[0]),
    drop: (id) => deferred(drop, { id }),
    dropOf: (lookup) => deferred(dropOf, { lookup }),
    listOpen: async (kind, now) => (await listOpen.execute({ kind, now })).map(toGrantRow),
    purge: (before) => deferred(purge, { before }),
  };
}

type Row = Engine["tables"]["grants"]["$inferSelect"];

function toGrantRow(row: Row): StoredGrant {
  // The kind was written from the closed union.
  return { ...row, kind: row.kind as GrantKind };
}

function toGrant(row: Row | undefined): StoredGrant | undefined {
  return row && toGrantRow(row);
}
