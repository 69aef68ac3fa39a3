import { and, asc, eq } from "drizzle-orm";
import type { StoredSystemKey, SystemKeyVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** Keys of the service itself, sealed under the master key: the MAC root and the signing keys. */
export function systemKeyVerbs({ db, tables: { systemKeys: t } }: Engine): SystemKeyVerbs {
  const insert = db
    .insert(t)
    .values({
      id: value("id"),
      kind: value("kind"),
      sealed: value("sealed"),
      publicJwk: value("publicJwk"),
      createdAtMs: value("createdAtMs"),
      retiredAtMs: value("retiredAtMs"),
    })
    .onConflictDoNothing()
    .returning({ id: t.id })
    .prepare();
  const list = db
    .select()
    .from(t)
    .where(eq(t.kind, value("kind")))
    .orderBy(asc(t.createdAtMs))
    .prepare();
  const reseal = db
    .update(t)
    .set({ sealed: setTo("to") })
    .where(and(eq(t.id, value("id")), eq(t.sealed, value("from"))))
    .returning({ id: t.id })
    .prepare();

  const drop = db
    .delete(t)
    .where(eq(t.id, value("id")))
    .prepare();

  return {
    insert: async (key) => decided(await insert.execute(key)),
    // The kind was written from the closed union.
    list: async (kind) => (await list.execute({ kind })) as readonly StoredSystemKey[],
    drop: (id) => deferred(drop, { id }),
    reseal: async (id, from, to) => decided(await reseal.execute({ id, from, to })),
  };
}
