import { afterwards } from "../domain/eventual.ts";
import type { Realm } from "../domain/realm.ts";
import type { Clock } from "../ports/clock.ts";
import type { Realms } from "../ports/deps.ts";
import type { Store } from "../ports/store.ts";

/** A change of policy shows on every node within this time. */
const CACHED_MS = 5_000;

/** Realms by id, read again every few seconds: policies are parsed once, not once a request. */
export function createRealms(store: Store, clock: Clock): Realms {
  const cache = new Map<string, Readonly<{ realm: Realm; readAtMs: number }>>();
  return {
    get(id) {
      const now = clock.now();
      const cached = cache.get(id);
      if (cached && now - cached.readAtMs < CACHED_MS && now >= cached.readAtMs) return cached.realm;
      return afterwards(store.realms.find(id), (realm) => {
        if (!realm) throw new Error("a realm that is referred to does not exist");
        cache.set(id, { realm, readAtMs: now });
        return realm;
      });
    },
  };
}
