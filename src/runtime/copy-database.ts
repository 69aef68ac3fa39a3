import { createHash } from "node:crypto";
import { type Row, type Source, TABLES, type TableShape, type Target } from "../store/engines/tables.ts";
import { isStandIn } from "../store/stand-ins.ts";
import { UNFINISHED_COPY } from "../store/unfinished-copy.ts";

/** What became of a table: how many rows, and what they add up to. */
export type CopiedTable = Readonly<{ table: string; rows: number; checksum: string }>;

/** Why a copy was not made. */
export class CopyRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CopyRefusedError";
  }
}

/** An engine's own row, without meaning: see `FLUSH` there. */
const FLUSH = "flush";
const MODULUS = 1n << 256n;

type Sides = Readonly<{ source: Source; target: Target }>;

/**
 * Carries every table over, and then reads both sides once more to see that they hold the same. A copy that was cut off
 * goes on with the table it was at; one into a target that holds anything else is refused. `report` hears of each table
 * once it is known to be the same. The mark of an unfinished copy is removed last.
 */
export async function copyDatabase(sides: Sides, report: (copied: CopiedTable) => void): Promise<void> {
  const { source, target } = sides;
  if (source.migrations.applied !== source.migrations.known) {
    throw new CopyRefusedError("The source is not of this version: run countersign migrate on it first.");
  }
  const mark = UNFINISHED_COPY + (await fingerprint(source));
  const finished = await startAt(target, mark);
  for (const [index, table] of TABLES.entries()) {
    if (index < finished) continue;
    for await (const batch of source.batches(table)) await target.add(table, batch.filter(isMeant(table)));
    await target.mark(mark, index + 1);
  }
  await target.finish();
  for (const table of TABLES) report(await compare(sides, table));
  await target.mark(mark, undefined);
}

/** Which installation it is: its sealed MAC root, hashed. */
async function fingerprint(source: Source): Promise<string> {
  if ((await marksOf(source)).length > 0) throw new CopyRefusedError("The source is an unfinished copy itself.");
  const roots = (await allRows(source, "system_keys")).filter(({ kind }) => kind === "mac_root");
  const [root] = roots;
  if (root === undefined) throw new CopyRefusedError("The source is empty: there is nothing to copy.");
  return createHash("sha256").update(String(root.sealed)).digest("base64url");
}

/** How many tables an earlier try has finished; 0 in an empty target, which is then marked as ours. */
async function startAt(target: Target, mark: string): Promise<number> {
  const [found] = await marksOf(target);
  if (found?.id === mark) return Number(found.value);
  if (found !== undefined) throw new CopyRefusedError("The target holds an unfinished copy of another source.");
  for (const table of TABLES) {
    for await (const batch of target.batches(table)) {
      if (!batch.some(isMeant(table))) continue;
      throw new CopyRefusedError("The target is not empty: copy into a database that nothing has used.");
    }
  }
  await target.mark(mark, 0);
  return 0;
}

async function compare({ source, target }: Sides, table: TableShape): Promise<CopiedTable> {
  const [from, to] = [await sumUp(source, table), await sumUp(target, table)];
  if (from.rows !== to.rows || from.checksum !== to.checksum) {
    throw new CopyRefusedError(
      `The copies of ${table.name} differ (${from.rows} rows, and ${to.rows}). Something wrote to one of them meanwhile: empty the target and start anew.`,
    );
  }
  return from;
}

/** The rows' SHA-256 added up: the same for the same rows, in whatever order they come. */
async function sumUp(side: Pick<Source, "batches">, table: TableShape): Promise<CopiedTable> {
  let rows = 0;
  let sum = 0n;
  for await (const batch of side.batches(table)) {
    for (const row of batch.filter(isMeant(table))) {
      rows += 1;
      sum = (sum + hashOf(table, row)) % MODULUS;
    }
  }
  return { table: table.name, rows, checksum: sum.toString(16).padStart(64, "0") };
}

/** Columns go by name, and are told apart by their JSON: a number is not a text, and neither is null. */
function hashOf({ columns }: TableShape, row: Row): bigint {
  const text = JSON.stringify(columns.map(({ name }) => row[name]));
  return BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
}

/** Whether a row is data, and not a mark, an engine's own or one that every migrated database has. */
function isMeant({ name }: TableShape): (row: Row) => boolean {
  if (name === "subjects") return ({ lookup }) => !isStandIn(lookup);
  if (name === "authenticators") return ({ subject_lookup }) => !isStandIn(subject_lookup);
  return (row) => name !== COUNTERS || !(row.id === FLUSH || isMark(row));
}

const COUNTERS = "counters";

function isMark({ id }: Row): boolean {
  return String(id).startsWith(UNFINISHED_COPY);
}

async function marksOf(side: Pick<Source, "batches">): Promise<readonly Row[]> {
  return (await allRows(side, COUNTERS)).filter(isMark);
}

/** For small tables. */
async function allRows(side: Pick<Source, "batches">, name: string): Promise<readonly Row[]> {
  const table = TABLES.find((one) => one.name === name);
  if (table === undefined) throw new Error("a table that the schema does not have");
  const rows: Row[] = [];
  for await (const batch of side.batches(table)) rows.push(...batch);
  return rows;
}
