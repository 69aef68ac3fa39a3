import { denied, type Outcome } from "../domain/denial.ts";
import { fromUtf8, toBase64url, toUtf8 } from "../domain/encoding.ts";
import type { Eventual } from "../domain/eventual.ts";
import type { Call } from "../flows/call.ts";
import type { Deps } from "../ports/deps.ts";
import { type ApiAnswer, apiHeaders, PROBLEMS, problemDocument } from "./problem.ts";

const KEPT_MS = 10 * 60 * 1000;
/** No request lives that long: its node is gone, or the database was. */
const ABANDONED_MS = 60 * 1000;
const KEY_MAX = 255;

type Refusal = Extract<Outcome<unknown>, { ok: false }>;
type Keyed = Readonly<{ key: string; path: string; text: string }>;

/**
 * Answers a retry within ten minutes with the first verdict (draft-ietf-httpapi-idempotency-key-header). One claim wins;
 * while it is being answered others get `request_in_progress`, and another request under the same key is refused. Being
 * told to wait (429) is no verdict: nothing was looked at, so the retry after the wait is a first try. So is the retry of
 * a request that was cut off without a verdict, a minute later; what it had spent stays spent.
 */
export async function withIdempotency(
  deps: Deps,
  call: Call,
  request: Keyed,
  respond: () => Eventual<ApiAnswer | Refusal>,
): Promise<ApiAnswer | Refusal> {
  if (request.key.length === 0 || request.key.length > KEY_MAX) {
    return denied("invalid_request", { detail: "The Idempotency-Key header has 1 to 255 characters." });
  }
  const id = toBase64url(deps.keyring.mac("idempotency", call.rpId, request.key));
  const requestHash = toBase64url(deps.keyring.mac("idempotency", "request", request.path, request.text));
  const { nowMs } = call;
  const times = { nowMs, staleMs: nowMs - KEPT_MS, abandonedMs: nowMs - ABANDONED_MS };
  const claimed = await deps.store.idempotency.claim(id, requestHash, times);
  if (!claimed) return replay(deps, call, id, requestHash);
  try {
    return await settle(deps, call, id, await respond());
  } catch (error) {
    await deps.store.atomically([deps.store.idempotency.release(id, call.nowMs)]);
    throw error;
  }
}

async function settle(deps: Deps, call: Call, id: string, answer: ApiAnswer | Refusal): Promise<ApiAnswer | Refusal> {
  const status = "denial" in answer ? PROBLEMS[answer.denial.code].status : answer.status;
  if (status === 429) {
    await deps.store.atomically([deps.store.idempotency.release(id, call.nowMs)]);
    return answer;
  }
  const body = "denial" in answer ? JSON.stringify(problemDocument(answer.denial, call.requestId)) : answer.body;
  const sealed = deps.keyring.seal(bodyContext(id), toUtf8(body));
  await deps.store.atomically([deps.store.idempotency.settle(id, call.nowMs, status, sealed)]);
  return answer;
}

async function replay(deps: Deps, call: Call, id: string, requestHash: string): Promise<ApiAnswer | Refusal> {
  const first = await deps.store.idempotency.find(id);
  if (!first || first.requestHash !== requestHash) return denied("idempotency_mismatch");
  if (first.status === null || first.body === null) return denied("request_in_progress", { retryAfterSeconds: 1 });
  const body = fromUtf8(deps.keyring.open(bodyContext(id), first.body));
  const headers =
    first.status < 400
      ? apiHeaders(call.requestId, "application/json")
      : apiHeaders(instanceOf(body) ?? call.requestId, "application/problem+json");
  return { status: first.status, headers, body };
}

/** A problem document names the request that it answered: the header of a replay does not contradict it. */
function instanceOf(body: string): string | undefined {
  // Written by `settle`.
  return (JSON.parse(body) as { instance?: string }).instance;
}

function bodyContext(id: string) {
  return { table: "idempotency_keys", column: "body", row: id } as const;
}
