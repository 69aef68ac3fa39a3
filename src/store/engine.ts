import { sql } from "drizzle-orm";
import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import type { Eventual } from "../domain/eventual.ts";
import type { Write } from "../ports/store.ts";
import type * as schema from "./schema.sqlite.ts";

/** The tables as every verb sees them; another engine's tables are cast to this once, in its file. */
export type Tables = typeof schema;

/** drizzle's builders, awaited the same way on every engine. */
export type Db = BaseSQLiteDatabase<"async", unknown, Tables>;

/** What an engine brings: a database, how to write several rows at once, and when writes are durable. */
export type Engine = Readonly<{
  db: Db;
  tables: Tables;
  atomically: (writes: readonly PreparedWrite[]) => Eventual<void>;
  committed: () => Eventual<void>;
  close: () => Promise<void>;
  /** Whether an exception means that a unique index refused a row. */
  isUniqueViolation: (error: unknown) => boolean;
  /** Whether an exception means that the database could not answer at all. */
  isOutage: (error: unknown) => boolean;
  /** The highest audit event's id below which none can appear any more; without it ids appear in order. */
  eventHorizon?: () => Promise<number>;
  /** See the port; without it the database never forgets anything while the process lives. */
  incarnation?: () => number;
}>;

export type Values = Readonly<Record<string, unknown>>;

/** A drizzle query prepared once. */
export type Prepared = Readonly<{ execute: (values?: Record<string, unknown>) => PromiseLike<unknown> }>;

export type PreparedWrite = Readonly<{ query: Prepared; values: Values }>;

type Querying<Row> = Readonly<{ execute: (values?: Record<string, unknown>) => PromiseLike<readonly Row[]> }>;

/** A query's rows: at once where the engine has them at once, which drizzle's types do not tell. */
export function rowsOf<Row>(query: Querying<Row>, values: Values): Eventual<readonly Row[]> {
  return query.execute(values) as Promise<readonly Row[]>;
}

/** A write for later, in the opaque form that the port hands out. */
export function deferred(query: Prepared, values: Values): Write {
  const write: PreparedWrite = { query, values };
  // The brand exists in types only: `createStore` turns it back into a PreparedWrite.
  return write as unknown as Write;
}

/** A named value of a prepared statement. */
export function value(name: string) {
  return sql.placeholder(name);
}

/** A named value inside `set`, where drizzle wants SQL. */
export function setTo(name: string) {
  return sql`${sql.placeholder(name)}`;
}

/** Whether a deciding statement returned its row. */
export function decided(rows: readonly unknown[]): boolean {
  return rows.length > 0;
}
