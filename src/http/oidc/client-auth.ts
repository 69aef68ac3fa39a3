import { type OauthOutcome, oauthError } from "../../domain/authorization-request.ts";
import type { Call } from "../../flows/call.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredRelyingParty } from "../../ports/store.ts";
import type { Form } from "../pages/form.ts";
import { holdsAssertion } from "./client-assertion.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Credentials =
  | Readonly<{ kind: "secret"; clientId: string; secret: string }>
  | Readonly<{ kind: "assertion"; clientId: string; assertion: string }>;

export type Client = Readonly<{ rp: StoredRelyingParty; call: Call }>;

/**
 * The relying party behind a request to an endpoint for clients. Exactly one way of authentication; unknown, revoked and
 * wrongly authenticated clients answer alike.
 */
export async function authenticateClient(
  deps: Deps,
  request: Readonly<{ authorization: string | null; form: Form; requestId: string; nowMs: number }>,
): Promise<OauthOutcome<Client>> {
  const credentials = credentialsIn(request.authorization, request.form);
  const refused = oauthError("invalid_client", "The client could not be authenticated.");
  if (!credentials) return refused;
  const rp = await deps.store.relyingParties.find(credentials.clientId);
  if (!(await isAuthentic(deps, { rp, credentials, nowMs: request.nowMs })) || rp?.revokedAtMs !== null) return refused;
  const { requestId, nowMs } = request;
  const call = { requestId, nowMs, rpId: rp.id, realm: await deps.realms.get(rp.realmId) };
  return { ok: true, value: { rp, call } };
}

async function isAuthentic(
  deps: Deps,
  of: Readonly<{ rp: StoredRelyingParty | undefined; credentials: Credentials; nowMs: number }>,
): Promise<boolean> {
  const { rp, credentials, nowMs } = of;
  if (credentials.kind === "secret") {
    // One that signs has an empty hash, which is no secret's.
    return deps.keyring.sameText(deps.keyring.hash(credentials.secret), rp?.clientSecretHash ?? "");
  }
  const { clientId, assertion } = credentials;
  return rp?.jwks != null && holdsAssertion(deps, { clientId, jwks: rp.jwks, assertion, nowMs });
}

/** The credentials of a request, if they come in one way only and agree on who it is. */
function credentialsIn(authorization: string | null, form: Form): Credentials | undefined {
  const { client_id, client_secret, client_assertion, client_assertion_type } = form;
  const ways = [authorization ?? undefined, client_secret, client_assertion].filter((way) => way !== undefined);
  if (ways.length !== 1) return undefined;
  if (authorization !== null) return basicCredentials(authorization, client_id);
  if (client_secret !== undefined) {
    return client_id === undefined ? undefined : { kind: "secret", clientId: client_id, secret: client_secret };
  }
  const clientId = client_id ?? issuerOf(client_assertion ?? "");
  if (client_assertion === undefined || client_assertion_type !== ASSERTION_TYPE || clientId === undefined)
    return undefined;
  return { kind: "assertion", clientId, assertion: client_assertion };
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(authorization: string, named: string | undefined): Credentials | undefined {
  const [, encoded = ""] = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  const [, clientId, secret] = /^([^:]+):(.+)$/.exec(decodeBase64(encoded)) ?? [];
  if (clientId === undefined || secret === undefined) return undefined;
  const decoded = { clientId: formDecoded(clientId), secret: formDecoded(secret) };
  const isSame = named === undefined || named === decoded.clientId;
  return isSame && decoded.clientId !== undefined && decoded.secret !== undefined
    ? { kind: "secret", clientId: decoded.clientId, secret: decoded.secret }
    : undefined;
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Whom an assertion is said to be from; nothing is believed yet. */
function issuerOf(assertion: string): string | undefined {
  const [, payload = ""] = assertion.split(".");
  const text = decodeBase64(payload.replaceAll("-", "+").replaceAll("_", "/"));
  return /"iss"\s*:\s*"(rp_[0-9a-z]{26})"/.exec(text)?.[1];
}
