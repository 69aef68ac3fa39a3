import { requiredAcr } from "../../domain/authorization-request.ts";
import type { Deps } from "../../ports/deps.ts";
import type { SessionKind } from "../../ports/store.ts";
import type { Call } from "../call.ts";
import { openChallengeFor } from "../open-challenge.ts";
import { openSession, type SessionData } from "../sessions.ts";
import { takeSight } from "../sights.ts";
import { answerTo, findRequest, type OpenRequest, spendRequest } from "./stored-request.ts";

/** Satisfied challenges of this purpose prove nothing but to the authorization that they were opened for. */
const PURPOSE = "oidc";

/** Where an authorization goes: to a page of ours with its session, or at once back to the relying party. */
export type Begun = Readonly<{ page: SessionKind; token: string; returnUrl: string }> | Readonly<{ back: string }>;

/**
 * Opens the page that a pushed request asks for. The request stays usable until it is approved or refused, so that
 * reloading does no harm. Undefined when there is no such request for this client, whatever the reason.
 */
export async function beginAuthorization(deps: Deps, call: Call, requestUri: string): Promise<Begun | undefined> {
  const open = await findRequest(deps, { requestUri, rpId: call.rpId, nowMs: call.nowMs });
  if (!open) return undefined;
  const { request } = open;
  // We keep nobody signed in: every answer rests on a fresh proof.
  if (request.isSilent) return refuse(deps, call, open, "login_required");
  if (request.scope.includes("account")) return openPage(deps, call, { open, kind: "account" });
  return (await mayEnrol(deps, call, open))
    ? openPage(deps, call, { open, kind: "enrol" })
    : openPrompt(deps, call, open);
}

/** The enrolment page tells that a subject is unknown: that is counted as if the relying party had asked by its API. */
async function mayEnrol(deps: Deps, call: Call, { lookup, request }: OpenRequest): Promise<boolean> {
  if (!request.mayEnrol || (await deps.store.authenticators.listActive(lookup)).length > 0) return false;
  const told = { subjectLookup: lookup, isKnown: false, keyId: await countingKey(deps, call) };
  return (await takeSight(deps, call, told)).ok;
}

/** The relying party's first key that is not revoked. */
async function countingKey({ store }: Deps, { rpId }: Call): Promise<string | undefined> {
  return (await store.apiKeys.listOf(rpId)).find(({ revokedAtMs }) => revokedAtMs === null)?.id;
}

/** The prompt for a request, with a challenge of its own; for an unknown subject, a decoy. */
export async function openPrompt(deps: Deps, call: Call, open: OpenRequest): Promise<Begun | undefined> {
  const { lookup, request } = open;
  const challenge = await openChallengeFor(deps, call, {
    lookup,
    lane: request.firstFactor ? "proven" : "open",
    firstFactor: request.firstFactor,
    purpose: PURPOSE,
    acr: requiredAcr(request),
  });
  if (!challenge.ok) return refuse(deps, call, open, "unmet_authentication_requirements");
  return openPage(deps, call, { open, kind: "prompt", data: { challenge: challenge.value.id } });
}

async function openPage(
  deps: Deps,
  call: Call,
  { open, kind, data }: Readonly<{ open: OpenRequest; kind: SessionKind; data?: SessionData }>,
): Promise<Begun> {
  const { grant, lookup, request } = open;
  const { redirectUri: returnUrl, uiLocales } = request;
  const token = await openSession(deps, {
    kind,
    realmId: call.realm.id,
    rpId: call.rpId,
    subjectLookup: lookup,
    provenAtMs: null,
    provenMethod: null,
    data: {
      ...data,
      authorization: { request: grant.id, mayEnrol: request.mayEnrol },
      // The prompt tells of nobody whether they are known.
      keyId: kind === "prompt" ? undefined : await countingKey(deps, call),
      returnUrl,
      uiLocales,
    },
    nowMs: call.nowMs,
  });
  return { page: kind, token, returnUrl };
}

async function refuse(
  deps: Deps,
  call: Call,
  { grant, request }: OpenRequest,
  error: "login_required" | "unmet_authentication_requirements",
): Promise<Begun | undefined> {
  const spent = await spendRequest(deps, grant.id, call.nowMs);
  return spent && { back: answerTo(deps, request, { error }) };
}
