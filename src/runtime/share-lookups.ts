import type { Store } from "../ports/store.ts";

/**
 * The store with one look-up of an API key for all requests that ask for the same key meanwhile. Nothing is kept
 * longer: a revoked key is refused by the next look-up.
 */
export function shareLookups(store: Store): Store {
  const { findUsable } = store.apiKeys;
  const underWay = new Map<string, ReturnType<typeof findUsable>>();
  return {
    ...store,
    apiKeys: {
      ...store.apiKeys,
      findUsable(hash, now) {
        const known = underWay.get(hash);
        if (known !== undefined) return known;
        const found = findUsable(hash, now).finally(() => underWay.delete(hash));
        underWay.set(hash, found);
        return found;
      },
    },
  };
}
