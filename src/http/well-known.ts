import type { Hono } from "hono";
import type { Deps } from "../ports/deps.ts";
import type { Env } from "./env.ts";
import { openApiDocument } from "./openapi.ts";
import type { Route } from "./route.ts";

const PUBLIC_HEADERS = {
  "cache-control": "public, max-age=300",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
};

/** What anybody may read: the receipt keys and the API's description. */
export function mountWellKnown(app: Hono<Env>, deps: Deps, routes: readonly Route[]): void {
  let document: string | undefined;
  app.get("/.well-known/jwks.json", async () => Response.json(await deps.signer.jwks(), { headers: PUBLIC_HEADERS }));
  app.get("/openapi.json", () => {
    document ??= JSON.stringify(openApiDocument(routes, deps.publicUrl));
    return new Response(document, { headers: { ...PUBLIC_HEADERS, "content-type": "application/json" } });
  });
}
