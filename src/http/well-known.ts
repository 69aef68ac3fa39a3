import type { Hono } from "hono";
import { ADMIN_REALM_ID, type Realm } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { Env } from "./env.ts";
import { openApiDocument } from "./openapi.ts";
import type { Route } from "./route.ts";

/** Headers of what anybody may read and keep for a while. */
export const PUBLIC_HEADERS = {
  "cache-control": "public, max-age=300",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
};

/** What anybody may read: the receipt keys and the API's description. */
export function mountWellKnown(app: Hono<Env>, deps: Deps, routes: readonly Route[]): void {
  let document: string | undefined;
  app.get("/.well-known/jwks.json", async () => Response.json(await deps.signer.jwks(), { headers: PUBLIC_HEADERS }));
  app.get("/.well-known/webauthn", async () => originsResponse(await realmsOfOurHost(deps)));
  // For a proxy at the RP ID of a realm that is not our own host.
  app.get("/.well-known/webauthn/:realm", async (c) => {
    const realm = await deps.store.realms.find(c.req.param("realm"));
    return realm ? originsResponse([realm]) : c.notFound();
  });
  app.get("/.well-known/passkey-endpoints", async () => {
    const url = (await realmsOfOurHost(deps))
      .map(({ branding }) => branding.accountUrl)
      .find((one) => one !== undefined);
    return Response.json(url === undefined ? {} : { enroll: url, manage: url }, { headers: PUBLIC_HEADERS });
  });
  app.get("/openapi.json", () => {
    document ??= JSON.stringify(openApiDocument(routes, deps.publicUrl));
    return new Response(document, { headers: { ...PUBLIC_HEADERS, "content-type": "application/json" } });
  });
}

/** Realms for people whose RP ID is the host that we are reached at: for these, browsers ask us. */
async function realmsOfOurHost({ store, publicUrl }: Deps): Promise<readonly Realm[]> {
  const { hostname } = new URL(publicUrl);
  return (await store.realms.list()).filter(({ id, rpId }) => rpId === hostname && id !== ADMIN_REALM_ID);
}

/** The origins that may use the realm's passkeys (WebAuthn L3 §5.11). */
function originsResponse(realms: readonly Realm[]): Response {
  const origins = [...new Set(realms.flatMap((realm) => realm.origins))];
  return Response.json({ origins }, { headers: PUBLIC_HEADERS });
}
