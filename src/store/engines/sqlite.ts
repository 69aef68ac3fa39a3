import BetterSqlite from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import type { Db, Engine, PreparedWrite } from "../engine.ts";
import * as schema from "../schema.sqlite.ts";
import { checkpointer } from "./checkpointer.ts";
import { type GroupCommit, groupCommit } from "./group-commit.ts";
import { planQueries } from "./planned-queries.ts";

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
  const savepoint = savepointOf(client);
  const checkpoints = checkpointer(client);
  const group = groupCommit(client, { broken: options.onBroken, committed: checkpoints.committed });
  const db = drizzle({ client, schema });
  planQueries(db);
  return {
    // better-sqlite3's builders answer at once, and are awaited like the others.
    db: db as unknown as Db,
    tables: schema,
    atomically: (writes) => writeTogether({ client, group, savepoint }, writes),
    committed: group.committed,
    isUniqueViolation: (error) =>
      codeOf(error) === "SQLITE_CONSTRAINT_UNIQUE" || codeOf(error) === "SQLITE_CONSTRAINT_PRIMARYKEY",
    isOutage: (error) => String(codeOf(error)).startsWith("SQLITE_"),
    close: async () => {
      try {
        await group.committed();
      } finally {
        await checkpoints.close();
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
  client.pragma("cache_size = -8192");
  // 16 MB: pages that change again and again go to the database once. The service has a thread for it.
  client.pragma("wal_autocheckpoint = 4000");
  return client;
}

type Savepoint = Readonly<{ set: () => void; release: () => void; rollBack: () => void }>;

/** Prepared once, and before writes are intercepted: a savepoint never opens a group by itself. */
function savepointOf(client: BetterSqlite.Database): Savepoint {
  const [set, release, rollBack] = ["savepoint atomically", "release atomically", "rollback to atomically"].map(
    (source) => client.prepare(source),
  );
  return { set: () => set?.run(), release: () => release?.run(), rollBack: () => rollBack?.run() };
}

type Writing = Readonly<{ client: BetterSqlite.Database; group: GroupCommit; savepoint: Savepoint }>;

/** All writes or none, within whatever transaction is open. A single one needs no savepoint: SQLite undoes it alone. */
function writeTogether({ client, group, savepoint }: Writing, writes: readonly PreparedWrite[]): void {
  group.begin();
  const [first, ...others] = writes;
  if (first !== undefined && others.length === 0) {
    run(first);
    return;
  }
  savepoint.set();
  try {
    for (const write of writes) run(write);
    savepoint.release();
  } catch (error) {
    if (client.inTransaction) {
      savepoint.rollBack();
      savepoint.release();
    }
    throw error;
  }
}

/** Runs without yielding: nothing of another request may slip between savepoint and release. */
function run(write: PreparedWrite): void {
  // better-sqlite3's prepared queries have a synchronous `run`, which the portable type does not name.
  (write.query as unknown as { run: (values: unknown) => unknown }).run(write.values);
}

/** The code of the error, or of what caused it. */
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return "code" in error ? error.code : codeOf(error.cause);
}
