import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createInstallation, enrolNow, httpClient, type Installation } from "../support/command-line.ts";
import { openPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const RIGHTS = readFileSync(join(import.meta.dirname, "../../docs/postgresql-roles.sql"), "utf8");
const PASSWORD = "for-this-test-only";
const ROLES = ["countersign_owner", "countersign_serving", "countersign_maintenance"] as const;
const SHOP = ["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/callback", "--json"] as const;
const INSUFFICIENT_PRIVILEGE = "42501";

let server: PostgresServer;
let superuser: Sql;
let database: string;
let owner: Installation;
let serving: Installation;

function urlAs(role: string): string {
  return Object.assign(new URL(database), { username: role, password: PASSWORD }).href;
}

async function as<T>(role: string, work: (client: Sql) => Promise<T>): Promise<T> {
  const client = postgres(urlAs(role), { max: 1, onnotice: () => undefined });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The SQLSTATE that a statement is refused with, or "done". */
function tried(role: string, statement: string): Promise<string> {
  return as(role, async (client) => {
    try {
      await client.unsafe(statement);
      return "done";
    } catch (error) {
      return error instanceof postgres.PostgresError ? error.code : String(error);
    }
  });
}

beforeAll(async () => {
  server = await openPostgresServer();
  database = await server.createDatabase();
  superuser = postgres(database, { max: 1, onnotice: () => undefined });
  for (const role of ROLES) {
    // A server that is kept has them from the last time.
    await superuser.unsafe(`do $$ begin create role ${role}; exception when duplicate_object then null; end $$`);
    await superuser.unsafe(`alter role ${role} login password '${PASSWORD}'`);
  }
  await superuser.unsafe(`alter database "${new URL(database).pathname.slice(1)}" owner to countersign_owner`);
  owner = createInstallation({ COUNTERSIGN_DATABASE_URL: urlAs("countersign_owner") });
  const migrated = await owner.run("migrate");
  expect(migrated.code, migrated.stderr).toBe(0);
  await as("countersign_owner", (client) => client.unsafe(RIGHTS));
  await as("countersign_owner", (client) => client.unsafe(RIGHTS));
  serving = createInstallation({
    COUNTERSIGN_DATABASE_URL: urlAs("countersign_serving"),
    COUNTERSIGN_MASTER_KEY_FILE: join(owner.dataDir, "master.key"),
  });
});
afterAll(async () => {
  await serving.remove();
  await owner.remove();
  await superuser.unsafe("drop owned by countersign_serving, countersign_maintenance");
  await superuser.end();
  await server.close();
});

describe("the roles as documented", () => {
  test("the serving role runs the service", async () => {
    const created = await serving.run(...SHOP);
    expect(created.code, created.stderr).toBe(0);
    const service = await serving.serve();
    const post = httpClient(service.url, String(JSON.parse(created.stdout).api_key));
    const { code, recoveryCodes } = await enrolNow(post, "alice");
    expect((await post("/v1/verify", { subject: "alice", totp: code })).status).toBe(200);
    expect((await post("/v1/verify", { subject: "alice", totp: code })).status).toBe(403);
    expect((await post("/v1/verify", { subject: "alice", recovery_code: recoveryCodes[0] })).status).toBe(200);
    expect(service.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    service.kill("SIGTERM");
    expect(await service.exited).toBe(0);
    const doctor = await serving.run("doctor");
    expect(doctor.stdout).toContain("this role can only add to it");
  });

  test.each([
    "update audit_events set kind = 'x'",
    "delete from audit_events",
    "truncate audit_events",
    "update subject_events set event_id = 0",
    "delete from subject_events",
    "alter table audit_events add column x text",
    "drop table audit_events",
    "create table mine (x text)",
    "update drizzle.__drizzle_migrations set hash = 'x'",
    "alter sequence audit_events_id_seq restart",
  ])("the serving role is refused: %s", async (statement) => {
    expect(await tried("countersign_serving", statement)).toBe(INSUFFICIENT_PRIVILEGE);
  });

  test("the maintenance role purges old audit events, and can neither change one nor read anything else", async () => {
    await superuser`insert into audit_events (at_ms, kind, realm_id, request_id, notable) values (1, 'x', 'default', 'req', 0)`;
    const purge = "delete from audit_events where at_ms < 2";
    expect(await tried("countersign_maintenance", purge)).toBe("done");
    expect(await superuser`select 1 from audit_events where at_ms = 1`).toHaveLength(0);
    for (const refused of [
      "update audit_events set kind = 'x'",
      "insert into audit_events (at_ms, kind, realm_id, request_id, notable) values (1, 'x', 'x', 'x', 0)",
      "select * from authenticators",
      "delete from recovery_codes",
    ]) {
      expect(await tried("countersign_maintenance", refused), refused).toBe(INSUFFICIENT_PRIVILEGE);
    }
  });

  test("a later version's tables are the serving role's to use, and a missing migration is the owner's to make", async () => {
    expect(
      await tried("countersign_owner", "create table later (x bigint generated by default as identity, y text)"),
    ).toBe("done");
    expect(await tried("countersign_serving", "insert into later (y) values ('y')")).toBe("done");
    expect(await tried("countersign_owner", "drop table later")).toBe("done");
    await superuser`create table kept as select * from drizzle.__drizzle_migrations`;
    await superuser`delete from drizzle.__drizzle_migrations`;
    const refused = await serving.run("migrate");
    await superuser`insert into drizzle.__drizzle_migrations select * from kept`;
    await superuser`drop table kept`;
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain("run countersign migrate as its owner");
  });
});
