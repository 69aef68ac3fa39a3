import type { Hono } from "hono";
import { denied, type Outcome } from "../domain/denial.ts";
import type { Deps } from "../ports/deps.ts";
import { authenticateCaller } from "./caller.ts";
import type { Env } from "./env.ts";
import { withIdempotency } from "./idempotency.ts";
import { preferredLanguages } from "./pages/language.ts";
import { apiHeaders, problemResponse } from "./problem.ts";
import type { ApiCall, Route } from "./route.ts";
import { parseStrictJson, readBody } from "./strict-json.ts";

/** Mounts the routes of the relying-party API: caller, scope, body, handler, in that order. */
export function mountApi(app: Hono<Env>, deps: Deps, routes: readonly Route[]): void {
  for (const route of routes) {
    app.post(route.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
      const requestId = c.get("requestId");
      const answer = await answerRoute(deps, route, c.req.raw, { requestId, path: c.req.param() });
      return answer instanceof Response ? answer : problemResponse(answer.denial, requestId);
    });
    app.all(route.path.replaceAll(/\{(\w+)\}/g, ":$1"), (c) =>
      problemResponse({ code: "method_not_allowed" }, c.get("requestId")),
    );
  }
}

type RequestContext = Readonly<{ requestId: string; path: Readonly<Record<string, string>> }>;
type Refusal = Extract<Outcome<unknown>, { ok: false }>;

async function answerRoute(
  deps: Deps,
  route: Route,
  request: Request,
  context: RequestContext,
): Promise<Response | Refusal> {
  const nowMs = deps.clock.now();
  const caller = await authenticateCaller(deps, request.headers.get("authorization"), nowMs);
  if (!caller.ok) return caller;
  if (!caller.value.scopes.includes(route.scope)) return denied("caller_forbidden");
  if (!isJson(request.headers.get("content-type"))) return denied("unsupported_media_type");
  const text = await readBody(request);
  if (!text.ok) return text;
  const call: ApiCall = {
    requestId: context.requestId,
    nowMs,
    rpId: caller.value.rpId,
    realm: await deps.realms.get(caller.value.realmId),
    languages: preferredLanguages(request.headers.get("accept-language")),
    key: { id: caller.value.keyId, isStopped: caller.value.scanStoppedAtMs !== null },
  };
  const key = route.idempotent ? request.headers.get("idempotency-key") : null;
  const respond = () => handle(deps, route, { ...context, call, text: text.value });
  return key === null ? respond() : withIdempotency(deps, call, { key, path: route.path, text: text.value }, respond);
}

async function handle(
  deps: Deps,
  route: Route,
  request: RequestContext & Readonly<{ call: ApiCall; text: string }>,
): Promise<Response | Refusal> {
  const json = parseStrictJson(request.text);
  if (!json.ok) return json;
  const body = route.body.safeParse(json.value);
  if (!body.success) return denied("invalid_request", { detail: whatIsWrong(body.error) });
  const outcome = await route.handle(deps, request.call, body.data, request.path);
  if (!outcome.ok) return outcome;
  const headers = apiHeaders(request.requestId, "application/json");
  return new Response(JSON.stringify(outcome.value), { status: route.status, headers });
}

function isJson(contentType: string | null): boolean {
  return contentType !== null && /^application\/json\s*(;|$)/i.test(contentType);
}

/** Names the member that is wrong and the rule it breaks; never repeats its value. */
function whatIsWrong(error: Readonly<{ issues: readonly Issue[] }>): string {
  const [issue] = error.issues;
  if (!issue) return "The request is not as documented.";
  const place = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return `Unknown member ${issue.keys?.map((name) => JSON.stringify(name.slice(0, 40))).join(", ")}.`;
  return place === "" ? `${issue.message}.` : `${place}: ${issue.message}.`;
}

type Issue = Readonly<{ code: string; path: readonly PropertyKey[]; message: string; keys?: readonly string[] }>;
