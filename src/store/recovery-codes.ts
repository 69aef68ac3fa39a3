import { and, eq, isNull, sql } from "drizzle-orm";
import type { RecoveryCodeVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, setTo, value } from "./engine.ts";

/** Recovery codes as keyed MACs, addressed by them. */
export function recoveryCodeVerbs({ db, tables: { recoveryCodes: t } }: Engine): RecoveryCodeVerbs {
  const insert = db
    .insert(t)
    .values({ mac: value("mac"), authenticatorId: value("authenticatorId"), createdAtMs: value("now") })
    .prepare();
  const isUnused = and(eq(t.authenticatorId, value("authenticatorId")), isNull(t.usedAtMs));
  const spend = db
    .update(t)
    .set({ usedAtMs: setTo("now") })
    .where(and(eq(t.mac, value("mac")), isUnused))
    .returning({ mac: t.mac })
    .prepare();
  const count = db.select({ left: sql<number>`count(*)` }).from(t).where(isUnused).prepare();
  const erase = db
    .delete(t)
    .where(eq(t.authenticatorId, value("authenticatorId")))
    .prepare();

  return {
    insertSet: (authenticatorId, macs, now) => macs.map((mac) => deferred(insert, { mac, authenticatorId, now })),
    spend: async (mac, authenticatorId, now) => decided(await spend.execute({ mac, authenticatorId, now })),
    countLeft: async (authenticatorId) => Number((await count.execute({ authenticatorId }))[0]?.left ?? 0),
    eraseSet: (authenticatorId) => deferred(erase, { authenticatorId }),
  };
}
