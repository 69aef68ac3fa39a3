import {
  type OauthOutcome,
  oauthError,
  type Parameters,
  parseAuthorizationRequest,
} from "../../domain/authorization-request.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Call } from "../call.ts";
import { lookupOf, publicSubjectId } from "../subject.ts";
import { REQUEST_URI_SECONDS, storeRequest } from "./stored-request.ts";
import { ID_TOKEN_TYPE } from "./tokens.ts";

export type PushedRequest = Readonly<{ requestUri: string; expiresInSeconds: number }>;

/** Takes an authorization request from an authenticated client (RFC 9126). It answers alike for every subject. */
export async function pushRequest(
  deps: Deps,
  call: Call,
  { parameters, redirectUris }: Readonly<{ parameters: Parameters; redirectUris: readonly string[] }>,
): Promise<OauthOutcome<PushedRequest>> {
  const parsed = parseAuthorizationRequest(parameters, redirectUris);
  if (!parsed.ok) return parsed;
  const hint = parameters.id_token_hint;
  if (hint !== undefined && !(await isAbout(deps, call, { hint, reference: parsed.value.reference }))) {
    return oauthError("invalid_request", "id_token_hint is not one of ours about the person in login_hint.");
  }
  const requestUri = await storeRequest(deps, call, parsed.value);
  return { ok: true, value: { requestUri, expiresInSeconds: REQUEST_URI_SECONDS } };
}

/**
 * Takes an authorization request from the browser, of a client that is allowed to send it this way. The person can have
 * changed any of it, so it vouches for nothing.
 */
export async function takeInsecureRequest(
  deps: Deps,
  call: Call,
  { parameters, redirectUris }: Readonly<{ parameters: Parameters; redirectUris: readonly string[] }>,
): Promise<OauthOutcome<PushedRequest>> {
  const { enrol: _, first_factor: __, ...believed } = parameters;
  return pushRequest(deps, call, { parameters: believed, redirectUris });
}

/** Whether an ID token of this client is about the subject that the request names (requirement O-14). */
async function isAbout(
  deps: Deps,
  call: Call,
  { hint, reference }: Readonly<{ hint: string; reference: string }>,
): Promise<boolean> {
  const claims = await deps.signer.verify(ID_TOKEN_TYPE, hint);
  const subjectId = publicSubjectId(deps.keyring, call.rpId, lookupOf(deps.keyring, call.realm.id, reference));
  return claims?.iss === deps.publicUrl && claims.aud === call.rpId && claims.sub === subjectId;
}
