import { and, eq, gt, gte, isNull, lt, lte, sql } from "drizzle-orm";
import type { Acr } from "../domain/assurance.ts";
import type { Method } from "../domain/authenticator.ts";
import type { ChallengeVerbs, StoredChallenge } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** Challenges: the one `pending → satisfied` update makes an answer single-use. */
export function challengeVerbs(engine: Engine): ChallengeVerbs {
  return { ...answeringVerbs(engine), ...spendingVerbs(engine) };
}

function answeringVerbs({ db, tables: { challenges: t } }: Engine) {
  const insert = db
    .insert(t)
    .values({
      id: value("id"),
      realmId: value("realmId"),
      rpId: value("rpId"),
      subjectLookup: value("subjectLookup"),
      purpose: value("purpose"),
      requiredAcr: value("requiredAcr"),
      methods: value("methods"),
      lane: value("lane"),
      firstFactor: value("firstFactor"),
      deviceId: value("deviceId"),
      deviceTokenHash: value("deviceTokenHash"),
      webauthnChallenge: value("webauthnChallenge"),
      attemptsLeft: value("attemptsLeft"),
      status: value("pending"),
      createdAtMs: value("createdAtMs"),
      expiresAtMs: value("expiresAtMs"),
    })
    .prepare();
  const isOwn = and(eq(t.id, value("id")), eq(t.rpId, value("rpId")));
  const find = db.select().from(t).where(isOwn).prepare();
  const takeAttempt = db
    .update(t)
    .set({ attemptsLeft: sql`${t.attemptsLeft} - ${value("one")}` })
    .where(
      and(isOwn, eq(t.status, value("pending")), gt(t.expiresAtMs, value("now")), gt(t.attemptsLeft, value("zero"))),
    )
    .returning()
    .prepare();
  const satisfy = db
    .update(t)
    .set({
      status: setTo("satisfied"),
      satisfiedAtMs: setTo("now"),
      redeemedAtMs: setTo("redeemedAtMs"),
      method: setTo("method"),
      authenticatorId: setTo("authenticatorId"),
      acr: setTo("acr"),
      amr: setTo("amr"),
      userVerified: setTo("userVerified"),
    })
    .where(and(eq(t.id, value("id")), eq(t.status, value("pending")), gt(t.expiresAtMs, value("now"))))
    .returning({ id: t.id })
    .prepare();
  const renew = db
    .update(t)
    .set({
      webauthnChallenge: setTo("webauthnChallenge"),
      attemptsLeft: setTo("attemptsLeft"),
      expiresAtMs: setTo("expiresAtMs"),
    })
    .where(
      and(isOwn, eq(t.status, value("pending")), lte(t.expiresAtMs, value("now")), gt(t.attemptsLeft, value("zero"))),
    )
    .returning()
    .prepare();
  const deny = db
    .update(t)
    .set({ status: setTo("denied") })
    .where(and(eq(t.id, value("id")), eq(t.status, value("pending"))))
    .returning({ id: t.id })
    .prepare();

  return {
    insert: (row: Parameters<ChallengeVerbs["insert"]>[0]) =>
      deferred(insert, {
        ...row,
        methods: JSON.stringify(row.methods),
        firstFactor: Number(row.firstFactor),
        pending: "pending",
      }),
    find: async (id: string, rpId: string) => toChallenge((await find.execute({ id, rpId }))[0]),
    takeAttempt: async (id: string, rpId: string, now: number) =>
      toChallenge((await takeAttempt.execute({ id, rpId, now, pending: "pending", one: 1, zero: 0 }))[0]),
    satisfy: async (id: string, { redeemed, ...by }: Parameters<ChallengeVerbs["satisfy"]>[1], now: number) =>
      decided(
        await satisfy.execute({
          ...by,
          redeemedAtMs: redeemed ? now : null,
          id,
          now,
          amr: JSON.stringify(by.amr),
          userVerified: Number(by.userVerified),
          satisfied: "satisfied",
          pending: "pending",
        }),
      ),
    renew: async (id: string, rpId: string, as: Parameters<ChallengeVerbs["renew"]>[2], now: number) =>
      toChallenge((await renew.execute({ ...as, id, rpId, now, pending: "pending", zero: 0 }))[0]),
    deny: async (id: string) => decided(await deny.execute({ id, denied: "denied", pending: "pending" })),
  };
}

function spendingVerbs({ db, tables: { challenges: t } }: Engine) {
  const isFresh = and(
    eq(t.id, value("id")),
    eq(t.rpId, value("rpId")),
    eq(t.status, value("satisfied")),
    gte(t.satisfiedAtMs, value("since")),
  );
  const spendProof = db
    .update(t)
    .set({ proofSpentAtMs: setTo("now") })
    .where(
      and(
        isFresh,
        eq(t.subjectLookup, value("subjectLookup")),
        eq(t.purpose, value("purpose")),
        isNull(t.proofSpentAtMs),
      ),
    )
    .returning()
    .prepare();
  const redeem = db
    .update(t)
    .set({ redeemedAtMs: setTo("now") })
    .where(and(isFresh, isNull(t.redeemedAtMs)))
    .returning()
    .prepare();
  const purge = db
    .delete(t)
    .where(lt(t.expiresAtMs, value("before")))
    .prepare();

  return {
    spendProof: async (id: string, by: Parameters<ChallengeVerbs["spendProof"]>[1]) =>
      toChallenge(
        (await spendProof.execute({ id, ...by, since: by.sinceMs, now: by.nowMs, satisfied: "satisfied" }))[0],
      ),
    redeem: async (id: string, rpId: string, since: number, now: number) =>
      toChallenge((await redeem.execute({ id, rpId, since, now, satisfied: "satisfied" }))[0]),
    purge: (before: number) => deferred(purge, { before }),
  };
}

function toChallenge(row: Engine["tables"]["challenges"]["$inferSelect"] | undefined): StoredChallenge | undefined {
  if (!row) return undefined;
  return {
    ...row,
    // Text columns below were written from closed unions.
    methods: JSON.parse(row.methods) as Method[],
    amr: row.amr === null ? null : (JSON.parse(row.amr) as string[]),
    requiredAcr: row.requiredAcr as Acr | null,
    acr: row.acr as Acr | null,
    lane: row.lane as StoredChallenge["lane"],
    firstFactor: row.firstFactor === 1,
    status: row.status as StoredChallenge["status"],
    method: row.method as Method | null,
    userVerified: row.userVerified === null ? null : row.userVerified === 1,
  };
}
