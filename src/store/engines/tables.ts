import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../schema.sqlite.ts";

/** A column's value as both engines mean it: whole numbers are below 2^53. */
export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export type Column = Readonly<{ name: string; isNumber: boolean }>;
export type TableShape = Readonly<{ name: string; columns: readonly Column[] }>;

/** Every table, the same on each engine, in the order of the schema; columns by name. */
export const TABLES: readonly TableShape[] = Object.values(schema)
  .filter((table) => is(table, SQLiteTable))
  .map((table) => {
    const { name, columns } = getTableConfig(table);
    const shapes = columns.map((column) => ({ name: column.name, isNumber: column.dataType === "number" }));
    return { name, columns: shapes.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  });

/** One moment of a database, read as it is. */
export type Source = Readonly<{
  /** How many migrations it has, and how many there are. */
  migrations: Readonly<{ applied: number; known: number }>;
  /** All rows of a table, in no order, a batch at a time. */
  batches: (table: TableShape) => AsyncIterable<readonly Row[]>;
}>;

/** A database that is being filled. What it was told is on disk when a promise resolves. */
export type Target = Readonly<{
  batches: Source["batches"];
  /** Adds the rows that are not there yet. */
  add: (table: TableShape, rows: readonly Row[]) => Promise<void>;
  /** Sets a row of `counters`, or removes it. */
  mark: (id: string, value: number | undefined) => Promise<void>;
  /** Makes the database go on counting after what it was filled with. */
  finish: () => Promise<void>;
}>;

/** Rows are carried this many at a time. */
export const BATCH = 1_000;
