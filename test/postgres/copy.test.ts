import { join } from "node:path";
import BetterSqlite from "better-sqlite3";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  createInstallation,
  enrolNow,
  type HttpClient,
  httpClient,
  type Installation,
} from "../support/command-line.ts";
import { openPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const SHOP = ["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/callback", "--json"] as const;
const MANY = 40_000;

type Copied = Readonly<{ table: string; rows: number; checksum: string }>;

let server: PostgresServer;
let url: string;
let onFile: Installation;
let onServer: Installation;
let file: string;

beforeAll(async () => {
  server = await openPostgresServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  url = await server.createDatabase();
  onFile = createInstallation();
  file = join(onFile.dataDir, "countersign.db");
  onServer = createInstallation({
    COUNTERSIGN_DATABASE_URL: url,
    COUNTERSIGN_MASTER_KEY_FILE: join(onFile.dataDir, "master.key"),
  });
});
afterEach(async () => {
  await onServer.remove();
  await onFile.remove();
});

/** Runs the service for as long as the work takes. */
async function serving<T>(
  installation: Installation,
  apiKey: string,
  work: (post: HttpClient) => Promise<T>,
): Promise<T> {
  const service = await installation.serve();
  const done = await work(httpClient(service.url, apiKey));
  service.kill("SIGTERM");
  expect(await service.exited).toBe(0);
  return done;
}

async function copied(from: string, to: string): Promise<readonly Copied[]> {
  const done = await onFile.run("copy", "--from", from, "--to", to, "--json");
  expect(done.code, done.stderr).toBe(0);
  return (JSON.parse(done.stdout) as { tables: Copied[] }).tables;
}

async function lived() {
  const apiKey = String(JSON.parse((await onFile.run(...SHOP)).stdout).api_key);
  const people = await serving(onFile, apiKey, async (post) => {
    const alice = await enrolNow(post, "alice");
    const bob = await enrolNow(post, "bob");
    expect((await post("/v1/verify", { subject: "alice", recovery_code: alice.recoveryCodes[0] })).status).toBe(200);
    expect((await post("/v1/verify", { subject: "bob", totp: bob.code })).status).toBe(200);
    return { alice, bob };
  });
  return { apiKey, ...people };
}

/** Audit events with texts that engines are known to treat differently. */
function fillAudit(rows: number): void {
  const client = new BetterSqlite(file);
  const insert = client.prepare(
    "insert into audit_events (at_ms, kind, realm_id, request_id, notable, reason) values (?, 'answer_rejected', 'default', ?, 0, ?)",
  );
  client.transaction(() => {
    for (let index = 0; index < rows; index++)
      insert.run(1_790_000_000_000 + index, `req_${index}`, `ß "\\n\n\t' \u2028 🙂 ${index}`);
  })();
  client.close();
}

describe("countersign copy", () => {
  test("carries a lived-in installation from SQLite to PostgreSQL and back: what was used stays used, what was not is good", async () => {
    const { apiKey, alice, bob } = await lived();
    fillAudit(3_000);
    const there = await copied(`file:${file}`, url);
    expect(there.find(({ table }) => table === "audit_events")?.rows).toBeGreaterThan(3_000);
    await serving(onServer, apiKey, async (post) => {
      expect((await post("/v1/verify", { subject: "bob", totp: bob.code })).status).toBe(403);
      expect((await post("/v1/verify", { subject: "alice", recovery_code: alice.recoveryCodes[0] })).status).toBe(403);
      expect((await post("/v1/verify", { subject: "alice", recovery_code: alice.recoveryCodes[1] })).status).toBe(200);
      await enrolNow(post, "carol");
    });
    const back = join(onFile.dataDir, "back.db");
    const home = await copied(url, back);
    expect(home.map(({ table }) => table)).toEqual(there.map(({ table }) => table));
    const returned = createInstallation({
      COUNTERSIGN_DATABASE_URL: `file:${back}`,
      COUNTERSIGN_MASTER_KEY_FILE: join(onFile.dataDir, "master.key"),
    });
    await serving(returned, apiKey, async (post) => {
      expect((await post("/v1/verify", { subject: "alice", recovery_code: alice.recoveryCodes[1] })).status).toBe(403);
      expect((await post("/v1/verify", { subject: "alice", recovery_code: alice.recoveryCodes[2] })).status).toBe(200);
      expect((await post("/v1/authenticators/list", { subject: "carol" })).body.authenticators).toHaveLength(2);
    });
    await returned.remove();
  });

  test("there and back again is the same to the last character", async () => {
    await lived();
    fillAudit(2_500);
    const there = await copied(onFile.dataDir, url);
    const home = await copied(url, join(onFile.dataDir, "back.db"));
    expect(home).toEqual(there);
    expect(new Set(there.map(({ checksum }) => checksum)).size).toBeGreaterThan(5);
  });

  test("killed in the middle it goes on when called again, and meanwhile nobody serves from the part", async () => {
    await lived();
    fillAudit(MANY);
    const client = postgres(url, { max: 1, onnotice: () => undefined });
    const started = onFile.start("copy", "--from", file, "--to", url);
    const ended = new Promise((resolve) => started.once("exit", resolve));
    await rowsIn(client);
    started.kill("SIGKILL");
    await ended;
    const [partial] = await client`select count(*)::int as rows from audit_events`;
    expect(partial?.rows).toBeLessThan(MANY);
    const refused = await onServer.run("migrate");
    expect([refused.code, refused.stderr]).toEqual([78, expect.stringContaining("unfinished copy")]);
    const stranger = createInstallation();
    await stranger.run("migrate");
    const foreign = await stranger.run("copy", "--from", stranger.dataDir, "--to", url);
    await stranger.remove();
    expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringContaining("another source")]);
    const tables = await copied(file, url);
    expect(tables.find(({ table }) => table === "audit_events")?.rows).toBeGreaterThan(MANY);
    expect((await onServer.run("migrate")).code).toBe(0);
    await client.end();
  });

  test("refuses a target that is not empty, an empty source, and one that is not there", async () => {
    await lived();
    await onServer.run("migrate");
    const used = await onFile.run("copy", "--from", file, "--to", url);
    expect([used.code, used.stderr]).toEqual([1, expect.stringContaining("not empty")]);
    const other = await server.createDatabase();
    const missing = await onFile.run("copy", "--from", `${file}.no`, "--to", other);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("no source")]);
    const behind = await onFile.run("copy", "--from", other, "--to", join(onFile.dataDir, "back.db"));
    expect([behind.code, behind.stderr]).toEqual([1, expect.stringContaining("run countersign migrate")]);
  });
});

/** Resolves once the copy has reached the audit log. */
async function rowsIn(client: postgres.Sql): Promise<void> {
  for (let tries = 0; tries < 10_000; tries++) {
    const [table] = await client`select to_regclass('audit_events') is not null as is_there`;
    if (table?.is_there === true && (await client`select 1 from audit_events limit 1`).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error("the copy does not start");
}
