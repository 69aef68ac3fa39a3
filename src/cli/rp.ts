import { readFileSync } from "node:fs";
import { readClientKeys } from "../domain/client-keys.ts";
import { DEFAULT_REALM_ID } from "../domain/realm.ts";
import { type JwkSet, SCOPES, type Scope } from "../domain/relying-party.ts";
import { createRelyingParty, revokeRelyingParty } from "../flows/relying-parties.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredApiKey, StoredRelyingParty } from "../ports/store.ts";
import { type Command, JSON_OPTION, neededText, RefusedError, textOf, textsOf, UsageError } from "./command.ts";
import { commandLine, refusal, timeText, withService } from "./open-service.ts";

/** Registers a relying party and prints its credentials, this once. */
export const create: Command = {
  usage:
    "rp create --name <text> --redirect-uri <uri>… [--scope <scope>]… [--realm <id>] [--jwks <file>] [--allow-insecure-authorize] [--json]",
  description: `Registers a relying party. Its client secret and first API key are shown this once.\nScopes: ${SCOPES.join(" ")} (all of them when none is given).`,
  options: {
    name: { type: "string", help: "what people see it called" },
    "redirect-uri": { type: "string", multiple: true, help: "where the prompt may return to, exactly" },
    scope: { type: "string", multiple: true, help: "what its API key may do" },
    realm: { type: "string", help: "whose subjects it shares; default when not given" },
    jwks: { type: "string", help: "a JWK set of public keys: it signs its requests, and has no client secret" },
    "allow-insecure-authorize": {
      type: "boolean",
      help: "takes OpenID requests that were not pushed: the browser's user can read and change them",
    },
    json: JSON_OPTION,
  },
  positionals: 0,
  run: (invocation) => {
    const { values, print } = invocation;
    const name = neededText(values, "name");
    const redirectUris = textsOf(values, "redirect-uri");
    const scopes = scopesOf(textsOf(values, "scope"));
    const realmId = textOf(values, "realm") ?? DEFAULT_REALM_ID;
    const jwks = keysIn(textOf(values, "jwks"));
    const allowInsecureAuthorize = values["allow-insecure-authorize"] === true;
    const registration = { name, redirectUris, realmId, scopes, jwks, allowInsecureAuthorize };
    return withService(invocation, async ({ deps }) => {
      if (!(await deps.store.realms.find(realmId))) throw new RefusedError("There is no such realm.");
      const created = await createRelyingParty(deps, commandLine(deps), registration);
      if (!created.ok) throw refusal(created.denial);
      await deps.store.committed();
      const { clientId, clientSecret, apiKey } = created.value;
      if (values.json === true) {
        print(JSON.stringify({ client_id: clientId, client_secret: clientSecret, api_key: apiKey }));
      } else {
        const secret = clientSecret === undefined ? "none: it signs" : clientSecret;
        print(`Client id:     ${clientId}\nClient secret: ${secret}\nAPI key:       ${apiKey}`);
        print("What is secret here is not shown again.");
      }
    });
  },
};

/** Shows what is registered; no secret is among it. */
export const list: Command = {
  usage: "rp list [--json]",
  description: "Lists relying parties and their API keys. Keys are shown by their first characters.",
  options: { json: JSON_OPTION },
  positionals: 0,
  run: (invocation) =>
    withService(invocation, async ({ deps }) => {
      const all = await everyRelyingParty(deps);
      if (invocation.values.json === true) {
        invocation.print(JSON.stringify({ relying_parties: all.map(({ rp, keys }) => presentRp(rp, keys)) }));
        return;
      }
      for (const { rp, keys } of all) {
        invocation.print(`${rp.id}  ${rp.name} (${rp.realmId})${rp.revokedAtMs === null ? "" : ", revoked"}`);
        for (const key of keys)
          invocation.print(`  ${key.id}  ${key.prefix}…  ${stateOf(key)}  ${key.scopes.join(" ")}`);
      }
    }),
};

/** Ends a relying party: its next request is refused. */
export const revoke: Command = {
  usage: "rp revoke <client_id>",
  description: "Revokes a relying party with all its API keys. This cannot be undone.",
  options: {},
  positionals: 1,
  run: (invocation) =>
    withService(invocation, async ({ deps }) => {
      const revoked = await revokeRelyingParty(deps, commandLine(deps), invocation.positionals[0] ?? "");
      if (!revoked.ok) throw new RefusedError("There is no such relying party, or it is revoked already.");
      invocation.print("Revoked.");
    }),
};

/** The scopes that were typed, or undefined when none was; throws UsageError for one that does not exist. */
export function scopesOf(names: readonly string[]): readonly Scope[] | undefined {
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  if (names.some((name) => !SCOPES.some((scope) => scope === name))) {
    throw new UsageError(`a scope is one of: ${SCOPES.join(" ")}`);
  }
  return names.length === 0 ? undefined : scopes;
}

/** The public keys in a file, or undefined when none was named; throws RefusedError when they cannot be used. */
function keysIn(file: string | undefined): JwkSet | undefined {
  if (file === undefined) return undefined;
  const jwks = readClientKeys(jsonIn(file));
  if (!jwks) throw new RefusedError("The file is not a JWK set of public keys for ES256, PS256 or EdDSA.");
  return jwks;
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

type WithKeys = Readonly<{ rp: StoredRelyingParty; keys: readonly StoredApiKey[] }>;

function everyRelyingParty({ store }: Deps): Promise<readonly WithKeys[]> {
  return store.relyingParties
    .list()
    .then((all) => Promise.all(all.map(async (rp) => ({ rp, keys: await store.apiKeys.listOf(rp.id) }))));
}

function presentRp(rp: StoredRelyingParty, keys: readonly StoredApiKey[]) {
  return {
    client_id: rp.id,
    name: rp.name,
    realm: rp.realmId,
    redirect_uris: rp.redirectUris,
    token_endpoint_auth_method: rp.jwks === null ? "client_secret_basic" : "private_key_jwt",
    allow_insecure_authorize: rp.allowInsecureAuthorize,
    created_at: timeText(rp.createdAtMs),
    revoked_at: timeText(rp.revokedAtMs),
    unknown_per_hour: rp.unknownPerHour,
    api_keys: keys.map((key) => ({
      id: key.id,
      prefix: key.prefix,
      scopes: key.scopes,
      created_at: timeText(key.createdAtMs),
      expires_at: timeText(key.expiresAtMs),
      last_used_at: timeText(key.lastUsedAtMs),
      revoked_at: timeText(key.revokedAtMs),
      scan_stopped_at: timeText(key.scanStoppedAtMs),
    })),
  };
}

function stateOf(key: StoredApiKey): string {
  if (key.revokedAtMs !== null) return "revoked";
  if (key.scanStoppedAtMs !== null) return "stopped by the scan alarm";
  return key.expiresAtMs === null ? "active" : `until ${timeText(key.expiresAtMs)}`;
}
