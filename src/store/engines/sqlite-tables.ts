import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite from "better-sqlite3";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { openDurable, openSqlite } from "./sqlite.ts";
import { BATCH, type Row, type Source, type TableShape, type Target } from "./tables.ts";

type Database = BetterSqlite.Database;

/** Reads one moment of the file, beside whoever else has it open, and changes nothing in it. */
export async function readSqlite<T>(
  { path, migrationsFolder }: Readonly<{ path: string; migrationsFolder: string }>,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const client = new BetterSqlite(path, { readonly: true, fileMustExist: true });
  try {
    client.exec("begin");
    return await work({
      migrations: { applied: countApplied(client), known: readMigrationFiles({ migrationsFolder }).length },
      batches: (table) => batches(client, table),
    });
  } finally {
    client.close();
  }
}

/** Fills the file, which is made and migrated when it is not there. */
export async function fillSqlite<T>(
  { path, migrationsFolder }: Readonly<{ path: string; migrationsFolder: string }>,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // For its owner alone; its companions take over the permissions.
  closeSync(openSync(path, "a", 0o600));
  await openSqlite({ path, migrationsFolder }).close();
  const client = openDurable(path);
  try {
    return await work({
      add: async (table, rows) => add(client, table, rows),
      mark: async (id, value) => mark(client, id, value),
      batches: (table) => batches(client, table),
      // The next id follows the highest that is there.
      finish: async () => undefined,
    });
  } finally {
    client.close();
  }
}

function countApplied(client: Database): number {
  const table = client.prepare("select 1 from sqlite_schema where name = '__drizzle_migrations'").get();
  return table === undefined ? 0 : Number(client.prepare("select count(*) from __drizzle_migrations").pluck().get());
}

async function* batches(client: Database, { name, columns }: TableShape): AsyncIterable<readonly Row[]> {
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  let batch: Row[] = [];
  for (const row of client.prepare(`select ${names} from "${name}"`).iterate()) {
    // Columns hold texts and numbers alone: see the schema's test.
    batch.push(row as Row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function add(client: Database, { name, columns }: TableShape, rows: readonly Row[]): void {
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  const places = columns.map(() => "?").join(", ");
  const insert = client.prepare(`insert into "${name}" (${names}) values (${places}) on conflict do nothing`);
  client.transaction(() => {
    for (const row of rows) insert.run(columns.map((column) => row[column.name] ?? null));
  })();
}

function mark(client: Database, id: string, value: number | undefined): void {
  if (value === undefined) client.prepare("delete from counters where id = ?").run(id);
  else client.prepare("insert or replace into counters (id, value) values (?, ?)").run(id, value);
}
