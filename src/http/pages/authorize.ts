import type { Context, Hono } from "hono";
import type { Call } from "../../flows/call.ts";
import { beginAuthorization } from "../../flows/oidc/begin-authorization.ts";
import { takeInsecureRequest } from "../../flows/oidc/push-request.ts";
import { answerTo } from "../../flows/oidc/stored-request.ts";
import { takeSource } from "../../flows/source.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredRelyingParty } from "../../ports/store.ts";
import type { Env } from "../env.ts";
import { type Form, readForm } from "./form.ts";
import type { PlainModel } from "./models.ts";
import { type PageReply, plainModel, toResponse } from "./page-route.ts";
import type { PageSurface } from "./surface.ts";

/**
 * `/oidc/authorize?client_id&request_uri`: opens the page that a pushed request asks for. Without a usable request there
 * is no address that could be trusted, so the person stays here. Hono answers HEAD from GET handlers: a preview opens
 * nothing.
 */
export function mountAuthorize(app: Hono<Env>, deps: Deps, surface: PageSurface): void {
  app.get("/oidc/authorize", (c) => authorize(c, deps, surface, parametersIn(c.req.url)));
  app.post("/oidc/authorize", async (c) => {
    const form = await readForm(c.req.raw);
    return authorize(c, deps, surface, form.ok ? form.value : {});
  });
}

/** None where one is named twice (RFC 6749 §3.1): it is not for us to choose. */
function parametersIn(url: string): Form {
  const given = [...new URL(url).searchParams];
  const parameters = Object.fromEntries(given);
  return Object.keys(parameters).length === given.length ? parameters : {};
}

async function authorize(c: Context<Env>, deps: Deps, surface: PageSurface, parameters: Form): Promise<Response> {
  const respond = (reply: PageReply, returnUrl?: string) => toResponse(c, deps, surface, reply, returnUrl);
  const plain = (view: PlainModel["view"], status: number) => respond({ model: plainModel(c, deps, view), status });
  const rp = await deps.store.relyingParties.find(parameters.client_id ?? "");
  if (rp?.revokedAtMs !== null || c.req.method === "HEAD") return plain("bad_request", 400);
  const realm = await deps.realms.get(rp.realmId);
  const call = { requestId: c.get("requestId"), nowMs: deps.clock.now(), rpId: rp.id, realm };
  const source = await takeSource(deps, call, c.env?.clientAddress);
  if (!source.ok) {
    const { retryAfterSeconds } = source.denial;
    return respond({ model: plainModel(c, deps, "unavailable"), status: 429, retryAfterSeconds });
  }
  const taken = await requestIn(deps, call, { rp, parameters });
  if (!taken) return plain("bad_request", 400);
  if ("back" in taken) return respond({ location: taken.back });
  const begun = await beginAuthorization(deps, call, taken.requestUri);
  if (!begun) return plain("link_expired", 400);
  if ("back" in begun) return respond({ location: begun.back });
  const { page: kind, token, returnUrl } = begun;
  return respond({ location: `/${kind}`, session: { kind, token } }, returnUrl);
}

type Taken = Readonly<{ requestUri: string }> | Readonly<{ back: string }>;

/** The pushed request that is named, or else the one in the address of a client that is allowed to send it so. */
async function requestIn(
  deps: Deps,
  call: Call,
  { rp, parameters }: Readonly<{ rp: StoredRelyingParty; parameters: Form }>,
): Promise<Taken | undefined> {
  const { redirect_uri = "", request_uri, state } = parameters;
  if (request_uri !== undefined) return { requestUri: request_uri };
  if (!rp.allowInsecureAuthorize || !rp.redirectUris.includes(redirect_uri)) return undefined;
  const taken = await takeInsecureRequest(deps, call, { parameters, redirectUris: rp.redirectUris });
  if (taken.ok) return taken.value;
  return { back: answerTo(deps, { redirectUri: redirect_uri, state }, { error: taken.error }) };
}
