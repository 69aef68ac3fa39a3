import type BetterSqlite from "better-sqlite3";
import { Column, is, Param, Placeholder } from "drizzle-orm";

export type Values = Readonly<Record<string, unknown>>;
type Columns = readonly unknown[];
type Fields = readonly Readonly<{ path: readonly string[]; field: unknown }>[];

/** The parts of drizzle's prepared query for better-sqlite3 that are used here. */
type PreparedQuery = {
  readonly stmt: BetterSqlite.Statement<unknown[], Columns>;
  readonly query: Readonly<{ params: readonly unknown[] }>;
  readonly fields: Fields | undefined;
  readonly customResultMapper: unknown;
  readonly executeMethod: "run" | "all" | "get";
  run: (values?: Values) => unknown;
  all: (values?: Values) => unknown;
  execute: (values?: Values) => unknown;
};

type Query = Readonly<{ sql: string; params: readonly unknown[] }>;
type Database = Readonly<{ session: { prepareQuery: (query: Query, ...others: never[]) => PreparedQuery } }>;

/**
 * Makes prepared queries work out once, and not on every call, how values become parameters and columns members:
 * drizzle asks every parameter and every column anew what it is, which costs as much as a small statement. A query whose
 * rows are not plain lists of columns stays as it is.
 */
export function planQueries(db: unknown): void {
  // drizzle's types leave its session out; the contract tests run every verb through this.
  const { session } = db as Database;
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (query, ...others) => planned(prepareQuery(withConstants(query), ...others));
}

/**
 * The query with whole numbers and plain texts that never change in its text: each parameter costs something on every
 * call. A query without named values is run once, and nothing of it changes: its values stay parameters.
 */
function withConstants(query: Query): Query {
  const pieces = query.sql.split("?");
  // A question mark that is no parameter leaves another number of them.
  if (pieces.length !== query.params.length + 1 || !query.params.some(placeholderIn)) return query;
  const literals = query.params.map(literalOf);
  const sql = pieces.map((piece, index) => (index === 0 ? "" : (literals[index - 1] ?? "?")) + piece).join("");
  return { ...query, sql, params: query.params.filter((_, index) => literals[index] === undefined) };
}

function literalOf(param: unknown): string | undefined {
  if (Number.isSafeInteger(param)) return String(param);
  return typeof param === "string" && /^[\w-]*$/.test(param) ? `'${param}'` : undefined;
}

function planned(prepared: PreparedQuery): PreparedQuery {
  const { stmt, executeMethod } = prepared;
  const toParameters = planParameters(prepared.query.params);
  const toRow = prepared.customResultMapper ? undefined : planRow(prepared.fields ?? []);
  if (executeMethod === "run") {
    prepared.run = (values = {}) => stmt.run(...toParameters(values));
    prepared.execute = prepared.run;
  } else if (executeMethod === "all" && toRow !== undefined) {
    stmt.raw();
    prepared.all = (values = {}) => stmt.all(...toParameters(values)).map(toRow);
    prepared.execute = prepared.all;
  }
  return prepared;
}

/** How named values become a statement's parameters, in order. */
export function planParameters(params: readonly unknown[]): (values: Values) => unknown[] {
  const plan = params.map(planParameter);
  return (values) => plan.map((parameter) => parameter(values));
}

function planParameter(param: unknown): (values: Values) => unknown {
  const placeholder = placeholderIn(param);
  // What drizzle leaves as a value is encoded already.
  if (placeholder === undefined) return () => param;
  const read = valueNamed(placeholder.name);
  return is(param, Param) ? (values) => param.encoder.mapToDriverValue(read(values)) : read;
}

/** The named value that a parameter stands for, encoded for a column or as it is. */
function placeholderIn(param: unknown): Placeholder | undefined {
  const inner = is(param, Param) ? param.value : param;
  return is(inner, Placeholder) ? inner : undefined;
}

/** Of each parameter, the index of the first one that always has the same value; its own when there is none before it. */
export function sameParameters(params: readonly unknown[]): readonly number[] {
  const names = params.map(plainName);
  return names.map((name, index) => (name === undefined ? index : names.indexOf(name)));
}

/** The name of a value that is passed as it is. */
function plainName(param: unknown): string | undefined {
  const isEncoded = is(param, Param) && param.encoder.mapToDriverValue !== Column.prototype.mapToDriverValue;
  return isEncoded ? undefined : placeholderIn(param)?.name;
}

function valueNamed(name: string): (values: Values) => unknown {
  return (values) => {
    const value = values[name];
    if (value === undefined && !(name in values)) throw new Error(`a prepared statement got no value for "${name}"`);
    // An optional member that is missing is null: drivers differ in what they make of undefined.
    return value ?? null;
  };
}

/** How a row's columns become its members, or undefined when a member is not simply a column. */
export function planRow(fields: Fields): ((columns: Columns) => Values) | undefined {
  const plan = fields.flatMap(({ path: [name, ...deeper], field }) =>
    name !== undefined && deeper.length === 0 && is(field, Column) ? [{ name, column: field }] : [],
  );
  if (plan.length === 0 || plan.length < fields.length) return undefined;
  return (columns) => {
    const row: Record<string, unknown> = {};
    let index = 0;
    for (const { name, column } of plan) {
      const value = columns[index++];
      row[name] = value === null ? null : column.mapFromDriverValue(value);
    }
    return row;
  };
}
