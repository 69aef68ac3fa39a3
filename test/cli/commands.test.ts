import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createInstallation, type Installation } from "../support/command-line.ts";

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let installation: Installation;

beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.remove());

const SHOP = ["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/callback"] as const;

async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  const done = await installation.run(...args, "--json");
  expect(done.code, done.stderr).toBe(0);
  return JSON.parse(done.stdout) as Record<string, unknown>;
}

describe("the command line", () => {
  test("every command explains itself", async () => {
    const overview = await installation.run("--help");
    expect(overview.code).toBe(0);
    const names = [...overview.stdout.matchAll(/^ {2}(\w+(?: \w+)*) {2}/gm)].map(([, name]) => name ?? "");
    expect(names).toContain("keys rotate");
    const helps = await Promise.all(names.map((name) => installation.run(...name.split(" "), "--help")));
    for (const [index, help] of helps.entries()) {
      expect(help.code, help.stderr).toBe(0);
      expect(help.stdout).toMatch(`Usage: countersign ${names[index]}`);
    }
    expect(existsSync(installation.dataDir)).toBe(false);
  });

  test("an unknown command, option or missing argument exits with 64 and a hint, never a stack trace", async () => {
    for (const [args, hint] of [
      [["rp", "crate"], "countersign rp create"],
      [["rp", "list", "--frob"], "'--frob'"],
      [["rp", "create"], "--name is needed"],
      [["rp", "revoke"], "usage: countersign rp revoke <client_id>"],
      [[...SHOP, "--scope", "everything"], "a scope is one of"],
      [["admin", "invite", "--role", "king"], "--role is one of"],
    ] as const) {
      const done = await installation.run(...args);
      expect(done.code, args.join(" ")).toBe(64);
      expect(done.stderr).toContain(hint);
      expect(done.stderr).not.toContain("at ");
      expect(done.stdout).toBe("");
    }
    expect(existsSync(installation.dataDir)).toBe(false);
  });

  test("a relying party's secrets are printed once, and the lists show none of them", async () => {
    const created = await json(...SHOP, "--scope", "verify", "--scope", "links:write");
    expect(Object.keys(created)).toEqual(["client_id", "client_secret", "api_key"]);
    const clientId = String(created.client_id);
    const further = await json("rp", "key", "create", clientId, "--expires-in-days", "30");
    const listed = await installation.run("rp", "list", "--json");
    for (const secret of [created.client_secret, created.api_key, further.api_key]) {
      expect(listed.stdout).not.toContain(String(secret));
    }
    expect(JSON.parse(listed.stdout)).toMatchObject({
      relying_parties: [
        {
          client_id: clientId,
          name: "Shop",
          revoked_at: null,
          api_keys: [{ scopes: ["verify", "links:write"], expires_at: null }, { id: further.id }],
        },
      ],
    });
    const revokedKey = await installation.run("rp", "key", "revoke", clientId, String(further.id));
    expect(revokedKey.stdout).toBe("Revoked.\n");
    expect((await installation.run("rp", "revoke", clientId)).code).toBe(0);
    const again = await installation.run("rp", "revoke", clientId);
    expect([again.code, again.stderr]).toEqual([1, "There is no such relying party, or it is revoked already.\n"]);
    const text = await installation.run("rp", "list");
    expect(text.stdout.match(/revoked/g)).toHaveLength(3);
  });

  test("what cannot be registered is refused in one sentence", async () => {
    const insecure = await installation.run("rp", "create", "--name", "Shop", "--redirect-uri", "http://shop.example/");
    expect([insecure.code, insecure.stderr]).toEqual([
      1,
      "A redirect URI must be https, or http on localhost, without a fragment.\n",
    ]);
    const elsewhere = await installation.run(...SHOP, "--realm", "elsewhere");
    expect([elsewhere.code, elsewhere.stderr]).toEqual([1, "There is no such realm.\n"]);
  });

  test("an administrator's invitation is a link of this installation, good for a day", async () => {
    const before = Date.now();
    const { url, expires_at } = await json("admin", "invite", "--name", "Ada", "--role", "operator");
    expect(url).toMatch(/^http:\/\/localhost:8787\/admin\/invite\/[\w-]{43}$/);
    const hours = (Date.parse(String(expires_at)) - before) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(24);
    expect(hours).toBeLessThan(24.1);
  });

  test("the audit log comes out oldest first, and goes on after a cursor", async () => {
    await json(...SHOP);
    await json("admin", "invite");
    const all = await exported();
    expect(all.map(({ kind }) => kind)).toEqual(["api_key_created", "relying_party_created", "administrator_invited"]);
    expect(all.every(({ actor }) => actor === "cli")).toBe(true);
    expect(await exported("--after", String(all[0]?.id))).toEqual(all.slice(1));
    expect(await exported("--after", String(all[2]?.id))).toEqual([]);
  });

  async function exported(...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
    const done = await installation.run("audit", "export", ...args);
    expect(done.code, done.stderr).toBe(0);
    return done.stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
});

describe("doctor", () => {
  const wrongOnes = async () => {
    const done = await installation.run("doctor", "--json");
    const { ok, checks } = JSON.parse(done.stdout) as { ok: boolean; checks: { name: string; ok: boolean }[] };
    expect(done.code).toBe(ok ? 0 : 1);
    // Whether the pages are built is the checkout's matter, not this installation's.
    return checks.filter((check) => !check.ok && check.name !== "web pages").map(({ name }) => name);
  };

  test("finds a fresh installation well and makes nothing where there is none", async () => {
    expect(await wrongOnes()).toEqual(["data folder", "master key", "database"]);
    expect(existsSync(installation.dataDir)).toBe(false);
    await installation.run("migrate");
    expect(await wrongOnes()).toEqual([]);
  });

  test("finds open permissions, a foreign key, a missing migration and a clock that went back", async () => {
    await installation.run("migrate");
    const keyFile = join(installation.dataDir, "master.key");
    const database = join(installation.dataDir, "countersign.db");
    chmodSync(installation.dataDir, 0o755);
    chmodSync(keyFile, 0o644);
    expect(await wrongOnes()).toEqual(["data folder", "master key", "database", "key fits database"]);
    chmodSync(installation.dataDir, 0o700);
    chmodSync(keyFile, 0o600);
    writeFileSync(keyFile, `kforeign ${Buffer.alloc(32, 7).toString("base64url")}\n`);
    const db = new BetterSqlite(database);
    db.exec("delete from __drizzle_migrations");
    db.prepare(
      "insert into audit_events (at_ms, kind, realm_id, request_id, notable) values (?, 'link_opened', '', '', 0)",
    ).run(Date.now() + 3_600_000);
    db.close();
    expect(await wrongOnes()).toEqual(["migrations", "key fits database", "clock"]);
  });
});

describe("backup", () => {
  test("copies what is committed into a private file, and never overwrites one", async () => {
    await json(...SHOP);
    const file = join(installation.dataDir, "copy.db");
    expect((await installation.run("backup", file)).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}-wal`)).toBe(false);
    const copy = new BetterSqlite(file, { readonly: true });
    expect(copy.prepare("select name from relying_parties").pluck().all()).toEqual(["Shop"]);
    copy.close();
    const before = readFileSync(file);
    const again = await installation.run("backup", file);
    expect([again.code, again.stderr]).toEqual([1, "The file exists already.\n"]);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("of a database that is not there is refused and leaves nothing behind", async () => {
    const file = `${installation.dataDir}.copy`;
    const done = await installation.run("backup", file);
    expect([done.code, done.stderr]).toEqual([1, "There is no database yet.\n"]);
    expect(existsSync(file)).toBe(false);
  });
});

describe("for Workers", () => {
  test("the secrets are lines for a file, and the link is not among them", async () => {
    const made = await installation.run("worker", "secrets", "--public-url", "https://id.example.com");
    expect(made.code, made.stderr).toBe(0);
    const names = made.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names).toEqual(["COUNTERSIGN_MASTER_KEY", "COUNTERSIGN_PUBLIC_URL", "COUNTERSIGN_INVITATION"]);
    const [, token = ""] = /https:\/\/id\.example\.com\/admin\/invite\/(\S+)/.exec(made.stderr) ?? [];
    expect(token).toHaveLength(43);
    expect(made.stdout).not.toContain(token);
    const again = await installation.run("worker", "secrets", "--public-url", "https://id.example.com");
    expect(again.stdout.split("\n")[0]).not.toBe(made.stdout.split("\n")[0]);
    expect(existsSync(installation.dataDir)).toBe(false);
  });

  test("an invitation is the setting alone on stdout, and needs an address that browsers take", async () => {
    const made = await installation.run("worker", "invite", "--public-url", "https://id.example.com");
    expect(made.stdout).toMatch(/^[\w-]{43}\.\d{13}\n$/);
    for (const [url, code] of [
      ["http://id.example.com", 78],
      ["https://id.example.com/x", 78],
      ["", 64],
    ] as const) {
      expect((await installation.run("worker", "invite", "--public-url", url)).code, url).toBe(code);
    }
  });
});
