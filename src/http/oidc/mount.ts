import type { Hono } from "hono";
import { subjectOfToken } from "../../flows/oidc/tokens.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import { problemResponse } from "../problem.ts";
import { PUBLIC_HEADERS } from "../well-known.ts";
import { answerClient, pushedAuthorizationRequest, token } from "./client-endpoints.ts";
import { discoveryDocument } from "./discovery.ts";
import { oauthErrorResponse, oauthResponse } from "./oauth-response.ts";

/** Mounts the OpenID provider but for the page that people are sent to: discovery, and what clients call themselves. */
export function mountOidc(app: Hono<Env>, deps: Deps): void {
  const document = JSON.stringify(discoveryDocument(deps.publicUrl));
  app.get("/.well-known/openid-configuration", () => {
    return new Response(document, { headers: { ...PUBLIC_HEADERS, "content-type": "application/json" } });
  });
  app.post("/oidc/par", (c) => answerClient(deps, c.req.raw, c.get("requestId"), pushedAuthorizationRequest));
  app.post("/oidc/token", (c) => answerClient(deps, c.req.raw, c.get("requestId"), token));
  for (const path of ["/oidc/par", "/oidc/token"]) {
    app.all(path, (c) => problemResponse({ code: "method_not_allowed" }, c.get("requestId")));
  }
  app.on(["GET", "POST"], "/oidc/userinfo", (c) => userinfo(deps, c.req.raw, c.get("requestId")));
}

/** `sub` and nothing else: we know no more of anybody. */
async function userinfo(deps: Deps, request: Request, requestId: string): Promise<Response> {
  const [, given] = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const sub = given === undefined ? undefined : await subjectOfToken(deps, given, deps.clock.now());
  if (sub !== undefined) return oauthResponse({ sub }, requestId);
  const error = { error: "invalid_token", description: "The access token is not usable." } as const;
  const response = oauthErrorResponse(error, requestId);
  // RFC 6750 §3: whoever showed no token is told no error.
  const detail = given === undefined ? "" : ', error="invalid_token"';
  response.headers.set("www-authenticate", `Bearer realm="countersign"${detail}`);
  return response;
}
