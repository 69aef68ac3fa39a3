import { and, asc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { RelyingPartyVerbs, StoredRelyingParty } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** Registered applications; revoked ones stay as a record. */
export function relyingPartyVerbs({ db, tables: { relyingParties: t } }: Engine): RelyingPartyVerbs {
  const insert = db
    .insert(t)
    .values({
      id: value("id"),
      realmId: value("realmId"),
      name: value("name"),
      redirectUris: value("redirectUris"),
      clientSecretHash: value("clientSecretHash"),
      jwks: value("jwks"),
      allowInsecureAuthorize: value("allowInsecureAuthorize"),
      createdAtMs: value("createdAtMs"),
    })
    .prepare();
  const find = db
    .select()
    .from(t)
    .where(eq(t.id, value("id")))
    .prepare();
  const list = db.select().from(t).orderBy(asc(t.createdAtMs), asc(t.id)).prepare();
  const revoke = db
    .update(t)
    .set({ revokedAtMs: setTo("now") })
    .where(and(eq(t.id, value("id")), isNull(t.revokedAtMs)))
    .returning({ id: t.id })
    .prepare();

  const setUnknownPerHour = db
    .update(t)
    .set({ unknownPerHour: setTo("limit") })
    .where(eq(t.id, value("id")))
    .prepare();

  return {
    insert: (rp) =>
      deferred(insert, {
        ...rp,
        redirectUris: JSON.stringify(rp.redirectUris),
        jwks: rp.jwks && JSON.stringify(rp.jwks),
        allowInsecureAuthorize: rp.allowInsecureAuthorize ? 1 : 0,
      }),
    find: async (id) => (await find.execute({ id })).map(toRelyingParty)[0],
    list: async () => (await list.execute({})).map(toRelyingParty),
    revoke: async (id, now) => decided(await revoke.execute({ id, now })),
    setUnknownPerHour: (id, limit) => deferred(setUnknownPerHour, { id, limit }),
  };
}

const uriList = z.array(z.string());
const keySet = z.object({ keys: z.array(z.looseObject({})) });

function toRelyingParty(row: Engine["tables"]["relyingParties"]["$inferSelect"]): StoredRelyingParty {
  return {
    ...row,
    redirectUris: uriList.parse(JSON.parse(row.redirectUris)),
    jwks: row.jwks === null ? null : keySet.parse(JSON.parse(row.jwks)),
    allowInsecureAuthorize: row.allowInsecureAuthorize === 1,
  };
}
