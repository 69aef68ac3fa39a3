import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DEFAULT_REALM_ID } from "../domain/realm.ts";
import { SCOPES } from "../domain/relying-party.ts";
import { type Actor, createApiKey, createRelyingParty } from "../flows/relying-parties.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredRelyingParty } from "../ports/store.ts";
import { systemActor } from "./actor.ts";

/** The sample relying party, seen from this file. It is an example, so the service does without it where it is missing. */
const SHOP = resolve(import.meta.dirname, "../../examples/shop/server.ts");
/** As the shop calls itself: people meet this name on our pages. */
const NAME = "Juniper & Rye";

export type Sample = Readonly<{ url: string; close: () => Promise<void> }>;
type ShopModule = Readonly<{
  startShop: (options: Readonly<{ port: number; countersignUrl: string; apiKey: string }>) => Promise<Sample>;
  shopRedirectUris: (shopUrl: string) => string[];
}>;

/** Starts the sample shop on the port, with an API key made for this run; undefined where it is not there. */
export async function startSample(
  deps: Deps,
  options: Readonly<{ port: number; countersignUrl: string }>,
): Promise<Sample | undefined> {
  if (!existsSync(SHOP)) return undefined;
  // The one file outside src that is run from here; its shape is that of examples/shop/server.ts.
  const { startShop, shopRedirectUris } = (await import(pathToFileURL(SHOP).href)) as ShopModule;
  const apiKey = await issueKey(deps, shopRedirectUris(`http://localhost:${options.port}`));
  return startShop({ ...options, apiKey });
}

/** The shop is registered once; its keys of earlier runs end with this one, which nothing but this process ever sees. */
async function issueKey(deps: Deps, redirectUris: readonly string[]): Promise<string> {
  const by = systemActor(deps, "sample");
  const rpId = await registeredShop(deps, by, redirectUris);
  await deps.store.atomically([deps.store.apiKeys.revokeAllOf(rpId, by.nowMs)]);
  const key = await createApiKey(deps, by, { rpId, scopes: SCOPES });
  if (!key.ok) throw new Error(`the sample got no API key: ${key.denial.code}`);
  await deps.store.committed();
  return key.value.apiKey;
}

async function registeredShop(deps: Deps, by: Actor, redirectUris: readonly string[]): Promise<string> {
  const isShop = (rp: StoredRelyingParty) =>
    rp.name === NAME && rp.revokedAtMs === null && rp.redirectUris.join(" ") === redirectUris.join(" ");
  const known = (await deps.store.relyingParties.list()).find(isShop);
  if (known) return known.id;
  const created = await createRelyingParty(deps, by, { name: NAME, redirectUris, realmId: DEFAULT_REALM_ID });
  if (!created.ok) throw new Error(`the sample could not be registered: ${created.denial.code}`);
  return created.value.clientId;
}
