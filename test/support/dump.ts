import { readFileSync } from "node:fs";
import BetterSqlite from "better-sqlite3";
import type { TestService } from "./service.ts";

/** The rows of one table, read over a connection of its own. */
export function dumpRows(databasePath: string, table: string): readonly unknown[] {
  return withDatabase(databasePath, (client) => client.prepare(`select * from "${table}"`).all());
}

/** The names of all tables. */
export function tableNames(databasePath: string): readonly string[] {
  return withDatabase(databasePath, (client) =>
    client.prepare("select name from sqlite_master where type = 'table'").pluck().all().map(String),
  );
}

/** Everything the database holds: each table as JSON, and the bytes of the file and its write-ahead log. */
export function dumpDatabase(databasePath: string): Readonly<{ rows: string; bytes: Buffer }> {
  const tables = tableNames(databasePath).map((table) => [table, dumpRows(databasePath, table)]);
  const bytes = Buffer.concat([readFileSync(databasePath), readFileSync(`${databasePath}-wal`)]);
  return { rows: JSON.stringify(tables), bytes };
}

/** Changes the database behind the service's back, as a fault or an intruder would. */
export async function tamper({ config, deps }: Pick<TestService, "config" | "deps">, statement: string): Promise<void> {
  await deps.store.committed();
  withDatabase(config.databasePath, (client) => client.exec(statement));
}

function withDatabase<T>(databasePath: string, read: (client: BetterSqlite.Database) => T): T {
  const client = new BetterSqlite(databasePath);
  try {
    return read(client);
  } finally {
    client.close();
  }
}
