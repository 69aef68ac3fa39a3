import type { Sql } from "postgres";
import { planParameters, planRow, sameParameters, type Values } from "./planned-queries.ts";

/** The parts of drizzle's prepared query for postgres.js that are used here. */
type PreparedQuery = {
  readonly queryString: string;
  readonly params: readonly unknown[];
  readonly fields: Parameters<typeof planRow>[0] | undefined;
  readonly customResultMapper: unknown;
  execute: (values?: Values) => Promise<unknown>;
};

type Database = Readonly<{ session: { prepareQuery: (...parameters: never[]) => PreparedQuery } }>;

/**
 * A statement with its parameters in order. `sameAs` says of each parameter which earlier one always has the same value,
 * or its own index.
 */
export type Statement = Readonly<{ text: string; parameters: readonly unknown[]; sameAs?: readonly number[] }>;

export type Rows = readonly unknown[][];

/** What the engine keeps about each prepared query, to run it with others in one transaction. */
const statements = new WeakMap<object, (values: Values) => Statement>();

/** The statement that a prepared query of this engine is with these values. */
export function statementOf(query: object, values: Values): Statement {
  const toStatement = statements.get(query);
  if (toStatement === undefined) throw new Error("a query that this engine did not prepare");
  return toStatement(values);
}

/**
 * Makes prepared queries run as prepared statements of the server, whether or not they were given a name, and works out
 * once how values become parameters and columns become members. `run` carries a statement out and returns its rows as
 * lists of columns.
 */
export function planQueries(db: unknown, run: (statement: Statement) => Promise<Rows>): void {
  // drizzle's types leave its session out; the contract tests run every verb through this.
  const { session } = db as Database;
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (...parameters) => planned(prepareQuery(...parameters), run);
}

function planned(prepared: PreparedQuery, run: (statement: Statement) => Promise<Rows>): PreparedQuery {
  const { queryString: text } = prepared;
  const toParameters = planParameters(prepared.params);
  const sameAs = sameParameters(prepared.params);
  const toStatement = (values: Values) => ({ text, parameters: toParameters(values), sameAs });
  const toRow = planRow(prepared.fields ?? []) ?? ((columns: readonly unknown[]) => columnsByName(prepared, columns));
  if (prepared.customResultMapper) throw new Error("a relational query has no plan here");
  statements.set(prepared, toStatement);
  prepared.execute = async (values = {}) => (await run(toStatement(values))).map(toRow);
  return prepared;
}

/** A computed column has no decoder of its own here: verbs take what the driver gives. */
function columnsByName({ fields = [] }: PreparedQuery, columns: readonly unknown[]): Values {
  return Object.fromEntries(fields.map(({ path: [name = ""] }, index) => [name, columns[index]]));
}

/** Runs a statement as a prepared one on whichever connection is free; rows as lists of columns. */
export function send(client: Pick<Sql, "unsafe">, { text, parameters }: Statement): Promise<Rows> {
  // Parameters are texts, numbers and null: what the store's columns hold.
  return client.unsafe(text, parameters as (string | number | null)[], { prepare: true }).values();
}
