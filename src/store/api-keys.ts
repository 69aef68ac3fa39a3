import { and, asc, eq, gt, isNull, or } from "drizzle-orm";
import type { ApiKeyVerbs, StoredApiKey } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** API keys, known by their hash. */
export function apiKeyVerbs({ db, tables: { apiKeys: t } }: Engine): ApiKeyVerbs {
  const insert = db
    .insert(t)
    .values({
      id: value("id"),
      rpId: value("rpId"),
      realmId: value("realmId"),
      hash: value("hash"),
      prefix: value("prefix"),
      scopes: value("scopes"),
      createdAtMs: value("createdAtMs"),
      expiresAtMs: value("expiresAtMs"),
    })
    .prepare();
  const isUsable = and(
    eq(t.hash, value("hash")),
    isNull(t.revokedAtMs),
    or(isNull(t.expiresAtMs), gt(t.expiresAtMs, value("now"))),
  );
  const findUsable = db
    .select({ keyId: t.id, rpId: t.rpId, realmId: t.realmId, scopes: t.scopes, lastUsedAtMs: t.lastUsedAtMs })
    .from(t)
    .where(isUsable)
    .prepare();
  const noteUse = db
    .update(t)
    .set({ lastUsedAtMs: setTo("now") })
    .where(eq(t.id, value("id")))
    .prepare();
  const listOf = db
    .select()
    .from(t)
    .where(eq(t.rpId, value("rpId")))
    .orderBy(asc(t.createdAtMs))
    .prepare();
  const isOpen = and(eq(t.rpId, value("rpId")), isNull(t.revokedAtMs));
  const revoke = db
    .update(t)
    .set({ revokedAtMs: setTo("now") })
    .where(and(eq(t.id, value("id")), isOpen))
    .returning({ id: t.id })
    .prepare();
  const revokeAll = db
    .update(t)
    .set({ revokedAtMs: setTo("now") })
    .where(isOpen)
    .prepare();
  const expire = db
    .update(t)
    .set({ expiresAtMs: setTo("at") })
    .where(and(eq(t.id, value("id")), isOpen, or(isNull(t.expiresAtMs), gt(t.expiresAtMs, value("at")))))
    .prepare();

  return {
    insert: (key) => deferred(insert, { ...key, scopes: key.scopes.join(" ") }),
    findUsable: async (hash, now) =>
      (await findUsable.execute({ hash, now })).map((row) => ({ ...row, scopes: scopesOf(row.scopes) }))[0],
    noteUse: (id, now) => deferred(noteUse, { id, now }),
    listOf: async (rpId) => (await listOf.execute({ rpId })).map(toApiKey),
    revoke: async (id, rpId, now) => decided(await revoke.execute({ id, rpId, now })),
    revokeAllOf: (rpId, now) => deferred(revokeAll, { rpId, now }),
    expire: (id, rpId, at) => deferred(expire, { id, rpId, at }),
  };
}

function toApiKey(row: Engine["tables"]["apiKeys"]["$inferSelect"]): StoredApiKey {
  const { hash: _, ...key } = row;
  return { ...key, scopes: scopesOf(row.scopes) };
}

/** No scopes are stored as the empty text, which `split` would take for one empty scope. */
function scopesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}
