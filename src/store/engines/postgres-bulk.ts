import type { Statement } from "./postgres-queries.ts";

/**
 * A statement that does for many lists of parameters what another does for one. The first column of each row says which
 * list it belongs to, counted from one; the others are as they were.
 */
export type Bulk = Readonly<{
  text: string;
  /** The bulk's parameters: one array literal for each column of `lists`. */
  parametersOf: (lists: readonly (readonly unknown[])[]) => readonly string[];
  /** Which parameter names the row that is changed: lists that agree in it must not share a bulk. */
  keyIndex: number | undefined;
  /** Whether a list without a row may only have lost to somebody else's insertion. */
  mayBeAgain: boolean;
}>;

/** What PostgreSQL calls the types of our parameters, by their numbers in its catalogue. */
const TYPES: Readonly<Record<number, string>> = { 16: "bool", 20: "int8", 23: "int4", 25: "text", 1043: "text" };

const SELECT = /^select /;
const CHANGE =
  /^(?<verb>update|delete from) (?<table>"\w+")(?<set> set .+?)? where (?<condition>.+?)(?: returning (?<returned>[^$]+))?$/s;
const FIRST_EQUALITY = /^\(*"\w+"\."\w+" = \$(\d+)(?: and |\)*$)/;
const UPSERT =
  /^insert into (?<table>"\w+") \((?<columns>[^)]+)\) values \((?<values>[^)]+)\) on conflict \((?<key>"\w+")\) do update set (?<set>.+?)(?: where (?<condition>.+?))? returning (?<returned>"\w+")$/s;
const EXCLUDED = /excluded\.("\w+")/g;
const APPEND = /^insert into (?<table>"audit_events") \((?<columns>[^)]+)\) values \((?<values>[^)]+)\)$/;

export type Bulks = Readonly<{
  /** The bulk form of a statement's text, once it is known; undefined as well when there is none. */
  of: (statement: Statement) => Bulk | undefined;
}>;

/** Works out bulk forms in passing. `describe` tells the types of the parameters of a text. */
export function knowBulks(describe: (text: string) => Promise<readonly number[]>): Bulks {
  const known = new Map<string, Bulk | undefined>();
  return {
    of({ text, sameAs = [] }) {
      if (known.has(text)) return known.get(text);
      known.set(text, undefined);
      describe(text).then(
        (types) => known.set(text, bulkOf(text, types, sameAs)),
        // Asked again with the next statement; whoever runs this one learns what is wrong by itself.
        () => known.delete(text),
      );
      return undefined;
    },
  };
}

/**
 * The bulk form of one of drizzle's statements, or undefined when there is none: it then runs alone. `types` are the
 * types of its parameters, as the server tells them; `sameAs` says of each parameter which earlier one always has the same
 * value, or its own index.
 */
export function bulkOf(text: string, types: readonly number[], sameAs: readonly number[]): Bulk | undefined {
  const names = types.map((type) => TYPES[type]);
  if (names.length === 0 || names.includes(undefined)) return undefined;
  const source = sourceOf(names as string[], sameAs);
  const form =
    selectForm(text, source) ?? changeForm(text, source) ?? upsertForm(text, source) ?? appendForm(text, source);
  return form && { ...form, parametersOf: source.parametersOf };
}

type Source = Readonly<{
  /** A table of the lists, with the ordinal as `i`. */
  table: string;
  /** Puts the table's columns in the place of parameters. */
  place: (sql: string) => string;
  parametersOf: Bulk["parametersOf"];
}>;

type Form = Omit<Bulk, "parametersOf">;

function sourceOf(types: readonly string[], sameAs: readonly number[]): Source {
  // A parameter may be taken for a number in one place and for a text in another: then each is passed.
  const owner = types.map((type, index) => (types[sameAs[index] ?? index] === type ? (sameAs[index] ?? index) : index));
  const passed = [...new Set(owner)];
  const columnOf = (index: number) => passed.indexOf(owner[index] ?? index) + 1;
  const arrays = passed.map((index, at) => `$${at + 1}::${types[index]}[]`).join(", ");
  const columns = passed.map((_, at) => `p${at + 1}`).join(", ");
  return {
    table: `unnest(${arrays}) with ordinality as u(${columns}, i)`,
    place: (sql) => sql.replace(/\$(\d+)/g, (_, number) => `u.p${columnOf(Number(number) - 1)}`),
    parametersOf: (lists) => passed.map((index) => arrayLiteral(lists, index)),
  };
}

