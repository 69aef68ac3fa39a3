import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { ConfigError } from "../../src/domain/config-error.ts";
import { openWorkerDeps, type WorkerSettings } from "../../src/runtime/worker-deps.ts";

const ROOT = join(import.meta.dirname, "../..");
const [d1, postgres] = ["wrangler.toml", "wrangler.postgres.toml"].map((file) => {
  const { configPath: _, userConfigPath: __, ...config } = readConfig({ config: join(ROOT, file) });
  return config;
});

describe("wrangler's configuration", () => {
  test("keeps addresses, in which one-time links are, out of the platform's logs", () => {
    expect(d1?.observability).toMatchObject({ logs: { invocation_logs: false }, traces: { enabled: false } });
    expect(d1?.logpush).not.toBe(true);
  });

  test("sends every request to the service and opens no second address", () => {
    expect(d1?.assets?.run_worker_first).toBe(true);
    expect(d1?.preview_urls).toBe(false);
  });

  test("is the same for both databases, but for the database", () => {
    const besides = (config: typeof d1) => ({ ...config, d1_databases: [], hyperdrive: [] });
    expect(besides(postgres)).toEqual(besides(d1));
    expect(d1?.d1_databases).toMatchObject([{ binding: "DB", migrations_dir: "drizzle/sqlite" }]);
    expect(postgres?.hyperdrive).toMatchObject([{ binding: "HYPERDRIVE" }]);
  });
});

describe("a Worker does not open", () => {
  const DB = { prepare: () => expect.unreachable(), batch: () => expect.unreachable() };
  const HYPERDRIVE = { connectionString: "postgres://localhost/countersign" };
  const COUNTERSIGN_PUBLIC_URL = "https://id.example.com";
  const COUNTERSIGN_MASTER_KEY = "A".repeat(43);
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

  test.each<[string, WorkerSettings, string]>([
    ["without its address", { DB, COUNTERSIGN_MASTER_KEY }, "COUNTERSIGN_PUBLIC_URL is not set"],
    ["at an address that browsers refuse", { DB, COUNTERSIGN_PUBLIC_URL: "http://secret.example" }, "must be https"],
    ["without a master key", { DB, COUNTERSIGN_PUBLIC_URL }, "COUNTERSIGN_MASTER_KEY is not set"],
    ["with half a key", { DB, COUNTERSIGN_PUBLIC_URL, COUNTERSIGN_MASTER_KEY: "secret" }, "MASTER_KEY is malformed"],
    ["without a database", { COUNTERSIGN_PUBLIC_URL, COUNTERSIGN_MASTER_KEY }, "No database is bound"],
    ["with two", { DB, HYPERDRIVE, COUNTERSIGN_PUBLIC_URL, COUNTERSIGN_MASTER_KEY }, "Both DB and HYPERDRIVE"],
  ])("%s, and says why without repeating what it was given", async (_, settings, reason) => {
    const failure = await openWorkerDeps(settings, logger).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).toContain(reason);
    expect(String(failure)).not.toContain("secret");
  });
});
