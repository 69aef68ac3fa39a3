import type { AuditKind } from "../domain/audit-event.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { toBase64url } from "../domain/encoding.ts";
import { newId } from "../domain/ids.ts";
import { type JwkSet, SCOPES, type Scope } from "../domain/relying-party.ts";
import type { Deps } from "../ports/deps.ts";
import type { Write } from "../ports/store.ts";

const SECRET_BYTES = 32;
/** `cs_` and eight characters: enough to recognise a key by, nothing to guess it from. */
const PREFIX_LENGTH = 11;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Who registers or revokes: an administrator's id, or the command line. */
export type Actor = Readonly<{ actor: string; requestId: string; nowMs: number }>;

/** `clientSecret` is absent for a relying party that signs instead. */
export type NewRelyingParty = Readonly<{ clientId: string; clientSecret?: string; apiKey: string }>;

export type Registration = Readonly<{
  name: string;
  redirectUris: readonly string[];
  realmId: string;
  scopes?: readonly Scope[];
  /** Public keys: the client authenticates by assertions signed with them, and has no secret. */
  jwks?: JwkSet;
  /** Takes authorization requests from the browser, where the person can read and change them. */
  allowInsecureAuthorize?: boolean;
}>;

/** Registers a relying party with a first API key; both secrets are returned this once and kept only as hashes. */
export async function createRelyingParty(
  deps: Pick<Deps, "store" | "random" | "keyring">,
  by: Actor,
  input: Registration,
): Promise<Outcome<NewRelyingParty>> {
  const refused = input.redirectUris.find((uri) => !isUsableRedirectUri(uri));
  if (refused !== undefined)
    return denied("invalid_request", {
      detail: "A redirect URI must be https, or http on localhost, without a fragment.",
    });
  const id = newId("rp", deps.random.bytes);
  const clientSecret = input.jwks ? undefined : `cs_secret_${toBase64url(deps.random.bytes(SECRET_BYTES))}`;
  const key = newApiKey(deps, by, { rpId: id, realmId: input.realmId, scopes: input.scopes ?? SCOPES });
  const rp = {
    id,
    realmId: input.realmId,
    name: input.name,
    redirectUris: input.redirectUris,
    clientSecretHash: clientSecret === undefined ? "" : deps.keyring.hash(clientSecret),
    jwks: input.jwks ?? null,
    allowInsecureAuthorize: input.allowInsecureAuthorize ?? false,
    createdAtMs: by.nowMs,
  };
  await deps.store.atomically([
    deps.store.relyingParties.insert(rp),
    ...key.writes,
    audit(deps, by, "relying_party_created", input.realmId, id),
  ]);
  return granted({ clientId: id, clientSecret, apiKey: key.apiKey });
}

/** A further API key. The old ones go on working until they expire or are revoked, so that keys can overlap. */
export async function createApiKey(
  deps: Pick<Deps, "store" | "random" | "keyring">,
  by: Actor,
  input: Readonly<{ rpId: string; scopes: readonly Scope[]; expiresInDays?: number }>,
): Promise<Outcome<Readonly<{ apiKey: string; keyId: string }>>> {
  const rp = await deps.store.relyingParties.find(input.rpId);
  if (!rp || rp.revokedAtMs !== null) return denied("not_found");
  const key = newApiKey(deps, by, { ...input, realmId: rp.realmId });
  await deps.store.atomically(key.writes);
  return granted({ apiKey: key.apiKey, keyId: key.id });
}

/** Revokes a relying party with all its keys. */
export async function revokeRelyingParty(
  deps: Pick<Deps, "store">,
  by: Actor,
  rpId: string,
): Promise<Outcome<undefined>> {
  const rp = await deps.store.relyingParties.find(rpId);
  if (!rp || !(await deps.store.relyingParties.revoke(rpId, by.nowMs))) return denied("not_found");
  await deps.store.atomically([
    deps.store.apiKeys.revokeAllOf(rpId, by.nowMs),
    audit(deps, by, "relying_party_revoked", rp.realmId, rpId),
  ]);
  return granted(undefined);
}

/** Revokes one key; the next request with it is refused. */
export async function revokeApiKey(
  deps: Pick<Deps, "store">,
  by: Actor,
  input: Readonly<{ rpId: string; keyId: string }>,
): Promise<Outcome<undefined>> {
  const rp = await deps.store.relyingParties.find(input.rpId);
  if (!rp || !(await deps.store.apiKeys.revoke(input.keyId, input.rpId, by.nowMs))) return denied("not_found");
  await deps.store.atomically([audit(deps, by, "api_key_revoked", rp.realmId, input.rpId)]);
  return granted(undefined);
}

/** Lets the keys of a relying party go on that the scan alarm has stopped; their counts start at zero. */
export async function liftScanAlarm(
  deps: Pick<Deps, "store">,
  by: Actor,
  input: Readonly<{ rpId: string; reason: string }>,
): Promise<Outcome<undefined>> {
  const rp = await deps.store.relyingParties.find(input.rpId);
  if (!rp || (await deps.store.apiKeys.liftScanAlarm(rp.id)) === 0) return denied("not_found");
  await deps.store.atomically([audit(deps, by, "scan_alarm_lifted", rp.realmId, rp.id, input.reason)]);
  return granted(undefined);
}

/** Sets how many unknown subjects each key may ask about in an hour; null for what the realm's policy says. */
export async function limitUnknown(
  deps: Pick<Deps, "store">,
  by: Actor,
  input: Readonly<{ rpId: string; limit: number | null }>,
): Promise<Outcome<undefined>> {
  const rp = await deps.store.relyingParties.find(input.rpId);
  if (!rp || rp.revokedAtMs !== null) return denied("not_found");
  const reason = `unknown_per_hour: ${input.limit ?? "realm"}`;
  await deps.store.atomically([
    deps.store.relyingParties.setUnknownPerHour(rp.id, input.limit),
    audit(deps, by, "relying_party_changed", rp.realmId, rp.id, reason),
  ]);
  return granted(undefined);
}

/** https, or http on a loopback host; absolute, without fragment or credentials (RFC 9700 §2.1). */
export function isUsableRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || text.length > 2000) return false;
  const url = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  const isSecure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback);
  return isSecure && !text.includes("#") && url.username === "" && url.password === "";
}

type KeyTerms = Readonly<{ rpId: string; realmId: string; scopes: readonly string[]; expiresInDays?: number }>;

function newApiKey(
  deps: Pick<Deps, "store" | "random" | "keyring">,
  by: Actor,
  terms: KeyTerms,
): Readonly<{ id: string; apiKey: string; writes: readonly Write[] }> {
  const { rpId, realmId, scopes, expiresInDays } = terms;
  const apiKey = `cs_${toBase64url(deps.random.bytes(SECRET_BYTES))}`;
  const id = newId("key", deps.random.bytes);
  const key = {
    id,
    rpId,
    realmId,
    hash: deps.keyring.hash(apiKey),
    prefix: apiKey.slice(0, PREFIX_LENGTH),
    scopes,
    createdAtMs: by.nowMs,
    expiresAtMs: expiresInDays === undefined ? null : by.nowMs + expiresInDays * DAY_MS,
  };
  return { id, apiKey, writes: [deps.store.apiKeys.insert(key), audit(deps, by, "api_key_created", realmId, rpId)] };
}

function audit(
  deps: Pick<Deps, "store">,
  by: Actor,
  kind: AuditKind,
  realmId: string,
  rpId: string,
  reason?: string,
): Write {
  const { nowMs: atMs, actor, requestId } = by;
  return deps.store.audit.append({ atMs, kind, realmId, rpId, actor, requestId, reason });
}
