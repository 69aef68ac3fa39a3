import { type OauthOutcome, oauthError } from "../../domain/authorization-request.ts";
import { pushRequest } from "../../flows/oidc/push-request.ts";
import { exchangeCode } from "../../flows/oidc/tokens.ts";
import type { Deps } from "../../ports/deps.ts";
import { type Form, readForm } from "../pages/form.ts";
import { authenticateClient, type Client } from "./client-auth.ts";
import { oauthErrorResponse, oauthResponse } from "./oauth-response.ts";

type Handler = (deps: Deps, client: Client, form: Form) => Promise<OauthOutcome<Reply>>;
type Reply = Readonly<{ status: 200 | 201; body: Readonly<Record<string, unknown>> }>;

/** Answers an endpoint for clients: form, client, handler, in that order. */
export async function answerClient(
  deps: Deps,
  request: Request,
  requestId: string,
  handle: Handler,
): Promise<Response> {
  const form = await readForm(request);
  if (!form.ok) {
    return oauthErrorResponse(
      { error: "invalid_request", description: "The body must be a form, each field once." },
      requestId,
    );
  }
  const authorization = request.headers.get("authorization");
  const terms = { authorization, form: form.value, requestId, nowMs: deps.clock.now() };
  const client = await authenticateClient(deps, terms);
  if (!client.ok) return oauthErrorResponse(client, requestId);
  const outcome = await handle(deps, client.value, form.value);
  if (!outcome.ok) return oauthErrorResponse(outcome, requestId);
  return oauthResponse(outcome.value.body, requestId, outcome.value.status);
}

/** `POST /oidc/par` (RFC 9126). */
export const pushedAuthorizationRequest: Handler = async (deps, { rp, call }, form) => {
  const { client_secret: _, client_assertion: __, client_assertion_type: ___, ...parameters } = form;
  const pushed = await pushRequest(deps, call, { parameters, redirectUris: rp.redirectUris });
  if (!pushed.ok) return pushed;
  const { requestUri, expiresInSeconds } = pushed.value;
  return { ok: true, value: { status: 201, body: { request_uri: requestUri, expires_in: expiresInSeconds } } };
};

/** `POST /oidc/token` (RFC 6749 §4.1.3). */
export const token: Handler = async (deps, { call }, form) => {
  const { grant_type, code, redirect_uri, code_verifier } = form;
  if (grant_type === undefined) return oauthError("invalid_request", "grant_type is missing.");
  if (grant_type !== "authorization_code") {
    return oauthError("unsupported_grant_type", "grant_type must be authorization_code.");
  }
  if (code === undefined || redirect_uri === undefined || code_verifier === undefined) {
    return oauthError("invalid_request", "code, redirect_uri and code_verifier are needed.");
  }
  const exchanged = await exchangeCode(deps, call, { code, redirectUri: redirect_uri, codeVerifier: code_verifier });
  if (!exchanged.ok) return exchanged;
  const { accessToken, idToken, expiresInSeconds, scope } = exchanged.value;
  const body = {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: expiresInSeconds,
    id_token: idToken,
    scope,
  };
  return { ok: true, value: { status: 200, body } };
};
