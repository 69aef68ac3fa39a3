import {
  type Command,
  EXIT,
  JSON_OPTION,
  neededText,
  RefusedError,
  textOf,
  UsageError,
  wholeNumberOf,
} from "./command.ts";
import { openApi } from "./probe/api.ts";
import { CASES } from "./probe/cases.ts";
import { openConnection } from "./probe/connection.ts";
import { measure, meetsAim, type Pair } from "./probe/measure.ts";
import { people } from "./probe/people.ts";

const SAMPLES = 400;
const FEWEST_SAMPLES = 40;
/** With fewer, chance alone takes an area out of the aim. */
const ENOUGH = 5_000;

/** Tries to tell subjects that exist from those that do not, from outside. */
export const probe: Command = {
  usage: "probe --url <address> [--api-key <key>] [--samples <count>] [--json]",
  description:
    "Asks a running service the same things about subjects that exist and about some that do not, in turn, and compares the answers' bytes, headers and times. Makes its subjects under random names and erases them again. Exits with 1 when a pair can be told apart. The key may come from COUNTERSIGN_API_KEY instead, where other users of the machine do not see it; it needs every scope, and a relying party (best in a realm) of its own.",
  options: {
    url: { type: "string", help: "the service's address" },
    "api-key": { type: "string", help: "a relying party's API key" },
    origin: { type: "string", help: "the realm's WebAuthn origin, when it is not the address" },
    samples: { type: "string", help: `answers of each kind (${SAMPLES}); 20000 for figures to quote` },
    only: { type: "string", multiple: true, help: "cases whose name has this in it" },
    json: JSON_OPTION,
  },
  positionals: 0,
  run: async ({ values, env, print, warn }) => {
    const url = addressIn(neededText(values, "url"));
    const key = textOf(values, "api-key") ?? env.COUNTERSIGN_API_KEY;
    if (key === undefined) throw new UsageError("--api-key is needed, or COUNTERSIGN_API_KEY");
    const samples = wholeNumberOf(values, "samples") ?? SAMPLES;
    if (samples < FEWEST_SAMPLES) throw new UsageError(`--samples is at least ${FEWEST_SAMPLES}`);
    const origin = textOf(values, "origin") ?? url.origin;
    const only = Array.isArray(values.only) ? values.only.map(String) : [];
    const pairs = await probeAll({ url, key, origin, samples, only, warn });
    const isAlike = pairs.every(({ verdict }) => verdict === "alike" || verdict === "unsure");
    if (values.json === true) print(JSON.stringify({ alike: isAlike, pairs }));
    else for (const line of probeTable(pairs)) print(line);
    return isAlike ? EXIT.ok : EXIT.failed;
  },
};

type Terms = Readonly<{
  url: URL;
  key: string;
  origin: string;
  samples: number;
  only: readonly string[];
  warn: (line: string) => void;
}>;

/** Asks everything, and compares. Throws RefusedError when the server does not answer as documented. */
export async function probeAll({ url, key, origin, samples, only, warn }: Terms): Promise<readonly Pair[]> {
  const connection = openConnection(url);
  const api = openApi(connection, key);
  const made = people(api, origin);
  const pairs: Pair[] = [];
  try {
    for (const { name, make } of CASES) {
      if (only.length > 0 && !only.some((part) => name.includes(part))) continue;
      const groups = await make({ api, people: made, origin, samples });
      if (groups === undefined) warn(`${name}: not compared, no stranger here looks like that yet`);
      else pairs.push(...(await measure(api, { name, groups }, samples)));
    }
    return pairs;
  } finally {
    await made.erase();
    connection.close();
  }
}

function addressIn(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) throw new UsageError("--url is no http address");
  if (url.username !== "" || url.password !== "") throw new RefusedError("--url must not hold credentials.");
  return url;
}

/** The pairs as lines for people. */
export function probeTable(pairs: readonly Pair[]): readonly string[] {
  const head = [
    "question",
    "unknown against",
    "samples",
    "diff µs",
    "Welch p",
    "U-test p",
    "AUC",
    "95 %",
    "aim",
    "verdict",
  ];
  const rows = [head, ...pairs.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function cellsOf(pair: Pair): readonly string[] {
  const { name, against, samples, comparison, verdict, difference } = pair;
  const { meanDifference, welchP, mannWhitneyP, auc, aucLow, aucHigh } = comparison;
  const interval = `${aucLow.toFixed(3)}–${aucHigh.toFixed(3)}`;
  const figures = [meanDifference.toFixed(1), welchP.toFixed(3), mannWhitneyP.toFixed(3), auc.toFixed(3), interval];
  const told = difference === undefined ? verdict : `${verdict}: ${difference}`;
  const aim = meetsAim(pair) ? "met" : samples < ENOUGH ? "" : "missed";
  return [name, against, String(samples), ...figures, aim, told];
}
