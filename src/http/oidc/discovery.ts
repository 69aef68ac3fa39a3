import { ACR_VALUES } from "../../domain/assurance.ts";
import { LANGUAGES } from "../pages/language.ts";
import { ASSERTION_ALGORITHMS } from "./client-assertion.ts";

/** What `/.well-known/openid-configuration` says (OpenID Connect Discovery 1.0 §3); `issuer` is our public address. */
export function discoveryDocument(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oidc/authorize`,
    token_endpoint: `${issuer}/oidc/token`,
    userinfo_endpoint: `${issuer}/oidc/userinfo`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    pushed_authorization_request_endpoint: `${issuer}/oidc/par`,
    require_pushed_authorization_requests: true,
    scopes_supported: ["openid", "account"],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code"],
    acr_values_supported: ACR_VALUES,
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["ES256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    code_challenge_methods_supported: ["S256"],
    claims_supported: ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash"],
    prompt_values_supported: ["none", "login"],
    ui_locales_supported: LANGUAGES,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  };
}
