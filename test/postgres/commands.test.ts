import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createInstallation, enrolNow, httpClient, type Installation } from "../support/command-line.ts";
import { openPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const PASSWORD = "n0t-to-be-seen";
const SHOP = ["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/callback", "--json"] as const;

let server: PostgresServer;
let installation: Installation;
let url: string;

beforeAll(async () => {
  server = await openPostgresServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  url = withPassword(await server.createDatabase());
  installation = createInstallation({ COUNTERSIGN_DATABASE_URL: url });
});
afterEach(() => installation.remove());

/** The server may want none, and then does not look at it. */
function withPassword(plain: string): string {
  const named = new URL(plain);
  if (named.password === "") named.password = PASSWORD;
  return named.href;
}

async function run(...args: readonly string[]): Promise<string> {
  const done = await installation.run(...args);
  expect(done.code, `${args.join(" ")}: ${done.stderr}`).toBe(0);
  expect(done.stdout + done.stderr).not.toContain(new URL(url).password);
  return done.stdout;
}

describe("on PostgreSQL", () => {
  test("the service and every command work, and no file holds the data", async () => {
    expect(await run("migrate")).toContain(new URL(url).pathname.slice(1));
    const { api_key, client_id } = JSON.parse(await run(...SHOP)) as Record<string, string>;
    expect(await run("rp", "list")).toContain(client_id);
    const service = await installation.serve();
    const post = httpClient(service.url, String(api_key));
    const { code } = await enrolNow(post, "alice");
    await run("keys", "rotate");
    expect((await post("/v1/verify", { subject: "alice", totp: code })).status).toBe(200);
    expect((await post("/v1/verify", { subject: "alice", totp: code })).status).toBe(403);
    expect(await run("audit", "export")).toContain("totp");
    expect(JSON.parse(await run("admin", "invite", "--json"))).toHaveProperty("url");
    await run("rp", "revoke", String(client_id));
    expect((await post("/v1/verify", { subject: "alice", totp: code })).status).toBe(401);
    service.kill("SIGTERM");
    expect(await service.exited).toBe(0);
    expect(existsSync(join(installation.dataDir, "countersign.db"))).toBe(false);
    expect(existsSync(join(installation.dataDir, "master.key"))).toBe(true);
  });

  test("backup refers to PostgreSQL's own tools", async () => {
    const done = await installation.run("backup", join(installation.dataDir, "copy.db"));
    expect(done.code).toBe(1);
    expect(done.stderr).toContain("pg_dump");
  });

  test("doctor finds a fresh database not migrated, a migrated one well, and a foreign key", async () => {
    const wrongOnes = async () => {
      const done = await installation.run("doctor", "--json");
      const { checks } = JSON.parse(done.stdout) as { checks: { name: string; ok: boolean }[] };
      expect(checks.map(({ name }) => name)).toContain("audit log");
      return checks.filter(({ ok, name }) => !ok && name !== "web pages").map(({ name }) => name);
    };
    expect(await wrongOnes()).toEqual(["data folder", "master key", "migrations", "key fits database"]);
    await run("migrate");
    expect(await wrongOnes()).toEqual([]);
    const stranger = createInstallation({ COUNTERSIGN_DATABASE_URL: url });
    const refused = await stranger.run("migrate");
    await stranger.remove();
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain("another key");
  });

  test("a server that cannot be reached exits with 75, a database that is not there with 78, each with one sentence", async () => {
    const nobody = createInstallation({ COUNTERSIGN_DATABASE_URL: "postgres://somebody:s3cret@127.0.0.1:1/nothing" });
    const unreached = await nobody.run("migrate");
    const doctor = await nobody.run("doctor");
    await nobody.remove();
    expect([unreached.code, unreached.stderr.trim()]).toEqual([75, "The database cannot be reached ECONNREFUSED"]);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/WRONG +database/);
    const missing = Object.assign(new URL(url), { pathname: "/not_there" }).href;
    const lost = createInstallation({ COUNTERSIGN_DATABASE_URL: missing });
    const refused = await lost.run("migrate");
    await lost.remove();
    expect([refused.code, refused.stderr.trim()]).toEqual([
      78,
      "COUNTERSIGN_DATABASE_URL names a database that is not there.",
    ]);
  });
});

describe("ten nodes that start at once on an empty database", () => {
  test("all serve, share one set of keys, and one of them invites the first administrator", async () => {
    const nodes = await Promise.all(Array.from({ length: 10 }, () => installation.serve()));
    for (const { url: node } of nodes) expect((await fetch(`${node}/health/ready`)).status).toBe(200);
    const invitations = nodes.flatMap(({ lines }) => lines.filter((line) => line.startsWith("First administrator")));
    expect(invitations).toHaveLength(1);
    const { api_key } = JSON.parse(await run(...SHOP)) as Record<string, string>;
    const posts = nodes.map((node) => httpClient(node.url, String(api_key)));
    const [first] = posts;
    if (first === undefined) throw new Error("no node");
    const { code } = await enrolNow(first, "alice");
    const statuses = await Promise.all(
      posts.map(async (post) => (await post("/v1/verify", { subject: "alice", totp: code })).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 403 || status === 429)).toHaveLength(9);
  });
});
