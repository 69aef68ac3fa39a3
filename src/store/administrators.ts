import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Administrator, AdminRole } from "../domain/administrator.ts";
import type { AdministratorVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

const OWNERS = "owners";

/** Administrators; removed ones stay as a record. */
export function administratorVerbs({ db, tables: { administrators: t, counters: c } }: Engine): AdministratorVerbs {
  const insert = db
    .insert(t)
    .values({
      id: value("id"),
      subjectLookup: value("subjectLookup"),
      name: value("name"),
      role: value("role"),
      createdAtMs: value("createdAtMs"),
      lastSignInAtMs: value("lastSignInAtMs"),
    })
    .prepare();
  const isActive = isNull(t.removedAtMs);
  const find = db
    .select()
    .from(t)
    .where(and(eq(t.id, value("id")), isActive))
    .prepare();
  const findBySubject = db
    .select()
    .from(t)
    .where(and(eq(t.subjectLookup, value("lookup")), isActive))
    .prepare();
  const list = db.select().from(t).where(isActive).orderBy(asc(t.createdAtMs)).prepare();
  const noteSignIn = db
    .update(t)
    .set({ lastSignInAtMs: setTo("now") })
    .where(eq(t.id, value("id")))
    .prepare();
  const remove = db
    .update(t)
    .set({ removedAtMs: setTo("now") })
    .where(and(eq(t.id, value("id")), isActive))
    .returning({ id: t.id })
    .prepare();
  const addOwner = db
    .insert(c)
    .values({ id: value("owners"), value: value("one") })
    .onConflictDoUpdate({ target: c.id, set: { value: sql`${c.value} + ${value("one")}` } })
    .prepare();
  const takeOwner = db
    .update(c)
    .set({ value: sql`${c.value} - ${value("one")}` })
    .where(and(eq(c.id, value("owners")), gt(c.value, value("one"))))
    .returning({ value: c.value })
    .prepare();

  return {
    insert: (administrator) => deferred(insert, administrator),
    find: async (id) => (await find.execute({ id })).map(toAdministrator)[0],
    findBySubject: async (lookup) => (await findBySubject.execute({ lookup })).map(toAdministrator)[0],
    list: async () => (await list.execute({})).map(toAdministrator),
    noteSignIn: (id, now) => deferred(noteSignIn, { id, now }),
    addOwner: () => deferred(addOwner, { owners: OWNERS, one: 1 }),
    takeOwner: async () => decided(await takeOwner.execute({ owners: OWNERS, one: 1 })),
    remove: async (id, now) => decided(await remove.execute({ id, now })),
  };
}

function toAdministrator(row: Engine["tables"]["administrators"]["$inferSelect"]): Administrator {
  const { removedAtMs: _, ...administrator } = row;
  // The role was written from the closed union.
  return { ...administrator, role: row.role as AdminRole };
}
