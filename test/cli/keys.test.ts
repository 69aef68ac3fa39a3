import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { newMasterKey } from "../../src/crypto/master-key.ts";
import { countByKey, isRotationOpen, recordRotation, resealAll } from "../../src/flows/rotate-keys.ts";
import { accountNameContext } from "../../src/flows/start-enrolment.ts";
import { secretContext } from "../../src/flows/unseal-authenticator.ts";
import { createInProcessEstimator } from "../../src/password/in-process-estimator.ts";
import type { MasterKeys } from "../../src/ports/keyring.ts";
import type { NewPendingAuthenticator } from "../../src/ports/store.ts";
import { changeMasterKeys } from "../../src/runtime/change-master-keys.ts";
import { openNodeDeps } from "../../src/runtime/node-deps.ts";
import { createInstallation, enrolNow, finish, httpClient, type Installation } from "../support/command-line.ts";

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let installation: Installation;

beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.remove());

/** Ids in the key file, the one in use first. */
function keyIds(): readonly string[] {
  const lines = readFileSync(join(installation.dataDir, "master.key"), "utf8").trim().split("\n");
  return lines.map((line) => line.split(" ")[0] ?? "");
}

/** How many long-lived values carry each key, read straight from the database. */
function sealedBy(db: BetterSqlite.Database): ReadonlyMap<string, number> {
  const envelopes = db
    .prepare(
      `select secret from authenticators where secret is not null
       union all select account_name from authenticators where account_name is not null
       union all select sealed from system_keys`,
    )
    .pluck()
    .all() as readonly string[];
  const counts = new Map<string, number>();
  for (const id of envelopes.map((envelope) => envelope.split(".")[1] ?? "")) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function openDatabase(): BetterSqlite.Database {
  return new BetterSqlite(join(installation.dataDir, "countersign.db"), { readonly: true });
}

async function rotations(): Promise<readonly unknown[]> {
  const { stdout } = await installation.run("audit", "export");
  const events = stdout
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return events.filter(({ kind }) => kind === "master_key_rotated").map(({ reason }) => reason);
}

function openDeps() {
  const config = parseConfig({ COUNTERSIGN_DATA_DIR: installation.dataDir });
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return openNodeDeps(config, { logger, estimator: createInProcessEstimator() });
}

describe("rotating the master key", () => {
  test("people enrol and verify without one failure while a server runs, and nothing old is left", async () => {
    const created = await installation.run(
      ...["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/", "--json"],
    );
    const service = await installation.serve();
    const post = httpClient(service.url, JSON.parse(created.stdout).api_key);
    const early = await enrolNow(post, "early");
    const [before] = keyIds();
    const rotation = finish(installation.start("keys", "rotate"));
    let isRunning = true;
    void rotation.then(() => {
      isRunning = false;
    });
    let verified = 0;
    while (isRunning) {
      const { subject, code } = await enrolNow(post, `during-${verified}`);
      expect((await post("/v1/verify", { subject, totp: code })).status).toBe(200);
      verified += 1;
    }
    const done = await rotation;
    expect(done.code, done.stderr).toBe(0);
    expect(verified).toBeGreaterThan(10);
    const [after, ...older] = keyIds();
    expect(older).toEqual([before]);
    await service.line(`"master_keys_replaced","primary":"${after}"`);
    const db = openDatabase();
    expect([...sealedBy(db).keys()]).toEqual([after]);
    db.close();
    expect((await post("/v1/verify", { subject: "early", recovery_code: early.recoveryCodes[0] })).status).toBe(200);
    expect(await rotations()).toEqual([after]);
    service.kill("SIGTERM");
    expect(await service.exited).toBe(0);
  });

  test("a rotation killed half-way goes on where it was when it is run again, with the same new key", async () => {
    await seed(3000);
    const [before = ""] = keyIds();
    const child = installation.start("keys", "rotate", "--no-wait");
    const killed = finish(child);
    const db = openDatabase();
    while ((sealedBy(db).get(before) ?? 0) >= 6000) await new Promise(setImmediate);
    child.kill("SIGKILL");
    await killed;
    const halfWay = sealedBy(db);
    const [started = ""] = keyIds();
    expect(halfWay.get(before)).toBeGreaterThan(0);
    expect(halfWay.get(started)).toBeGreaterThan(0);
    expect(await rotations()).toEqual([]);
    expect((await installation.run("keys", "retire", before)).stderr).toContain("still need this key");
    const again = await installation.run("keys", "rotate", "--no-wait");
    expect(again.code, again.stderr).toBe(0);
    expect(keyIds()).toEqual([started, before]);
    expect([...sealedBy(db).keys()]).toEqual([started]);
    db.close();
    expect(await rotations()).toEqual([started]);
    await expectReadable(3000);
  });

  test("a value that is still sealed with the old key behind a pass is found by the next", async () => {
    await seed(60);
    const { deps: before } = await openDeps();
    const late = row("au_00000", before.keyring.seal(secretContext("au_00000"), new Uint8Array(20)), null);
    await before.store.close();
    const addKey = ({ primary, others }: MasterKeys) => ({ primary: newMasterKey(), others: [primary, ...others] });
    changeMasterKeys(join(installation.dataDir, "master.key"), addKey);
    const { deps } = await openDeps();
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      await deps.store.atomically([deps.store.authenticators.insertPending(late)]);
    };
    const resealed = await resealAll(deps, { pause });
    expect(pauses).toBe(1);
    // The late one and the MAC root on top.
    expect(resealed).toBe(60 + 2);
    expect([...(await countByKey(deps)).keys()]).toEqual([deps.keyring.primaryKeyId()]);
    expect(await isRotationOpen(deps)).toBe(true);
    await recordRotation(deps, { actor: "test", requestId: "req_test", nowMs: 0 });
    expect(await isRotationOpen(deps)).toBe(false);
    await deps.store.close();
  });

  test("keys from the environment are sealed to the first of them, and no file is made", async () => {
    const [first, second] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString("base64url"));
    const place = { COUNTERSIGN_DATA_DIR: installation.dataDir };
    const before = createInstallation({ ...place, COUNTERSIGN_MASTER_KEY: `old:${first}` });
    expect((await before.run("migrate")).code).toBe(0);
    const after = createInstallation({ ...place, COUNTERSIGN_MASTER_KEY: `new:${second},old:${first}` });
    const done = await after.run("keys", "rotate");
    expect(done.stdout).toContain("Master key new is in use; 1 values were sealed anew.");
    expect((await after.run("keys", "retire", "old")).stderr).toBe("The master keys are not in a file.\n");
    const db = openDatabase();
    expect([...sealedBy(db).keys()]).toEqual(["new"]);
    db.close();
    expect(existsSync(join(installation.dataDir, "master.key"))).toBe(false);
    await Promise.all([before.remove(), after.remove()]);
  });

  test("two changes of the key file never overlap", async () => {
    await seed(1);
    const file = join(installation.dataDir, "master.key");
    const nested = () => changeMasterKeys(file, (keys) => changeMasterKeys(file, () => keys));
    expect(nested).toThrow(`if no other rotation runs, remove ${file}.lock`);
    expect(changeMasterKeys(file, (keys) => keys).others).toEqual([]);
  });

  test("a key is retired only when nothing needs it, and within a day of the rotation only by force", async () => {
    await seed(3);
    const [old = ""] = keyIds();
    expect((await installation.run("keys", "retire", old)).stderr).toBe("This is the key in use: rotate first.\n");
    expect((await installation.run("keys", "rotate", "--no-wait")).code).toBe(0);
    const [current = ""] = keyIds();
    expect((await installation.run("keys", "retire", "kother")).code).toBe(1);
    const soon = await installation.run("keys", "retire", old);
    expect([soon.code, soon.stderr]).toEqual([1, expect.stringContaining("less than a day ago")]);
    expect(keyIds()).toEqual([current, old]);
    expect((await installation.run("keys", "retire", old, "--force")).code).toBe(0);
    expect(keyIds()).toEqual([current]);
    await expectReadable(3);
  });
});

