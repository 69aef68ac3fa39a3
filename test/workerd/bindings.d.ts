/** What vitest.config.ts binds for the tests that run inside the runtime. */
declare module "cloudflare:workers" {
  import type { D1Client } from "../../src/store/engines/d1-queries.ts";

  export const env: Readonly<{
    DB: D1Client;
    /** The migrations of drizzle/sqlite, in order. */
    MIGRATIONS: readonly Readonly<{ name: string; queries: readonly string[] }>[];
  }>;
}
