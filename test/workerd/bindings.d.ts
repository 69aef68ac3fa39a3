/** What vitest.config.ts binds for the tests that run inside the runtime. */
declare module "cloudflare:workers" {
  import type { D1Client } from "../../src/store/engines/d1-queries.ts";
  import type { Hyperdrive } from "../../src/store/engines/hyperdrive.ts";

  export const env: Readonly<{
    DB: D1Client;
    HYPERDRIVE: Hyperdrive;
    /** The migrations of drizzle/sqlite, in order. */
    MIGRATIONS: readonly Readonly<{ name: string; queries: readonly string[] }>[];
  }>;
}
