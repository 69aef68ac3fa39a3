import { ACR_VALUES, type Acr, weakestOf } from "./assurance.ts";
import { normaliseReference } from "./ids.ts";

/** Errors of OAuth 2.0 (RFC 6749), OpenID Connect and step-up authentication (RFC 9470) that we answer with. */
export type OauthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_scope"
  | "invalid_token"
  | "unsupported_grant_type"
  | "unsupported_response_type"
  | "request_not_supported"
  | "request_uri_not_supported"
  | "registration_not_supported"
  | "access_denied"
  | "login_required"
  | "unmet_authentication_requirements";

/** `description` helps whoever builds the relying party; it repeats nothing of the request. */
export type OauthError = Readonly<{ error: OauthErrorCode; description: string }>;

export type OauthOutcome<T> = Readonly<{ ok: true; value: T }> | Readonly<{ ok: false } & OauthError>;

/** An authorization request that is well-formed. It names the subject as the relying party does. */
export type AuthorizationRequest = Readonly<{
  redirectUri: string;
  /** BASE64URL(SHA-256(verifier)), RFC 7636. */
  codeChallenge: string;
  state?: string;
  nonce?: string;
  /** `account` leads to the account page instead of the bare prompt. */
  scope: readonly ("openid" | "account")[];
  /** Normalised reference. */
  reference: string;
  /** Any of them is enough; a stronger one than the weakest of them too. */
  acrValues: readonly Acr[];
  maxAgeSeconds?: number;
  /** The person must not be asked anything. */
  isSilent: boolean;
  uiLocales: readonly string[];
  /** The relying party vouches that this person may set up a first authenticator. */
  mayEnrol: boolean;
  /** The relying party has just checked the first factor. */
  firstFactor: boolean;
}>;

export type Parameters = Readonly<Record<string, string>>;

export function oauthError(error: OauthErrorCode, description: string): { ok: false } & OauthError {
  return { ok: false, error, description };
}

const TEXT_MAX = 2048;
const CODE_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
/** Parameters that would change what is asked for, and that we do not take (OpenID Connect Core §6, §7.2.1). */
const UNSUPPORTED = [
  ["request", "request_not_supported"],
  ["request_uri", "request_uri_not_supported"],
  ["registration", "registration_not_supported"],
  ["claims", "invalid_request"],
] as const;

/**
 * Reads the parameters of an authorization request against the registered redirect URIs. What is not understood is
 * ignored where the standards say so, and refused where ignoring it would weaken the request.
 */
export function parseAuthorizationRequest(
  parameters: Parameters,
  redirectUris: readonly string[],
): OauthOutcome<AuthorizationRequest> {
  const wrong = whatIsWrong(parameters, redirectUris);
  if (wrong) return { ok: false, ...wrong };
  const { redirect_uri = "", code_challenge = "", state, nonce, login_hint = "" } = parameters;
  const reference = normaliseReference(login_hint);
  if (reference === undefined) return oauthError("invalid_request", "login_hint must name the person.");
  const acrValues = knownAcrs(parameters.acr_values);
  if (!acrValues) return oauthError("unmet_authentication_requirements", "None of the acr_values is known.");
  const { max_age, prompt } = parameters;
  const value = {
    redirectUri: redirect_uri,
    codeChallenge: code_challenge,
    state,
    nonce,
    scope: (["openid", "account"] as const).filter((one) => words(parameters.scope).includes(one)),
    reference,
    acrValues,
    maxAgeSeconds: max_age === undefined ? undefined : Number(max_age),
    isSilent: prompt === "none",
    uiLocales: words(parameters.ui_locales).slice(0, 10),
    mayEnrol: parameters.enrol === "true",
    firstFactor: parameters.first_factor === "true",
  };
  return { ok: true, value };
}

/** The level that the request asks for: what every one of its acceptable levels has at least. */
export function requiredAcr({ acrValues }: Pick<AuthorizationRequest, "acrValues">): Acr | undefined {
  return weakestOf(acrValues);
}

function whatIsWrong(parameters: Parameters, redirectUris: readonly string[]): OauthError | undefined {
  const { redirect_uri, response_type, response_mode, code_challenge, code_challenge_method } = parameters;
  if (redirect_uri === undefined || !redirectUris.includes(redirect_uri)) {
    return { error: "invalid_request", description: "redirect_uri is not one of the registered ones, exactly." };
  }
  const unsupported = UNSUPPORTED.find(([name]) => parameters[name] !== undefined);
  if (unsupported) return { error: unsupported[1], description: `${unsupported[0]} is not supported.` };
  if (response_type !== "code") {
    return { error: "unsupported_response_type", description: "response_type must be code." };
  }
  if (response_mode !== undefined && response_mode !== "query") {
    return { error: "invalid_request", description: "response_mode must be query." };
  }
  if (code_challenge_method !== "S256" || !CODE_CHALLENGE.test(code_challenge ?? "")) {
    return { error: "invalid_request", description: "PKCE with code_challenge_method S256 is required." };
  }
  if (!words(parameters.scope).includes("openid")) {
    return { error: "invalid_scope", description: "scope must contain openid." };
  }
  return whatIsOutOfRange(parameters);
}

function whatIsOutOfRange({ state, nonce, max_age, prompt, enrol, first_factor }: Parameters): OauthError | undefined {
  const refuse = (description: string) => ({ error: "invalid_request", description }) as const;
  if ([state, nonce].some((text) => text !== undefined && text.length > TEXT_MAX)) {
    return refuse(`state and nonce have at most ${TEXT_MAX} characters.`);
  }
  if (max_age !== undefined && !/^\d{1,9}$/.test(max_age)) return refuse("max_age must be a number of seconds.");
  const wishes = words(prompt);
  if (!wishes.every((wish) => ["none", "login", "consent"].includes(wish)))
    return refuse("prompt must be login or none.");
  if (wishes.includes("none") && wishes.length > 1) return refuse("prompt none stands alone.");
  if ([enrol, first_factor].some((flag) => flag !== undefined && flag !== "true" && flag !== "false")) {
    return refuse("enrol and first_factor are true or false.");
  }
  return undefined;
}

/** Undefined when levels are asked for and none of them is one of ours. */
function knownAcrs(text: string | undefined): readonly Acr[] | undefined {
  const wished = words(text);
  const known = ACR_VALUES.filter((acr) => wished.includes(acr));
  return wished.length > 0 && known.length === 0 ? undefined : known;
}

function words(text: string | undefined): readonly string[] {
  return (text ?? "").split(" ").filter((word) => word !== "");
}
