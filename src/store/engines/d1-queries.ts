import { planParameters, planRow, type Values } from "./planned-queries.ts";

/** What is used here of a D1 binding (`D1Database` in Cloudflare's own types). */
export type D1Client = Readonly<{
  prepare: (text: string) => D1Statement;
  /** All of the statements in one transaction. */
  batch: (statements: D1Statement[]) => Promise<unknown>;
}>;

export type D1Statement = Readonly<{
  bind: (...parameters: readonly unknown[]) => D1Statement;
  /** The rows as lists of columns. */
  raw: () => Promise<readonly (readonly unknown[])[]>;
}>;

/** The parts of drizzle's prepared query for D1 that are used here. */
type PreparedQuery = {
  readonly stmt: D1Statement;
  readonly query: Readonly<{ params: readonly unknown[] }>;
  readonly fields: Parameters<typeof planRow>[0] | undefined;
  execute: (values?: Values) => Promise<unknown>;
};

type Database = Readonly<{ session: { prepareQuery: (...parameters: never[]) => PreparedQuery } }>;

/** What the engine keeps about each prepared query, to run it with others in one batch. */
const binders = new WeakMap<object, (values: Values) => D1Statement>();

/** The statement that a prepared query of this engine is with these values. */
export function boundStatement(query: object, values: Values): D1Statement {
  const bind = binders.get(query);
  if (bind === undefined) throw new Error("a query that this engine did not prepare");
  return bind(values);
}

/**
 * Makes prepared queries work out once how values become parameters and columns members, and go through `run`, which
 * carries a statement out and returns its rows as lists of columns.
 */
export function planQueries(db: unknown, run: (statement: D1Statement) => ReturnType<D1Statement["raw"]>): void {
  // drizzle's types leave its session out; the contract tests run every verb through this.
  const { session } = db as Database;
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (...parameters) => planned(prepareQuery(...parameters), run);
}

function planned(
  prepared: PreparedQuery,
  run: (statement: D1Statement) => ReturnType<D1Statement["raw"]>,
): PreparedQuery {
  const { stmt, fields = [] } = prepared;
  const toParameters = planParameters(prepared.query.params);
  const bind = (values: Values) => stmt.bind(...toParameters(values));
  const toRow = planRow(fields) ?? ((columns: readonly unknown[]) => columnsByName(fields, columns));
  binders.set(prepared, bind);
  prepared.execute = async (values = {}) => (await run(bind(values))).map(toRow);
  return prepared;
}

/** A computed column has no decoder of its own here: verbs take what the database gives. */
function columnsByName(fields: NonNullable<PreparedQuery["fields"]>, columns: readonly unknown[]): Values {
  return Object.fromEntries(fields.map(({ path: [name = ""] }, index) => [name, columns[index]]));
}
