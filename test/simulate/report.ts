import type { PeerName } from "./peers.ts";

type Aim = Readonly<{ below: number }> | Readonly<{ atMost: number }>;

/** One figure of the simulation, its aim, and what the same attack does to peers' policies. */
export type Row = Readonly<{
  /** Which part of the simulation: a to e. */
  part: string;
  name: string;
  value: number | undefined;
  aim?: Aim;
  peers?: Readonly<Partial<Record<PeerName, number | string>>>;
}>;

export function isMet({ value, aim }: Row): boolean | undefined {
  if (aim === undefined) return undefined;
  if (value === undefined) return false;
  return "below" in aim ? value < aim.below : value <= aim.atMost;
}

export function tableOf(rows: readonly Row[], peers: readonly PeerName[]): string {
  const cells = rows.map((row) => [
    row.part,
    row.name,
    shown(row.value),
    aimText(row.aim),
    verdict(isMet(row)),
    ...peers.map((peer) => shown(row.peers?.[peer])),
  ]);
  const head = ["", "", "Countersign", "aim", "", ...peers];
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return all.map(line).join("\n");
}

function shown(value: number | string | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "string") return value;
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return value < 0.001 ? value.toExponential(2) : value.toPrecision(3);
}

function aimText(aim: Aim | undefined): string {
  if (aim === undefined) return "";
  return "below" in aim ? `< ${aim.below}` : `≤ ${aim.atMost}`;
}

function verdict(met: boolean | undefined): string {
  return met === undefined ? "" : met ? "met" : "MISSED";
}
