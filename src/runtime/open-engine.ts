import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../config.ts";
import { ConfigError } from "../domain/config-error.ts";
import type { Engine } from "../store/engine.ts";
import { refusalOf } from "../store/engines/postgres-faults.ts";
import { openSqlite } from "../store/engines/sqlite.ts";
import { isUnfinishedCopy } from "../store/unfinished-copy.ts";
import { MIGRATIONS } from "./migrations.ts";

type Options = Readonly<{ onBroken?: ((cause: unknown) => void) | undefined }>;

/** Opens and migrates the database that the configuration names; throws ConfigError when it is not to be had that way. */
export async function openEngine(config: Config, options: Options): Promise<Engine> {
  const { postgresUrl } = config;
  const engine = postgresUrl === undefined ? openFile(config, options) : await openServer(config, postgresUrl);
  if (!(await isUnfinishedCopy(engine))) return engine;
  await engine.close();
  throw new ConfigError("The database is an unfinished copy: call countersign copy again, as before.");
}

function openFile({ databasePath: path }: Config, { onBroken }: Options): Engine {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSqlite({ path, migrationsFolder: MIGRATIONS.sqlite, onBroken });
}

/** The driver is loaded only where it is used: a cold start on SQLite does not wait for it. */
async function openServer({ databaseConnections: connections }: Config, url: string): Promise<Engine> {
  const { openPostgres } = await import("../store/engines/postgres.ts");
  try {
    return await openPostgres({ url, connections, migrationsFolder: MIGRATIONS.postgres });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    throw new ConfigError(REFUSALS[refusal]);
  }
}

const REFUSALS = {
  role: "COUNTERSIGN_DATABASE_URL is refused by the server: check user, password and how it lets them in.",
  database: "COUNTERSIGN_DATABASE_URL names a database that is not there.",
  rights:
    "The database is older than this version and this user may not change it: run countersign migrate as its owner first.",
} as const;
