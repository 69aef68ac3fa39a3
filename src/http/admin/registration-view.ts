import { ADMIN_REALM_ID } from "../../domain/realm.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredRelyingParty } from "../../ports/store.ts";
import type { LooksView, OpenidView } from "../pages/admin-models.ts";
import { brandView } from "../pages/brand.ts";

/** How a relying party proves who it is at the OpenID endpoints; of its keys the names and kinds alone. */
export function viewOpenid({ jwks, allowInsecureAuthorize }: StoredRelyingParty): OpenidView {
  return {
    authentication: jwks === null ? "client_secret" : "private_key_jwt",
    keys: (jwks?.keys ?? []).map(({ kid, kty, crv }) => ({ id: textOf(kid), kind: textOf(crv) ?? textOf(kty) ?? "" })),
    allowInsecureAuthorize,
  };
}

/** How the pages look that the people of a realm see. */
export async function viewLooks(deps: Deps, realmId: string): Promise<LooksView | undefined> {
  if (realmId === ADMIN_REALM_ID) return undefined;
  const realm = await deps.realms.get(realmId);
  const { accent, privacyUrl, supportUrl, accountUrl } = realm.branding;
  return { name: realm.name, logo: brandView(deps, realm)?.logo, accent, privacyUrl, supportUrl, accountUrl };
}

function textOf(member: unknown): string | undefined {
  return typeof member === "string" ? member : undefined;
}
