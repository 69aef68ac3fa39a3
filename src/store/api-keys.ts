import { and, asc, eq, gt, isNotNull, isNull, or, sql } from "drizzle-orm";
import { SCAN_MIX, SCAN_WINDOW_MS } from "../domain/scan.ts";
import type { ApiKeyVerbs, StoredApiKey } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** API keys, known by their hash. */
export function apiKeyVerbs(engine: Engine): ApiKeyVerbs {
  const { db, tables } = engine;
  const t = tables.apiKeys;
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
    .select({
      keyId: t.id,
      rpId: t.rpId,
      realmId: t.realmId,
      scopes: t.scopes,
      lastUsedAtMs: t.lastUsedAtMs,
      scanStoppedAtMs: t.scanStoppedAtMs,
    })
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
    ...scanVerbs(engine),
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

/** What the scan alarm counts and stops. */
function scanVerbs({ db, tables: { apiKeys: t } }: Engine) {
  const isSameHour = sql`${t.unknownSinceMs} > ${value("hourAgo")}`;
  const unknown = sql`(case when ${isSameHour} then ${t.unknownCount} + ${value("unknown")} else ${value("unknown")} end)`;
  const known = sql`(case when ${isSameHour} then ${t.knownCount} + ${value("known")} else ${value("known")} end)`;
  const isMix = sql`${unknown} >= ${value("mixFrom")} and ${known} <= ${unknown} * ${value("mixTimes")}`;
  const isTooMany = sql`${unknown} > ${value("limit")} or (${isMix} and ${unknown} + ${known} > ${value("limit")})`;
  const take = db
    .update(t)
    .set({
      unknownSinceMs: sql`case when ${isSameHour} then ${t.unknownSinceMs} else ${value("now")} end`,
      unknownCount: unknown,
      knownCount: known,
      // Else it stays what the guard says it is: null.
      scanStoppedAtMs: sql`case when ${isTooMany} then ${value("now")} else ${t.scanStoppedAtMs} end`,
    })
    .where(and(eq(t.id, value("id")), isNull(t.scanStoppedAtMs)))
    .returning({ scanStoppedAtMs: t.scanStoppedAtMs })
    .prepare();
  const giveBack = db
    .update(t)
    .set({ unknownCount: sql`${t.unknownCount} - ${value("one")}` })
    .where(and(eq(t.id, value("id")), isNull(t.scanStoppedAtMs), gt(t.unknownCount, value("zero"))))
    .prepare();
  const lift = db
    .update(t)
    .set({
      unknownCount: setTo("zero"),
      knownCount: setTo("zero"),
      unknownSinceMs: setTo("zero"),
      scanStoppedAtMs: null,
    })
    .where(and(eq(t.rpId, value("rpId")), isNotNull(t.scanStoppedAtMs)))
    .returning({ id: t.id })
    .prepare();
  return {
    takeSight: async (id: string, { isKnown, limit, nowMs }: Parameters<ApiKeyVerbs["takeSight"]>[1]) => {
      const [row] = await take.execute({
        id,
        limit,
        unknown: Number(!isKnown),
        known: Number(isKnown),
        mixFrom: SCAN_MIX.unknownFrom,
        mixTimes: SCAN_MIX.knownPerUnknown,
        now: nowMs,
        hourAgo: nowMs - SCAN_WINDOW_MS,
      });
      if (row === undefined) return undefined;
      return row.scanStoppedAtMs === null ? "counted" : "stopped";
    },
    giveUnknownBack: (id: string) => deferred(giveBack, { id, one: 1, zero: 0 }),
    liftScanAlarm: async (rpId: string) => (await lift.execute({ rpId, zero: 0 })).length,
  } satisfies Partial<ApiKeyVerbs>;
}

function toApiKey(row: Engine["tables"]["apiKeys"]["$inferSelect"]): StoredApiKey {
  const { hash: _, ...key } = row;
  return { ...key, scopes: scopesOf(row.scopes) };
}

/** No scopes are stored as the empty text, which `split` would take for one empty scope. */
function scopesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}
