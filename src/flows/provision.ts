import { ADMIN_REALM_ID, DEFAULT_REALM_ID, type Realm } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";

/** Puts the two realms that every installation has in place, bound to our public address. */
export async function provisionRealms(deps: Pick<Deps, "store" | "clock" | "publicUrl">): Promise<void> {
  const { hostname, origin } = new URL(deps.publicUrl);
  const bound = { rpId: hostname, origins: [origin] };
  const now = deps.clock.now();
  const existing = await deps.store.realms.find(DEFAULT_REALM_ID);
  // An operator may have bound the default realm to the domain that its relying parties share; that stays.
  const defaults = existing
    ? []
    : [deps.store.realms.put({ id: DEFAULT_REALM_ID, name: "Countersign", ...bound }, now)];
  const admin = await deps.store.realms.find(ADMIN_REALM_ID);
  const admins = isBound(admin, bound)
    ? []
    : [deps.store.realms.put({ id: ADMIN_REALM_ID, name: "Countersign administration", ...bound }, now)];
  await deps.store.atomically([...defaults, ...admins]);
}

/** On Workers every isolate looks: what is in place is not written again. */
function isBound(realm: Realm | undefined, { rpId, origins }: Pick<Realm, "rpId" | "origins">): boolean {
  return realm?.rpId === rpId && realm.origins.join(" ") === origins.join(" ");
}
