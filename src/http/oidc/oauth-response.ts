import type { OauthError, OauthErrorCode } from "../../domain/authorization-request.ts";
import { apiHeaders } from "../problem.ts";

/** Errors that are not the request's own fault, but the caller's or ours. */
const STATUS: Partial<Record<OauthErrorCode, number>> = { invalid_client: 401, invalid_token: 401 };

/** A JSON answer of the token endpoint and its kind (RFC 6749 §5.1). */
export function oauthResponse(body: Readonly<Record<string, unknown>>, requestId: string, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: apiHeaders(requestId, "application/json") });
}

/** An error in the form of RFC 6749 §5.2. */
export function oauthErrorResponse({ error, description }: OauthError, requestId: string): Response {
  const body = { error, error_description: description };
  const response = oauthResponse(body, requestId, STATUS[error] ?? 400);
  if (error === "invalid_client") response.headers.set("www-authenticate", 'Basic realm="countersign"');
  return response;
}
