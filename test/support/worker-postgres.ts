import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { openPostgres } from "../../src/store/engines/postgres.ts";
import { openPostgresServer } from "./postgres-server.ts";
import type { WorkerDatabase } from "./worker-program.ts";

const MIGRATIONS = fileURLToPath(new URL("../../drizzle/postgres", import.meta.url));

/** A real PostgreSQL with a migrated database, which the runtime reaches as it reaches Hyperdrive. */
export async function openWorkerPostgres(): Promise<WorkerDatabase & Readonly<{ url: string }>> {
  const server = await openPostgresServer();
  const url = await server.createDatabase();
  await (await openPostgres({ url, migrationsFolder: MIGRATIONS })).close();
  const client = postgres(url, { max: 1 });
  const named = new URL(url);
  // The server trusts everybody; wrangler insists on a password.
  named.password ||= "none";
  return {
    url: named.href,
    config: "wrangler.postgres.toml",
    settings: { CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: named.href },
    prepare: async () => undefined,
    query: async (_, sql) => client.unsafe(sql),
    close: async () => {
      await client.end({ timeout: 5 });
      await server.close();
    },
  };
}
