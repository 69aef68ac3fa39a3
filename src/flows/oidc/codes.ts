import type { Acr } from "../../domain/assurance.ts";
import { type OauthOutcome, oauthError } from "../../domain/authorization-request.ts";
import { fromUtf8, toBase64url, toUtf8 } from "../../domain/encoding.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredGrant } from "../../ports/store.ts";
import { auditOf, type Call } from "../call.ts";
import { grantContext } from "../links.ts";
import type { StoredRequest } from "./stored-request.ts";

const CODE_BYTES = 32;
/** FAPI 2.0 §5.3.2.1: at most 60 seconds. */
const CODE_MS = 60_000;
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** What a code stands for. */
export type Granted = Pick<StoredRequest, "redirectUri" | "codeChallenge" | "nonce" | "scope"> &
  Readonly<{ acr: Acr; amr: readonly string[]; authTimeMs: number }>;

/** A code for one proof: 256 random bits, of which only the hash is stored. */
export async function issueCode(deps: Deps, call: Call, lookup: string, what: Granted): Promise<string> {
  const code = toBase64url(deps.random.bytes(CODE_BYTES));
  const id = codeIdOf(deps, code);
  await deps.store.atomically([
    deps.store.grants.insert({
      id,
      kind: "oidc_code",
      realmId: call.realm.id,
      rpId: call.rpId,
      subjectLookup: lookup,
      data: deps.keyring.seal(grantContext(id), toUtf8(JSON.stringify(what))),
      createdAtMs: call.nowMs,
      expiresAtMs: call.nowMs + CODE_MS,
    }),
  ]);
  return code;
}

export type Redemption = Readonly<{ code: string; redirectUri: string; codeVerifier: string }>;
export type RedeemedCode = Readonly<{ id: string; lookup: string; what: Granted }>;

/**
 * Uses up a code of this client. It is spent before anything else is looked at, so a wrong verifier or redirect URI burns
 * it. A second use forgets the code, and with it the access token that came from it (RFC 6749 §4.1.2), and raises an alarm.
 */
export async function spendCode(deps: Deps, call: Call, redemption: Redemption): Promise<OauthOutcome<RedeemedCode>> {
  const id = codeIdOf(deps, redemption.code);
  const known = await deps.store.grants.find(id);
  if (known?.rpId !== call.rpId) return refused();
  const spent = await deps.store.grants.spend(id, call.nowMs);
  if (!spent) {
    await noticeReplay(deps, call, id);
    return refused();
  }
  const redeemed = openCode(deps, spent);
  const { codeChallenge, redirectUri } = redeemed.what;
  const { codeVerifier } = redemption;
  // SHA-256 in base64url, as a challenge is (RFC 7636 §4.6).
  const isVerified =
    VERIFIER.test(codeVerifier) && deps.keyring.sameText(deps.keyring.hash(codeVerifier), codeChallenge);
  return isVerified && redirectUri === redemption.redirectUri ? { ok: true, value: redeemed } : refused();
}

/** A spent code, from which an access token came; undefined when it was forgotten. */
export async function findSpentCode(
  deps: Deps,
  id: string,
): Promise<Readonly<{ rpId: string; lookup: string; spentAtMs: number }> | undefined> {
  const grant = await deps.store.grants.find(id);
  if (!grant || grant.rpId === null || grant.subjectLookup === null || grant.usedAtMs === null) return undefined;
  return { rpId: grant.rpId, lookup: grant.subjectLookup, spentAtMs: grant.usedAtMs };
}

async function noticeReplay(deps: Deps, call: Call, id: string): Promise<void> {
  const grant = await deps.store.grants.find(id);
  if (!grant || grant.usedAtMs === null) return;
  const { subjectLookup } = grant;
  await deps.store.atomically([
    deps.store.grants.drop(id),
    deps.store.audit.append(auditOf(call, "authorization_code_replayed", { subjectLookup })),
  ]);
}

/** Unknown, used, expired, another client's and wrongly verified codes are answered alike. */
function refused() {
  return oauthError("invalid_grant", "The code is not usable.");
}

function codeIdOf({ keyring }: Pick<Deps, "keyring">, code: string): string {
  return keyring.hash(`oidc_code.${code}`);
}

function openCode({ keyring }: Pick<Deps, "keyring">, grant: StoredGrant): RedeemedCode {
  if (grant.kind !== "oidc_code" || grant.subjectLookup === null) throw new Error("a grant that is no code");
  // Authenticated encryption: it is what `issueCode` sealed.
  const what = JSON.parse(fromUtf8(keyring.open(grantContext(grant.id), grant.data))) as Granted;
  return { id: grant.id, lookup: grant.subjectLookup, what };
}
