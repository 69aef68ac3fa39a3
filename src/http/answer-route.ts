import { denied, type Outcome } from "../domain/denial.ts";
import { type Eventual, endOfStage } from "../domain/eventual.ts";
import type { Deps } from "../ports/deps.ts";
import { authenticateCaller } from "./caller.ts";
import { failureOf, forgotten } from "./failure.ts";
import { withIdempotency } from "./idempotency.ts";
import { type ApiAnswer, apiHeaders, problemAnswer } from "./problem.ts";
import type { ApiCall, Route } from "./route.ts";
import { parseStrictJson } from "./strict-json.ts";

/** A request to a route of the API, whatever brought it. */
export type ApiRequest = Readonly<{
  requestId: string;
  /** What the route's path holds in braces. */
  path: Readonly<Record<string, string>>;
  /** A header by its name in lower case. */
  header: (name: string) => string | null;
  /** The body, within the limit of the API. */
  text: () => Eventual<Outcome<string>>;
}>;

type Refusal = Extract<Outcome<unknown>, { ok: false }>;

/** Answers a request. Nothing of it need be durable yet. */
export async function answerRoute(deps: Deps, route: Route, request: ApiRequest): Promise<ApiAnswer> {
  return presented(await decide(deps, route, request), request);
}

function presented(answer: ApiAnswer | Refusal, { requestId }: ApiRequest): ApiAnswer {
  return "denial" in answer ? problemAnswer(answer.denial, requestId) : answer;
}

/** The same, once everything that the answer rests on is durable. Never rejects. */
export async function answerDurably(deps: Deps, route: Route, request: ApiRequest): Promise<ApiAnswer> {
  const { requestId } = request;
  const incarnation = deps.store.incarnation();
  try {
    const answer = await decide(deps, route, request);
    await deps.store.committed();
    if (deps.store.incarnation() === incarnation) return presented(answer, request);
    return problemAnswer(forgotten(deps, requestId), requestId);
  } catch (error) {
    return problemAnswer(failureOf(deps, error, requestId), requestId);
  }
}

/** Caller, scope, body, handler, in that order. */
async function decide(deps: Deps, route: Route, request: ApiRequest): Promise<ApiAnswer | Refusal> {
  const nowMs = deps.clock.now();
  const caller = await authenticateCaller(deps, request.header("authorization"), nowMs);
  if (!caller.ok) return caller;
  if (!caller.value.scopes.includes(route.scope)) return denied("caller_forbidden");
  if (!isJson(request.header("content-type"))) return denied("unsupported_media_type");
  const text = await request.text();
  if (!text.ok) return text;
  await endOfStage();
  const call: ApiCall = {
    requestId: request.requestId,
    nowMs,
    rpId: caller.value.rpId,
    realm: await deps.realms.get(caller.value.realmId),
    acceptLanguage: request.header("accept-language"),
    key: { id: caller.value.keyId, isStopped: caller.value.scanStoppedAtMs !== null },
  };
  const key = route.idempotent ? request.header("idempotency-key") : null;
  const what = { call, path: request.path, text: text.value };
  if (key === null) return handle(deps, route, what);
  return withIdempotency(deps, call, { key, ...what, path: route.path }, () => handle(deps, route, what));
}

async function handle(
  deps: Deps,
  route: Route,
  { call, path, text }: Readonly<{ call: ApiCall; path: ApiRequest["path"]; text: string }>,
): Promise<ApiAnswer | Refusal> {
  const json = parseStrictJson(text);
  if (!json.ok) return json;
  await endOfStage();
  const body = route.body.safeParse(json.value);
  if (!body.success) return denied("invalid_request", { detail: whatIsWrong(body.error) });
  await endOfStage();
  const outcome = await route.handle(deps, call, body.data, path);
  if (!outcome.ok) return outcome;
  await endOfStage();
  const headers = apiHeaders(call.requestId, "application/json");
  return { status: route.status, headers, body: JSON.stringify(outcome.value) };
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
