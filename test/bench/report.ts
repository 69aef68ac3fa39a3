import type { Scale } from "./benches.ts";
import type { Latencies, OpenLoopFigures } from "./open-loop.ts";
import type { PairFigures } from "./pairs.ts";

type Aim = Readonly<{ atLeast: number }> | Readonly<{ atMost: number }>;

/** One figure, with what it should be. */
export type Figure = Readonly<{ name: string; unit: string; value: number; aim?: Aim; isMet?: boolean }>;

export type Report = Readonly<{
  scale: Scale;
  pairs: Readonly<Record<string, PairFigures>>;
  loads: Readonly<Record<string, OpenLoopFigures>>;
  figures: readonly Figure[];
}>;

const P99_AIM = { atMost: 20 };
const RATIO_AIMS: Readonly<Record<string, Aim>> = {
  "verify TOTP": { atLeast: 0.42 },
  "verify WebAuthn ES256": { atLeast: 0.15 },
  "verify TOTP on PostgreSQL": { atLeast: 0.12 },
};

/** Against the same bytes as a file through the same server. */
const RANGE_AIM = { atLeast: 0.5 };

/** A figure, compared with its aim. */
export function figure(name: string, unit: string, value: number, aim?: Aim): Figure {
  if (aim === undefined) return { name, unit, value };
  return { name, unit, value, aim, isMet: "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost };
}

/** The figures of pairs that have aims. */
export function pairLines(pairs: Report["pairs"]): readonly Figure[] {
  return Object.entries(pairs).flatMap(([name, { ratio, p99Ms }]) => {
    if (name.startsWith("range")) return [figure(`${name}, ratio to static files`, "", ratio, RANGE_AIM)];
    const aim = RATIO_AIMS[name];
    if (aim === undefined) return [];
    return [figure(`${name}, ratio to the echo`, "", ratio, aim), figure(`${name}, p99`, "ms", p99Ms, P99_AIM)];
  });
}

/** Both tables as text. */
export function table({ pairs, loads, figures }: Report): string {
  const measured = Object.entries(pairs).map(([name, pair]) => [
    name,
    pair.perSecond.toFixed(0),
    pair.p50Ms.toFixed(2),
    pair.p99Ms.toFixed(2),
    pair.yardstickPerSecond.toFixed(0),
    pair.ratio.toFixed(3),
    pair.ratios.map((ratio) => ratio.toFixed(2)).join(" "),
    pair.cpuMicros.toFixed(0),
    pair.cpuRatio.toFixed(3),
    pair.idleShare.toFixed(2),
  ]);
  const aimed = figures.map(({ name, unit, value, aim, isMet }) => [
    name,
    shown(value),
    unit,
    aimText(aim),
    verdict(isMet),
  ]);
  return [
    ...columns([
      ["", "req/s", "p50 ms", "p99 ms", "yardstick req/s", "ratio", "ratios", "cpu µs", "cpu ratio", "generator idle"],
      ...measured,
    ]),
    ...loadTable(loads),
    "",
    ...columns([["", "value", "", "aim", ""], ...aimed]),
  ].join("\n");
}

/** Times of whole actions, from when each was due. */
function loadTable(loads: Report["loads"]): readonly string[] {
  const rows = Object.entries(loads).flatMap(([name, { perSecond, all, kinds, failed }]) => [
    [name, perSecond.toFixed(0), ...latencyCells(all), String(failed)],
    ...Object.entries(kinds).map(([kind, latencies]) => [`  ${kind}`, "", ...latencyCells(latencies), ""]),
  ]);
  if (rows.length === 0) return [];
  return [
    "",
    ...columns([["actions", "per second", "count", "p50 ms", "p99 ms", "p99.9 ms", "most", "failed"], ...rows]),
  ];
}

function latencyCells({ count, p50Ms, p99Ms, p999Ms, mostMs }: Latencies): readonly string[] {
  return [String(count), ...[p50Ms, p99Ms, p999Ms, mostMs].map((ms) => ms.toFixed(2))];
}

function shown(value: number): string {
  return value < 10 ? value.toFixed(3) : value.toFixed(1);
}

function aimText(aim: Aim | undefined): string {
  if (aim === undefined) return "";
  return "atLeast" in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
}

function verdict(isMet: boolean | undefined): string {
  return isMet === undefined ? "" : isMet ? "met" : "MISSED";
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
}
