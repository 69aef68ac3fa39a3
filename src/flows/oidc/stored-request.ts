import type { AuthorizationRequest, OauthErrorCode } from "../../domain/authorization-request.ts";
import { fromUtf8, toBase64url, toUtf8 } from "../../domain/encoding.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredGrant } from "../../ports/store.ts";
import type { Call } from "../call.ts";
import { grantContext } from "../links.ts";
import { lookupOf } from "../subject.ts";

const TOKEN_BYTES = 32;
/** How long a request_uri opens the prompt: below the 600 s of FAPI 2.0 §5.3.2.2. */
export const REQUEST_URI_SECONDS = 300;
/** How long the person has, once there: as long as the prompt's session (WCAG 2.2.1). */
const REQUEST_MS = 24 * 60 * 60 * 1000;
const URN = "urn:ietf:params:oauth:request_uri:";

/** An authorization request at rest: the subject is the grant's lookup, never text. */
export type StoredRequest = Omit<AuthorizationRequest, "reference">;

/** Keeps a request, and answers what it is called by: a `request_uri` (RFC 9126). */
export async function storeRequest(
  deps: Deps,
  call: Call,
  { reference, ...request }: AuthorizationRequest,
): Promise<string> {
  const token = toBase64url(deps.random.bytes(TOKEN_BYTES));
  const id = requestIdOf(deps, token);
  const data = deps.keyring.seal(grantContext(id), toUtf8(JSON.stringify(request)));
  await deps.store.atomically([
    deps.store.grants.insert({
      id,
      kind: "oidc_request",
      realmId: call.realm.id,
      rpId: call.rpId,
      subjectLookup: lookupOf(deps.keyring, call.realm.id, reference),
      data,
      createdAtMs: call.nowMs,
      expiresAtMs: call.nowMs + REQUEST_MS,
    }),
  ]);
  return `${URN}${token}`;
}

export type OpenRequest = Readonly<{ grant: StoredGrant; lookup: string; request: StoredRequest }>;

/** The request behind a request_uri of this client, while it is fresh and unused; looking at it does not use it up. */
export async function findRequest(
  deps: Deps,
  of: Readonly<{ requestUri: string; rpId: string; nowMs: number }>,
): Promise<OpenRequest | undefined> {
  if (!of.requestUri.startsWith(URN)) return undefined;
  const grant = await deps.store.grants.find(requestIdOf(deps, of.requestUri.slice(URN.length)));
  const isUsable =
    grant?.rpId === of.rpId && grant.usedAtMs === null && grant.createdAtMs + REQUEST_URI_SECONDS * 1000 > of.nowMs;
  return isUsable ? openRequest(deps, grant) : undefined;
}

/** Uses up a request: the moment of approval, or of refusal. One winner. */
export async function spendRequest(deps: Deps, id: string, nowMs: number): Promise<OpenRequest | undefined> {
  const grant = await deps.store.grants.spend(id, nowMs);
  return grant && openRequest(deps, grant);
}

/** Looks at the request that a session came with; undefined once it is used up or too old. */
export async function readRequest(deps: Deps, id: string, nowMs: number): Promise<OpenRequest | undefined> {
  const grant = await deps.store.grants.find(id);
  return grant && grant.usedAtMs === null && grant.expiresAtMs > nowMs ? openRequest(deps, grant) : undefined;
}

/**
 * The address that tells the relying party how it went (RFC 6749 §4.1.2, with `iss` of RFC 9207). Registered URIs have no
 * fragment, so what is appended is part of their query; what they carry stays as it is.
 */
export function answerTo(
  deps: Pick<Deps, "publicUrl">,
  { redirectUri, state }: Pick<StoredRequest, "redirectUri" | "state">,
  answer: Readonly<{ code: string } | { error: OauthErrorCode; error_description?: string }>,
): string {
  const query = new URLSearchParams({ ...answer, ...(state === undefined ? {} : { state }), iss: deps.publicUrl });
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${query}`;
}

/** What the hash covers tells the kinds of tokens apart: no link is a request. */
function requestIdOf({ keyring }: Pick<Deps, "keyring">, token: string): string {
  return keyring.hash(`oidc_request.${token}`);
}

function openRequest({ keyring }: Pick<Deps, "keyring">, grant: StoredGrant): OpenRequest {
  if (grant.kind !== "oidc_request" || grant.subjectLookup === null) throw new Error("a grant that is no request");
  // Authenticated encryption: it is what `storeRequest` sealed.
  const request = JSON.parse(fromUtf8(keyring.open(grantContext(grant.id), grant.data))) as StoredRequest;
  return { grant, lookup: grant.subjectLookup, request };
}
