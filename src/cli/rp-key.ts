import { SCOPES } from "../domain/relying-party.ts";
import { createApiKey, revokeApiKey } from "../flows/relying-parties.ts";
import { type Command, JSON_OPTION, RefusedError, textsOf, wholeNumberOf } from "./command.ts";
import { commandLine, withService } from "./open-service.ts";
import { scopesOf } from "./rp.ts";

/** Makes a further API key and prints it, this once; the others go on working, so that keys can overlap. */
export const create: Command = {
  usage: "rp key create <client_id> [--scope <scope>]… [--expires-in-days <days>] [--json]",
  description: `Makes a further API key, shown this once. The others go on working.\nScopes: ${SCOPES.join(" ")} (all of them when none is given).`,
  options: {
    scope: { type: "string", multiple: true, help: "what the key may do" },
    "expires-in-days": { type: "string", help: "when it ends; never when not given" },
    json: JSON_OPTION,
  },
  positionals: 1,
  run: (invocation) => {
    const { values, positionals, print } = invocation;
    const scopes = scopesOf(textsOf(values, "scope")) ?? SCOPES;
    const expiresInDays = wholeNumberOf(values, "expires-in-days");
    return withService(invocation, async ({ deps }) => {
      const terms = { rpId: positionals[0] ?? "", scopes, expiresInDays };
      const made = await createApiKey(deps, commandLine(deps), terms);
      if (!made.ok) throw new RefusedError("There is no such relying party, or it is revoked.");
      await deps.store.committed();
      const { keyId, apiKey } = made.value;
      if (values.json === true) print(JSON.stringify({ id: keyId, api_key: apiKey }));
      else print(`Key id:  ${keyId}\nAPI key: ${apiKey}\nThe key is not shown again.`);
    });
  },
};

/** Ends one API key: the next request with it is refused. */
export const revoke: Command = {
  usage: "rp key revoke <client_id> <key_id>",
  description: "Revokes one API key; `countersign rp list` shows their ids.",
  options: {},
  positionals: 2,
  run: (invocation) =>
    withService(invocation, async ({ deps }) => {
      const [rpId = "", keyId = ""] = invocation.positionals;
      const revoked = await revokeApiKey(deps, commandLine(deps), { rpId, keyId });
      if (!revoked.ok) throw new RefusedError("There is no such key, or it is revoked already.");
      invocation.print("Revoked.");
    }),
};
