import type { PasswordPolicy } from "../domain/realm.ts";
import { changePasswordPolicy, resetPasswordPolicy } from "../flows/password-policy.ts";
import {
  type Command,
  JSON_OPTION,
  numberOf,
  type OptionValues,
  RefusedError,
  textsOf,
  UsageError,
  wholeNumberOf,
} from "./command.ts";
import { commandLine, refusal, withService } from "./open-service.ts";

/** Shows the realms. */
export const list: Command = {
  usage: "realm list [--json]",
  description: "Lists realms with the WebAuthn RP ID and the origins that they are bound to.",
  options: { json: JSON_OPTION },
  positionals: 0,
  run: (invocation) =>
    withService(invocation, async ({ deps }) => {
      const realms = await deps.store.realms.list();
      if (invocation.values.json === true) {
        const shown = realms.map(({ id, name, rpId, origins }) => ({ id, name, rp_id: rpId, origins }));
        invocation.print(JSON.stringify({ realms: shown }));
        return;
      }
      for (const { id, name, rpId, origins } of realms)
        invocation.print(`${id}  ${name} (${rpId}; ${origins.join(" ")})`);
    }),
};

/** Shows or changes the password policy of one realm. */
export const passwords: Command = {
  usage: "realm passwords <realm_id> [options] [--json]",
  description:
    "Shows what a realm asks of passwords, after changing what is given. A running service follows within seconds.",
  options: {
    "min-length": { type: "string", help: "shortest password beside a second factor (8 to 64)" },
    "min-length-alone": { type: "string", help: "shortest password that is the only factor (8 to 64)" },
    "min-guesses": { type: "string", help: "least number of guesses, as a power of ten (8 means 10^8)" },
    "breached-from": { type: "string", help: "refuse what was seen in breaches this often or more; 1 is any" },
    "banned-word": { type: "string", multiple: true, help: "a word that is no password; replaces the list" },
    "no-banned-words": { type: "boolean", help: "empty the list of banned words" },
    reset: { type: "boolean", help: "back to the defaults" },
    json: JSON_OPTION,
  },
  positionals: 1,
  run: (invocation) => {
    const { values, positionals, print } = invocation;
    const realmId = positionals[0] ?? "";
    const change = changeOf(values);
    return withService(invocation, async ({ deps }) => {
      const isReset = values.reset === true;
      const isChanged = Object.keys(change).length > 0;
      if (isReset) await resetPasswordPolicy(deps, commandLine(deps), realmId);
      if (isChanged) {
        const changed = await changePasswordPolicy(deps, commandLine(deps), { realmId, change });
        if (!changed.ok) throw refusal(changed.denial);
      }
      const realm = await deps.store.realms.find(realmId);
      if (!realm) throw new RefusedError("There is no such realm.");
      const policy = realm.policy.password;
      for (const line of values.json === true ? [JSON.stringify(presentJson(policy))] : presentText(policy))
        print(line);
    });
  },
};

function changeOf(values: OptionValues): Partial<PasswordPolicy> {
  const words = textsOf(values, "banned-word");
  const isEmptied = values["no-banned-words"] === true;
  if (isEmptied && words.length > 0) throw new UsageError("--banned-word and --no-banned-words exclude each other");
  const given = {
    minLengthWithSecondFactor: wholeNumberOf(values, "min-length"),
    minLengthSingleFactor: wholeNumberOf(values, "min-length-alone"),
    minGuessesLog10: numberOf(values, "min-guesses"),
    breachedFrom: wholeNumberOf(values, "breached-from"),
    bannedWords: isEmptied || words.length > 0 ? words : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function presentJson(policy: PasswordPolicy) {
  return {
    min_length: policy.minLengthWithSecondFactor,
    min_length_alone: policy.minLengthSingleFactor,
    min_guesses_log10: policy.minGuessesLog10,
    breached_from: policy.breachedFrom,
    banned_words: policy.bannedWords,
  };
}

function presentText(policy: PasswordPolicy): readonly string[] {
  const { breachedFrom, bannedWords } = policy;
  return [
    `Shortest:        ${policy.minLengthWithSecondFactor} beside a second factor, ${policy.minLengthSingleFactor} alone`,
    `Least guesses:   10^${policy.minGuessesLog10}`,
    `Breached:        refused when seen ${breachedFrom === 1 ? "at all" : `${breachedFrom} times or more`}`,
    `Banned words:    ${bannedWords.length === 0 ? "none" : bannedWords.join(", ")}`,
  ];
}
