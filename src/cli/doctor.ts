import type { Check } from "../runtime/check.ts";
import { examine } from "../runtime/examine.ts";
import { readConfig } from "../runtime/read-config.ts";
import { type Command, EXIT, JSON_OPTION } from "./command.ts";

/** Checks an installation without changing it. */
export const doctor: Command = {
  usage: "doctor [--json]",
  description:
    "Checks settings, files, keys, database, clock and pages, and changes nothing. Exits with 1 when something is wrong.",
  options: { json: JSON_OPTION },
  positionals: 0,
  run: async ({ env, values, print }) => {
    const checks = await examine(readConfig(env), Date.now());
    const isWell = checks.every(({ ok }) => ok);
    if (values.json === true) print(JSON.stringify({ ok: isWell, checks }));
    else for (const check of checks) print(lineOf(check));
    return isWell ? EXIT.ok : EXIT.failed;
  },
};

function lineOf({ name, ok, detail }: Check): string {
  return `${ok ? "ok    " : "WRONG "} ${name.padEnd(20)} ${detail}`;
}
