import type { OauthOutcome } from "../../domain/authorization-request.ts";
import { fromBase64url, toBase64url } from "../../domain/encoding.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Call } from "../call.ts";
import { publicSubjectId } from "../subject.ts";
import { findSpentCode, type RedeemedCode, type Redemption, spendCode } from "./codes.ts";

/** The `typ` of ID tokens: no receipt passes for one. */
export const ID_TOKEN_TYPE = "JWT";
/** Ours serve to fetch them at once, so both tokens are short-lived. */
const TOKEN_SECONDS = 5 * 60;
const ACCESS_TOKEN = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

export type Tokens = Readonly<{ idToken: string; accessToken: string; expiresInSeconds: number; scope: string }>;

/** Exchanges a code for an ID token, which says what was proven, and an access token, which reads `sub` and no more. */
export async function exchangeCode(deps: Deps, call: Call, redemption: Redemption): Promise<OauthOutcome<Tokens>> {
  const spent = await spendCode(deps, call, redemption);
  if (!spent.ok) return spent;
  const accessToken = accessTokenOf(deps, spent.value.id);
  const value = {
    idToken: await signIdToken(deps, call, spent.value, accessToken),
    accessToken,
    expiresInSeconds: TOKEN_SECONDS,
    scope: spent.value.what.scope.join(" "),
  };
  return { ok: true, value };
}

/** The subject behind an access token, by the id that its relying party knows; undefined when expired, forged or revoked. */
export async function subjectOfToken(deps: Deps, token: string, nowMs: number): Promise<string | undefined> {
  const [, codeId = ""] = ACCESS_TOKEN.exec(token) ?? [];
  if (codeId === "" || !deps.keyring.sameText(token, accessTokenOf(deps, codeId))) return undefined;
  const code = await findSpentCode(deps, codeId);
  if (!code || code.spentAtMs + TOKEN_SECONDS * 1000 <= nowMs) return undefined;
  const rp = await deps.store.relyingParties.find(code.rpId);
  return rp?.revokedAtMs === null ? publicSubjectId(deps.keyring, code.rpId, code.lookup) : undefined;
}

/** Names the spent code behind a MAC: nothing more has to be stored, and forgetting the code revokes it. */
function accessTokenOf({ keyring }: Pick<Deps, "keyring">, codeId: string): string {
  return `${codeId}.${toBase64url(keyring.mac("token", "access_token", codeId))}`;
}

async function signIdToken(
  deps: Deps,
  call: Call,
  { lookup, what }: RedeemedCode,
  accessToken: string,
): Promise<string> {
  const iat = Math.floor(call.nowMs / 1000);
  return deps.signer.sign(ID_TOKEN_TYPE, {
    iss: deps.publicUrl,
    aud: call.rpId,
    sub: publicSubjectId(deps.keyring, call.rpId, lookup),
    iat,
    exp: iat + TOKEN_SECONDS,
    auth_time: Math.floor(what.authTimeMs / 1000),
    nonce: what.nonce,
    acr: what.acr,
    amr: what.amr,
    at_hash: leftHalfOfHash(deps, accessToken),
  });
}

/** OpenID Connect Core §3.1.3.6, for ES256. */
function leftHalfOfHash({ keyring }: Pick<Deps, "keyring">, text: string): string {
  const digest = fromBase64url(keyring.hash(text));
  if (!digest) throw new Error("a hash that is no base64url");
  return toBase64url(digest.subarray(0, digest.length / 2));
}