function selectForm(text: string, { table, place }: Source): Form | undefined {
  if (!SELECT.test(text) || / (limit|offset) \$| for (update|share)/.test(text)) return undefined;
  // `offset 0` keeps the planner from looking at the inner query otherwise than once for each list.
  const sql = `select u.i, q.* from ${table} cross join lateral (${place(text)} offset 0) q`;
  return { text: sql, keyIndex: undefined, mayBeAgain: false };
}

function changeForm(text: string, { table: lists, place }: Source): Form | undefined {
  const { verb, table, set = "", condition, returned } = CHANGE.exec(text)?.groups ?? {};
  const [, key] = FIRST_EQUALITY.exec(condition ?? "") ?? [];
  if (condition === undefined || key === undefined) return undefined;
  const joined = verb === "update" ? "from" : "using";
  const rows = returned === undefined ? "u.i" : `u.i, ${returned}`;
  const sql = `${verb} ${table}${place(set)} ${joined} ${lists} where ${place(condition)} returning ${rows}`;
  return { text: sql, keyIndex: Number(key) - 1, mayBeAgain: false };
}

/** An upsert of several rows cannot take what it sets from the lists: first what is there is changed, then the rest added. */
function upsertForm(text: string, { table: lists, place }: Source): Form | undefined {
  const { table, columns, values, key, set, condition, returned } = UPSERT.exec(text)?.groups ?? {};
  if (!table || !columns || !values || !key || !set || !returned) return undefined;
  const given = givenColumns(columns, values);
  const keyValue = given.find(({ column }) => column === key)?.value;
  if (keyValue === undefined) return undefined;
  const isRow = `${table}.${key} = ${place(keyValue)}`;
  const change = set.replace(EXCLUDED, (_, name) => given.find(({ column }) => column === name)?.value ?? "default");
  const sql = `with u as materialized (select * from ${lists}),
    changed as (update ${table} set ${place(change)} from u
      where ${isRow}${condition === undefined ? "" : ` and (${place(condition)})`} returning u.i, ${returned}),
    added as (insert into ${table} (${given.map(({ column }) => column).join(", ")})
      select ${given.map(({ value }) => place(value)).join(", ")} from u
      where not exists (select from ${table} where ${isRow})
      on conflict (${key}) do nothing returning ${key} as added_key, ${returned})
    select * from changed union all
    select u.i, added.${returned} from added join u on ${place(keyValue)} = added.added_key`;
  return { text: sql, keyIndex: Number(keyValue.slice(1)) - 1, mayBeAgain: true };
}

function appendForm(text: string, { table: lists, place }: Source): Form | undefined {
  const { table, columns, values } = APPEND.exec(text)?.groups ?? {};
  if (!table || !columns || !values) return undefined;
  const given = givenColumns(columns, values);
  const sql = `insert into ${table} (${given.map(({ column }) => column).join(", ")})
    select ${given.map(({ value }) => place(value)).join(", ")} from ${lists} order by u.i`;
  return { text: sql, keyIndex: undefined, mayBeAgain: false };
}

/** The columns that get a value of their own, with it. */
function givenColumns(columns: string, values: string): readonly Readonly<{ column: string; value: string }>[] {
  const each = values.split(", ");
  return columns
    .split(", ")
    .map((column, index) => ({ column, value: each[index] ?? "default" }))
    .filter(({ value }) => value !== "default");
}

function arrayLiteral(lists: readonly (readonly unknown[])[], index: number): string {
  let literal = "{";
  for (const list of lists) {
    if (literal.length > 1) literal += ",";
    const value = list[index];
    if (value === null) literal += "NULL";
    else if (typeof value === "string") literal += quoted(value);
    else literal += String(value);
  }
  return `${literal}}`;
}

const SPECIAL = /["\\]/g;

function quoted(value: string): string {
  return `"${value.includes('"') || value.includes("\\") ? value.replace(SPECIAL, "\\$&") : value}"`;
}
