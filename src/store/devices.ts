import { and, eq, isNull } from "drizzle-orm";
import type { DeviceVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** Device tokens: one row a line, whose current token is known by its hash. */
export function deviceVerbs({ db, tables: { devices: t } }: Engine): DeviceVerbs {
  const insert = db
    .insert(t)
    .values({
      id: value("id"),
      rpId: value("rpId"),
      subjectLookup: value("subjectLookup"),
      tokenHash: value("tokenHash"),
      createdAtMs: value("createdAtMs"),
      usedAtMs: value("createdAtMs"),
    })
    .prepare();
  const find = db
    .select({
      id: t.id,
      rpId: t.rpId,
      subjectLookup: t.subjectLookup,
      tokenHash: t.tokenHash,
      revokedAtMs: t.revokedAtMs,
    })
    .from(t)
    .where(eq(t.id, value("id")))
    .prepare();
  const rotate = db
    .update(t)
    .set({ tokenHash: setTo("to"), usedAtMs: setTo("now") })
    .where(and(eq(t.id, value("id")), eq(t.tokenHash, value("from")), isNull(t.revokedAtMs)))
    .returning({ id: t.id })
    .prepare();
  const revoked = { revokedAtMs: setTo("now") };
  const revoke = db
    .update(t)
    .set(revoked)
    .where(and(eq(t.id, value("id")), isNull(t.revokedAtMs)))
    .prepare();
  const revokeAll = db
    .update(t)
    .set(revoked)
    .where(and(eq(t.subjectLookup, value("lookup")), isNull(t.revokedAtMs)))
    .prepare();

  return {
    insert: (device) => deferred(insert, device),
    find: async (id) => (await find.execute({ id }))[0],
    rotate: async (id, from, to, now) => decided(await rotate.execute({ id, from, to, now })),
    revoke: (id, now) => deferred(revoke, { id, now }),
    revokeAll: (lookup, now) => deferred(revokeAll, { lookup, now }),
  };
}
