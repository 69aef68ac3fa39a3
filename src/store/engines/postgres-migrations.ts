import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import type { Sql } from "postgres";

/** "countersi" as a number: an application's own advisory lock. */
const LOCK = "7165063341846424425";

/**
 * Applies what is missing, one node at a time: others that start meanwhile wait for the lock and find it done. A role
 * without the right to change the schema can start as long as nothing is missing.
 */
export async function migratePostgres(client: Sql, migrationsFolder: string): Promise<void> {
  if (await isUpToDate(client, migrationsFolder)) return;
  await client.unsafe(`select pg_advisory_lock(${LOCK})`);
  try {
    await migrate(drizzle({ client }), { migrationsFolder });
  } finally {
    await client.unsafe(`select pg_advisory_unlock(${LOCK})`);
  }
}

/** How many of the migrations in the folder the database has. */
export async function countMigrations(
  client: Sql,
  migrationsFolder: string,
): Promise<Readonly<{ applied: number; known: number }>> {
  const known = readMigrationFiles({ migrationsFolder }).length;
  const [table] = await client.unsafe("select to_regclass('drizzle.__drizzle_migrations') is not null as exists");
  if (table?.exists !== true) return { applied: 0, known };
  const [row] = await client.unsafe("select count(*)::int as applied from drizzle.__drizzle_migrations");
  return { applied: Number(row?.applied), known };
}

async function isUpToDate(client: Sql, migrationsFolder: string): Promise<boolean> {
  const { applied, known } = await countMigrations(client, migrationsFolder);
  return applied >= known;
}
