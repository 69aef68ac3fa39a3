import { inWordsOf, meets } from "../../domain/assurance.ts";
import { type OauthErrorCode, requiredAcr } from "../../domain/authorization-request.ts";
import { denied, granted, type Outcome } from "../../domain/denial.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredChallenge } from "../../ports/store.ts";
import { auditOf, type Call } from "../call.ts";
import { issueCode } from "./codes.ts";
import { answerTo, type OpenRequest, type StoredRequest, spendRequest } from "./stored-request.ts";

/** Which request is concluded, by the challenge that was answered for it since a moment. */
export type Approval = Readonly<{ request: string; challenge: string; sinceMs: number }>;

/**
 * Concludes a request with a code for what was proven: uses up the request, then the challenge, each once. What does not
 * meet the request, or is about somebody else, leads back with an error and never with a weaker success.
 */
export async function approve(deps: Deps, call: Call, approval: Approval): Promise<Outcome<string>> {
  const open = await spendRequest(deps, approval.request, call.nowMs);
  if (!open) return denied("challenge_closed");
  const challenge = await deps.store.challenges.redeem(approval.challenge, call.rpId, approval.sinceMs, call.nowMs);
  if (!challenge || challenge.subjectLookup !== open.lookup || open.grant.rpId !== call.rpId) {
    return granted(answerTo(deps, open.request, { error: "access_denied" }));
  }
  return granted(await conclude(deps, call, open, challenge));
}

/** Concludes a request with an error; using it up, so that nothing can be made of it later. */
export async function refuse(
  deps: Deps,
  call: Call,
  { request, error }: Readonly<{ request: string; error: OauthErrorCode }>,
): Promise<Outcome<string>> {
  const open = await spendRequest(deps, request, call.nowMs);
  return open ? granted(answerTo(deps, open.request, { error })) : denied("challenge_closed");
}

async function conclude(
  deps: Deps,
  call: Call,
  { lookup, request }: OpenRequest,
  { acr, amr, method, satisfiedAtMs }: StoredChallenge,
): Promise<string> {
  if (acr === null || satisfiedAtMs === null) throw new Error("a satisfied challenge without its acr");
  if (!meets(acr, requiredAcr(request)) || isTooOld(request, call.nowMs - satisfiedAtMs)) {
    return answerTo(deps, request, { error: "unmet_authentication_requirements" });
  }
  const { redirectUri, codeChallenge, nonce, scope } = request;
  const code = await issueCode(deps, call, lookup, {
    redirectUri,
    codeChallenge,
    nonce,
    scope,
    acr: inWordsOf(request.acrValues, acr),
    amr: amr ?? [],
    authTimeMs: satisfiedAtMs,
  });
  const about = { subjectLookup: lookup, method };
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "challenge_redeemed", about))]);
  return answerTo(deps, request, { code });
}

/** Every proof is made for the request it belongs to, which is all that `max_age=0` asks (OpenID Connect Core §3.1.2.1). */
function isTooOld({ maxAgeSeconds }: StoredRequest, ageMs: number): boolean {
  return maxAgeSeconds !== undefined && maxAgeSeconds > 0 && ageMs > maxAgeSeconds * 1000;
}
