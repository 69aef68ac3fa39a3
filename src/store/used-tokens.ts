import { lt } from "drizzle-orm";
import type { UsedTokenVerbs } from "../ports/store.ts";
import { decided, deferred, type Engine, value } from "./engine.ts";

/** Identifiers that count once, such as the `jti` of a client assertion or a receipt. */
export function usedTokenVerbs({ db, tables: { usedTokens: t } }: Engine): UsedTokenVerbs {
  const use = db
    .insert(t)
    .values({ id: value("id"), expiresAtMs: value("expiresAtMs") })
    .onConflictDoNothing()
    .returning({ id: t.id })
    .prepare();
  const purge = db
    .delete(t)
    .where(lt(t.expiresAtMs, value("before")))
    .prepare();

  return {
    use: async (id, expiresAtMs) => decided(await use.execute({ id, expiresAtMs })),
    purge: (before) => deferred(purge, { before }),
  };
}
