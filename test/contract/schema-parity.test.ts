import BetterSqlite from "better-sqlite3";
import { is } from "drizzle-orm";
import { PgTable, getTableConfig as postgresConfig } from "drizzle-orm/pg-core";
import { SQLiteTable, getTableConfig as sqliteConfig } from "drizzle-orm/sqlite-core";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { MIGRATIONS } from "../../src/runtime/migrations.ts";
import { openPostgres } from "../../src/store/engines/postgres.ts";
import * as onPostgres from "../../src/store/schema.postgres.ts";
import * as onSqlite from "../../src/store/schema.sqlite.ts";
import { openPostgresServer, type PostgresServer } from "../support/postgres-server.ts";
import { openFile, temporaryFile } from "./sqlite-file.ts";

/** What verbs read and write of each table, as types. */
type RowsOf<Schema> = {
  [Table in keyof Schema]: Schema[Table] extends { $inferSelect: infer Read; $inferInsert: infer Written }
    ? { read: Read; written: Written }
    : never;
};

/** A database's shape in words that both engines understand. `unique` holds indexes that refuse a second row. */
type Shape = Readonly<
  Record<string, Readonly<{ columns: string[]; primaryKey: string[]; unique: string[]; indexes: string[] }>>
>;

describe("the schemas of SQLite and PostgreSQL", () => {
  test("have rows of the same types", () => {
    expectTypeOf<RowsOf<typeof onPostgres>>().toEqualTypeOf<RowsOf<typeof onSqlite>>();
  });

  test("name the same tables and columns", () => {
    const sqlite = Object.entries(onSqlite).filter(([, table]) => is(table, SQLiteTable));
    const named = sqlite.map(([key, table]) => {
      const { name, columns } = sqliteConfig(table);
      return { key, name, columns: columns.map(columnText) };
    });
    const others = Object.entries(onPostgres).filter(([, table]) => is(table, PgTable));
    const compared = others.map(([key, table]) => {
      const { name, columns } = postgresConfig(table);
      return { key, name, columns: columns.map(columnText) };
    });
    expect(named.length).toBeGreaterThan(15);
    expect(compared).toEqual(named);
  });
});

describe("the migrated databases of SQLite and PostgreSQL", () => {
  let server: PostgresServer;
  let client: postgres.Sql;
  const file = temporaryFile();

  beforeAll(async () => {
    server = await openPostgresServer();
    const url = await server.createDatabase();
    const engine = await openPostgres({ url, migrationsFolder: MIGRATIONS.postgres });
    await engine.close();
    client = postgres(url, { max: 1, onnotice: () => undefined });
    await openFile(file.path).store.close();
  });
  afterAll(async () => {
    await client.end();
    await server.close();
    file.remove();
  });

  test("have the same tables, columns, nullability, primary keys, unique indexes and other indexes", async () => {
    const expected = shapeOfSqlite(file.path);
    expect(Object.keys(expected).length).toBeGreaterThan(15);
    expect(await shapeOfPostgres(client)).toEqual(expected);
  });

  test("are what the schema of PostgreSQL declares, so that no migration is missing", async () => {
    const declared = Object.values(onPostgres)
      .filter((table) => is(table, PgTable))
      .map((table) => postgresConfig(table));
    const shape = await shapeOfPostgres(client);
    expect(Object.keys(shape)).toEqual(declared.map(({ name }) => name).sort());
    for (const { name, columns, indexes } of declared) {
      expect(shape[name]?.columns).toEqual(columns.map(columnText).sort());
      expect([...(shape[name]?.unique ?? []), ...(shape[name]?.indexes ?? [])]).toHaveLength(indexes.length);
    }
  });
});

/** A primary key is never null; SQLite does not say so. */
function columnText(column: Readonly<{ name: string; dataType: string; notNull: boolean; primary: boolean }>): string {
  return `${column.name} ${column.dataType === "number" ? "integer" : "text"}${column.notNull || column.primary ? "" : " null"}`;
}

function shapeOfSqlite(path: string): Shape {
  const database = new BetterSqlite(path, { readonly: true });
  try {
    const names = database
      .prepare(
        "select name from sqlite_schema where type = 'table' and name not like '\\_\\_%' escape '\\' and name not like 'sqlite%'",
      )
      .pluck()
      .all()
      .map(String);
    return Object.fromEntries(names.sort().map((name) => [name, tableOfSqlite(database, name)]));
  } finally {
    database.close();
  }
}

function tableOfSqlite(database: BetterSqlite.Database, table: string): Shape[string] {
  // As SQLite documents these pragmas.
  const columns = database.pragma(`table_info(${table})`) as {
    name: string;
    type: string;
    notnull: number;
    pk: number;
  }[];
  const indexes = database.pragma(`index_list(${table})`) as { name: string; unique: number; origin: string }[];
  const made = indexes
    .filter(({ origin }) => origin === "c")
    .map((index) => ({ ...index, text: indexText(database, index.name) }));
  return {
    columns: columns
      .map(({ name, type, notnull, pk }) => `${name} ${type.toLowerCase()}${notnull || pk ? "" : " null"}`)
      .sort(),
    primaryKey: columns
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map(({ name }) => name),
    unique: made
      .filter(({ unique }) => unique === 1)
      .map(({ text }) => text)
      .sort(),
    indexes: made
      .filter(({ unique }) => unique === 0)
      .map(({ text }) => text)
      .sort(),
  };
}

function indexText(database: BetterSqlite.Database, index: string): string {
  const columns = database
    .prepare("select name from pragma_index_info(?) order by seqno")
    .pluck()
    .all(index)
    .join(", ");
  const definition = String(database.prepare("select sql from sqlite_schema where name = ?").pluck().get(index));
  return `(${columns})${condition(definition)}`;
}

async function shapeOfPostgres(client: postgres.Sql): Promise<Shape> {
  const columns = await client<{ table: string; name: string; type: string; isNull: boolean }[]>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as "isNull"
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`;
  const indexes = await client<
    { table: string; columns: string[]; isPrimary: boolean; isUnique: boolean; definition: string }[]
  >`
    select t.relname as table, i.indisprimary as "isPrimary", i.indisunique as "isUnique", pg_get_indexdef(i.indexrelid) as definition,
           array(select a.attname::text from unnest(i.indkey) with ordinality k(attnum, n)
                 join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum order by k.n) as columns
    from pg_index i join pg_class t on t.oid = i.indrelid where t.relnamespace = 'public'::regnamespace`;
  const names = [...new Set(columns.map(({ table }) => table))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const own = indexes.filter(({ table }) => table === name);
      const texts = (isUnique: boolean) =>
        own
          .filter((index) => !index.isPrimary && index.isUnique === isUnique)
          .map((index) => `(${index.columns.join(", ")})${condition(index.definition)}`)
          .sort();
      return [
        name,
        {
          columns: columns
            .filter(({ table }) => table === name)
            .map(
              (column) =>
                `${column.name} ${column.type === "bigint" ? "integer" : column.type}${column.isNull ? " null" : ""}`,
            )
            .sort(),
          primaryKey: own.find(({ isPrimary }) => isPrimary)?.columns ?? [],
          unique: texts(true),
          indexes: texts(false),
        },
      ];
    }),
  );
}

/** The condition of a partial index, without quotes, casts and brackets. */
function condition(definition: string): string {
  const where = /\bwhere\b(.*)$/is.exec(definition)?.[1];
  if (where === undefined) return "";
  return ` where ${where
    .replaceAll(/::\w+|[()"`]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase()}`;
}
