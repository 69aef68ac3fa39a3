/**
 * Attacks on the real service with a virtual clock, and on models of peers' policies. `--only a,c` carries these out
 * alone; `--quick` takes less of each. Prints a table, and writes test-results/simulate.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DAY_MS } from "./contestant.ts";
import { isMet, type Row, tableOf } from "./report.ts";
import { FULL, PEER_NAMES, SCENARIOS, type Scale } from "./scenarios.ts";

const QUICK: Scale = { ...FULL, guesserDays: 60, lockoutDays: 14, sprayMs: 30 * DAY_MS, listed: 600, dumped: 20 };
const RESULTS = resolve(import.meta.dirname, "../../test-results");

const { values } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const scale = values.quick ? QUICK : FULL;
const wanted = values.only?.split(",") ?? Object.keys(SCENARIOS);

const rows: Row[] = [];
for (const [part, run] of Object.entries(SCENARIOS)) {
  if (!wanted.includes(part)) continue;
  const begin = performance.now();
  rows.push(...(await run(scale)));
  console.error(`${part}: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}
console.log(tableOf(rows, PEER_NAMES));
mkdirSync(RESULTS, { recursive: true });
const figures = rows.map((row) => ({ ...row, isMet: isMet(row) }));
writeFileSync(resolve(RESULTS, "simulate.json"), `${JSON.stringify({ scale, figures }, null, 2)}\n`);
