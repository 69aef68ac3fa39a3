import BetterSqlite from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import type { Db, Engine, PreparedWrite } from "../engine.ts";
import * as schema from "../schema.sqlite.ts";
import { type GroupCommit, groupCommit } from "./group-commit.ts";

export type SqliteOptions = Readonly<{
  /** File path. */
  path: string;
  migrationsFolder: string;
  /** Called once when a commit could not be made durable; nothing is served after that. */
  onBroken?: (cause: unknown) => void;
}>;

/**
 * better-sqlite3 in WAL mode at `synchronous=FULL`, migrated, with group commit: an answered success survives a power
 * cut. Throws when the file cannot be opened or migrated.
 */
export function openSqlite(options: SqliteOptions): Engine {
  const client = openDurable(options.path);
  migrate(drizzle({ client }), { migrationsFolder: options.migrationsFolder });
  const group = groupCommit(client, options.onBroken);
  return {
    // better-sqlite3's builders answer at once, and are awaited like the others.
    db: drizzle({ client, schema }) as unknown as Db,
    tables: schema,
    atomically: (writes) => inSavepoint(client, group, writes),
    committed: group.committed,
    isUniqueViolation: (error) =>
      codeOf(error) === "SQLITE_CONSTRAINT_UNIQUE" || codeOf(error) === "SQLITE_CONSTRAINT_PRIMARYKEY",
    close: async () => {
      try {
        await group.committed();
      } finally {
        client.close();
      }
    },
  };
}

/** Opens the file so that a commit is on disk when it returns. */
export function openDurable(path: string): BetterSqlite.Database {
  const client = new BetterSqlite(path, { timeout: 5000 });
  client.pragma("journal_mode = WAL");
  // Set after the journal mode: this build falls back to NORMAL in WAL mode otherwise.
  client.pragma("synchronous = FULL");
  client.pragma("foreign_keys = ON");
  client.pragma("trusted_schema = OFF");
  client.pragma("secure_delete = ON");
  client.pragma("cache_size = -65536");
  return client;
}

/** All writes or none, within whatever transaction is open. */
async function inSavepoint(
  client: BetterSqlite.Database,
  group: GroupCommit,
  writes: readonly PreparedWrite[],
): Promise<void> {
  group.begin();
  client.exec("savepoint atomically");
  try {
    for (const write of writes) run(write);
    client.exec("release atomically");
  } catch (error) {
    if (client.inTransaction) client.exec("rollback to atomically; release atomically");
    throw error;
  }
}

/** Runs without yielding: nothing of another request may slip between savepoint and release. */
function run(write: PreparedWrite): void {
  // better-sqlite3's prepared queries have a synchronous `run`, which the portable type does not name.
  (write.query as unknown as { run: (values: unknown) => unknown }).run(write.values);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
