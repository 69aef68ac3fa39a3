import { DEFAULT_LIMITS, type Limits, type LimitsChange, limitsOf } from "../domain/realm-limits.ts";
import { changeLimits } from "../flows/realm-limits.ts";
import { type Command, JSON_OPTION, type OptionValues, RefusedError, UsageError, wholeNumberOf } from "./command.ts";
import { commandLine, refusal, withService } from "./open-service.ts";

/** Shows or changes how much may be asked and guessed in one realm. */
export const limits: Command = {
  usage: "realm limits <realm_id> [options] [--json]",
  description:
    "Shows how much may be asked and guessed in a realm, after changing what is given. A running service follows within seconds.",
  options: {
    "unknown-per-hour": { type: "string", help: "unknown subjects that a key may ask about before the scan alarm" },
    "wrong-codes": { type: "string", help: "wrong codes at once, of all subjects of a lane together" },
    "wrong-codes-per-hour": { type: "string", help: "how many more with each hour" },
    "right-per-wrong": { type: "string", help: "people with a right code that make room for one wrong one" },
    "source-burst": { type: "string", help: "answers and challenges at once from one address" },
    "source-per-minute": { type: "string", help: "how many more with each minute" },
    "suspicion-after": { type: "string", help: "wrong codes in a row after the password before people are told" },
    "suspicion-every": { type: "string", help: "wrong codes more before they are told again" },
    reset: { type: "boolean", help: "back to the defaults" },
    json: JSON_OPTION,
  },
  positionals: 1,
  run: (invocation) => {
    const { values, positionals, print } = invocation;
    const realmId = positionals[0] ?? "";
    const isReset = values.reset === true;
    const given = changeOf(values);
    const isGiven = Object.values(given).some((part) => Object.keys(part).length > 0);
    if (isReset && isGiven) throw new UsageError("--reset and other numbers exclude each other");
    return withService(invocation, async ({ deps }) => {
      if (isReset || isGiven) {
        const change = isReset ? DEFAULT_LIMITS : given;
        const changed = await changeLimits(deps, commandLine(deps), { realmId, change });
        if (!changed.ok) throw refusal(changed.denial);
      }
      const realm = await deps.store.realms.find(realmId);
      if (!realm) throw new RefusedError("There is no such realm.");
      const shown = limitsOf(realm.policy);
      for (const line of values.json === true ? [JSON.stringify(presentJson(shown))] : presentText(shown)) print(line);
    });
  },
};

function changeOf(values: OptionValues): LimitsChange {
  const numbers = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(names).flatMap(([member, option]) => {
        const number = wholeNumberOf(values, option);
        return number === undefined ? [] : [[member, number] as const];
      }),
    );
  return {
    scan: numbers({ unknownPerHour: "unknown-per-hour" }),
    realmBudget: numbers({
      burst: "wrong-codes",
      perHour: "wrong-codes-per-hour",
      rightPerWrong: "right-per-wrong",
    }),
    source: numbers({ burst: "source-burst", perMinute: "source-per-minute" }),
    suspicion: numbers({ wrongInRow: "suspicion-after", againEvery: "suspicion-every" }),
  };
}

function presentJson({ scan, realmBudget, source, suspicion }: Limits) {
  return {
    unknown_per_hour: scan.unknownPerHour,
    wrong_codes: realmBudget.burst,
    wrong_codes_per_hour: realmBudget.perHour,
    right_per_wrong: realmBudget.rightPerWrong,
    source_burst: source.burst,
    source_per_minute: source.perMinute,
    suspicion_after: suspicion.wrongInRow,
    suspicion_every: suspicion.againEvery,
  };
}

function presentText({ scan, realmBudget, source, suspicion }: Limits): readonly string[] {
  const { burst, perHour, rightPerWrong } = realmBudget;
  return [
    `Scan alarm:   a key may ask about ${scan.unknownPerHour} unknown subjects an hour`,
    `Wrong codes:  ${burst} at once, ${perHour} an hour more, and one for every ${rightPerWrong} people who had a right one`,
    `Each source:  ${source.burst} at once, ${source.perMinute} a minute more`,
    `Suspicion:    after ${suspicion.wrongInRow} wrong in a row, and every ${suspicion.againEvery} more`,
  ];
}
