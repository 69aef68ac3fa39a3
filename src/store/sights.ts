import { eq, lt, sql } from "drizzle-orm";
import type { SightVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** Which subjects a key has asked about lately: each counts once. */
export function sightVerbs({ db, tables: { sights: t } }: Engine): SightVerbs {
  const add = db
    .insert(t)
    .values({
      subjectLookup: value("subjectLookup"),
      keyId: value("keyId"),
      atMs: value("nowMs"),
      isKnown: value("isKnown"),
    })
    .onConflictDoUpdate({
      target: [t.subjectLookup, t.keyId],
      set: { atMs: setTo("nowMs"), isKnown: setTo("isKnown") },
      setWhere: sql`${t.atMs} <= ${value("sinceMs")}`,
    })
    .returning({ atMs: t.atMs })
    .prepare();
  const forget = db
    .delete(t)
    .where(eq(t.subjectLookup, value("subjectLookup")))
    .returning({ keyId: t.keyId, isKnown: t.isKnown })
    .prepare();
  const purge = db
    .delete(t)
    .where(lt(t.atMs, value("before")))
    .prepare();

  return {
    add: async (sighting) => decided(await add.execute({ ...sighting, isKnown: Number(sighting.isKnown) })),
    forget: async (subjectLookup) =>
      (await forget.execute({ subjectLookup })).filter(({ isKnown }) => isKnown === 0).map(({ keyId }) => keyId),
    purge: (before) => deferred(purge, { before }),
  };
}