async function seed(count: number): Promise<void> {
  const { deps } = await openDeps();
  const rows = Array.from({ length: count }, (_, index) => {
    const id = `au_${String(index).padStart(6, "0")}`;
    const secret = deps.keyring.seal(secretContext(id), new TextEncoder().encode(`secret ${id}`));
    return row(id, secret, deps.keyring.seal(accountNameContext(id), new TextEncoder().encode(`name ${id}`)));
  });
  await deps.store.atomically(rows.map((one) => deps.store.authenticators.insertPending(one)));
  await deps.store.close();
}

function row(id: string, secret: string | null, accountName: string | null): NewPendingAuthenticator {
  return {
    id,
    realmId: "default",
    subjectLookup: `lookup-${id}`,
    method: "totp",
    label: "",
    createdBy: "test",
    createdAtMs: 0,
    expiresAtMs: 1,
    attemptsLeft: 1,
    secret: secret ?? undefined,
    accountName,
  };
}

async function expectReadable(count: number): Promise<void> {
  const { deps } = await openDeps();
  const listed = await deps.store.authenticators.listSealed("", count + 1);
  await deps.store.close();
  expect(listed).toHaveLength(count);
  for (const { id, secret, accountName } of listed) {
    expect(new TextDecoder().decode(deps.keyring.open(secretContext(id), secret ?? ""))).toBe(`secret ${id}`);
    expect(new TextDecoder().decode(deps.keyring.open(accountNameContext(id), accountName ?? ""))).toBe(`name ${id}`);
  }
}
