import { statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import BetterSqlite from "better-sqlite3";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Write } from "../../src/ports/store.ts";
import { checkpointer } from "../../src/store/engines/checkpointer.ts";
import { openDurable } from "../../src/store/engines/sqlite.ts";
import {
  activeTotp,
  credential,
  fresh,
  NOW,
  newGrant,
  OPEN_BUDGET,
  pendingPasskey,
  pendingTotp,
  race,
} from "./fixtures.ts";
import { openFile, temporaryFile } from "./sqlite-file.ts";
import { committedTransactions } from "./write-ahead-log.ts";

type Opened = ReturnType<typeof openFile> &
  Readonly<{ path: string; outside: BetterSqlite.Database; brokenBy: unknown[] }>;

let opened: Opened;
let cleanUp: () => void;

/** `outside` is a second connection: it sees what has been committed and nothing else. */
beforeEach(() => {
  const file = temporaryFile();
  const brokenBy: unknown[] = [];
  const { engine, store } = openFile(file.path, (cause) => brokenBy.push(cause));
  const outside = new BetterSqlite(file.path, { timeout: 0 });
  opened = { engine, store, path: file.path, outside, brokenBy };
  cleanUp = () => {
    outside.close();
    file.remove();
  };
});

afterEach(async () => {
  // A store that a test broke or closed has nothing left to close.
  await opened.store.close().catch(() => undefined);
  cleanUp();
});

const store = () => opened.store;
const together = async (writes: readonly Write[]) => store().atomically(writes);
const committed = async () => store().committed();
const grantsOutside = () => opened.outside.prepare("select id from grants order by id").pluck().all();
const insertGrant = (id: string): Write => store().grants.insert(newGrant({ id }));
const pragma = async (name: string, of: Opened["engine"] = opened.engine) =>
  Object.values((await of.db.get<Record<string, unknown>>(sql.raw(`pragma ${name}`))) ?? {})[0];

describe("SQLite's settings", () => {
  it("a commit is on disk when it returns: synchronous is FULL after a write and after a reopening", async () => {
    expect(await pragma("synchronous")).toBe(2);
    await together([insertGrant("one")]);
    await committed();
    expect(await pragma("synchronous")).toBe(2);
    await store().close();
    const again = openFile(opened.path);
    expect(await pragma("synchronous", again.engine)).toBe(2);
    await again.store.atomically([again.store.grants.insert(newGrant())]);
    await again.store.committed();
    expect(await pragma("synchronous", again.engine)).toBe(2);
    await again.store.close();
  });

  it.each([
    ["journal_mode", "wal"],
    ["foreign_keys", 1],
    ["trusted_schema", 0],
    ["secure_delete", 1],
  ])("%s is %s", async (name, expected) => {
    expect(await pragma(name)).toBe(expected);
  });
});

describe("checkpoints", () => {
  it("while writes go on the log is carried over into the database and written from its start again", async () => {
    const [writes, bytes] = [40_000, 3_000];
    const largest = { log: 0, database: 0 };
    for (let written = 0; written < writes; written += 100) {
      const grants = Array.from({ length: 100 }, (_, index) =>
        newGrant({ id: `${written + index}`, data: "x".repeat(bytes) }),
      );
      for (const grant of grants) await together([store().grants.insert(grant)]);
      await committed();
      largest.log = Math.max(largest.log, statSync(`${opened.path}-wal`).size);
      largest.database = Math.max(largest.database, statSync(opened.path).size);
    }
    expect(largest.log).toBeLessThan(writes * bytes * 0.8);
    expect(largest.database).toBeGreaterThan((writes * bytes) / 2);
    expect(opened.outside.prepare("select count(*) from grants").pluck().get()).toBe(writes);
    expect(opened.outside.pragma("integrity_check", { simple: true })).toBe("ok");
  });
});

describe("checkpoints while somebody reads an old state", () => {
  it("come further and further apart, and carry everything over once the reader is gone", async () => {
    opened.outside.exec("begin");
    opened.outside.prepare("select count(*) from grants").get();
    const client = openDurable(opened.path);
    client.exec("create table filler (id integer primary key, data text)");
    const checkpoints = checkpointer(client);
    const between: number[] = [];
    const pragma = client.pragma.bind(client);
    client.pragma = (source, options) => {
      if (source.startsWith("wal_checkpoint")) between.push(written);
      return pragma(source, options);
    };
    const insert = client.prepare("insert into filler (data) values (?)");
    let written = 0;
    const write = async () => {
      client.transaction(() => {
        for (let row = 0; row < 500; row++) insert.run("x".repeat(3_000));
      })();
      written += 500;
      checkpoints.committed(500);
      await setTimeout(5);
    };
    while (written < 60_000) await write();
    // One every 4,000 from 12,000 on would be twelve.
    expect(between.length).toBeGreaterThan(1);
    expect(between.length).toBeLessThan(9);
    opened.outside.exec("rollback");
    const before = between.length;
    while (between.length === before && written < 150_000) await write();
    await write();
    const [row] = pragma("wal_checkpoint(PASSIVE)") as readonly Readonly<{ log: number }>[];
    expect(row?.log).toBeLessThan(2_000);
    await checkpoints.close();
    client.close();
  });
});

describe("group commit", () => {
  it("everything written in one turn is one commit: unseen before it, and all there after it", async () => {
    const before = committedTransactions(opened.path);
    const subjectLookup = fresh("lookup");
    await race((racer) => together([insertGrant(`grant${racer}`)]));
    await race((racer) =>
      store().guessBudgets.take(
        { subjectLookup: `${subjectLookup}${racer}`, lane: "open", method: "totp", nowMs: NOW, mark: "000000" },
        OPEN_BUDGET,
      ),
    );
    expect(grantsOutside()).toHaveLength(0);
    expect(committedTransactions(opened.path)).toBe(before);
    await committed();
    expect(grantsOutside()).toHaveLength(60);
    expect(opened.outside.prepare("select count(*) from guess_budgets").pluck().get()).toBe(60);
    expect(committedTransactions(opened.path)).toBe(before + 1);
  });

  it("what a turn has read locks nobody out, and does not keep it from writing after somebody else has", async () => {
    await store().authenticators.listActive(fresh("lookup"));
    opened.outside.prepare("insert into counters (id, value) values ('outside', 1)").run();
    await together([insertGrant("after")]);
    await committed();
    expect(grantsOutside()).toEqual(["after"]);
  });

  it("while several wait, what the next turn brings joins their commit", async () => {
    const before = committedTransactions(opened.path);
    await together([insertGrant("one")]);
    const waiting = [committed(), committed()];
    await new Promise((resolve) => setImmediate(resolve));
    expect(grantsOutside()).toEqual([]);
    await together([insertGrant("two")]);
    await Promise.all(waiting);
    expect(grantsOutside()).toEqual(["one", "two"]);
    expect(committedTransactions(opened.path)).toBe(before + 1);
  });

  it("whoever waits alone waits for no further turn", async () => {
    await together([insertGrant("one")]);
    const waiting = committed();
    await new Promise((resolve) => setImmediate(resolve));
    expect(grantsOutside()).toEqual(["one"]);
    await waiting;
  });

  it("gathering ends although every turn brings another", async () => {
    let isDone = false;
    await together([insertGrant("first")]);
    const first = committed().then(() => {
      isDone = true;
    });
    for (let turn = 0; turn < 20 && !isDone; turn++) {
      await together([insertGrant(`later${turn}`)]);
      void committed();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(isDone).toBe(true);
    await first;
  });

  it("a write after the commit is in the next one", async () => {
    const before = committedTransactions(opened.path);
    for (const id of ["a", "b", "c"]) {
      await together([insertGrant(id)]);
      await committed();
    }
    expect(committedTransactions(opened.path)).toBe(before + 3);
  });

  it("what was written in an earlier turn is durable without anybody waiting for it", async () => {
    await together([insertGrant("one")]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(grantsOutside()).toEqual(["one"]);
    await expect(committed()).resolves.toBeUndefined();
  });

  it("reading waits for no commit and makes none, and sees what the open group wrote", async () => {
    const before = committedTransactions(opened.path);
    await store().grants.find("one");
    await committed();
    expect(committedTransactions(opened.path)).toBe(before);
    await together([insertGrant("one")]);
    expect(await store().grants.find("one")).toBeDefined();
    expect(grantsOutside()).toEqual([]);
  });

  it("a statement that a unique index refuses leaves the writes of its turn alone", async () => {
    const [winner, loser] = [pendingPasskey(), pendingPasskey()];
    const created = credential();
    const { insertPending, activateWebauthn } = store().authenticators;
    await together([insertPending(winner), insertPending(loser)]);
    const outcomes = await Promise.all([
      together([insertGrant("before")]),
      activateWebauthn(winner.id, created, "", NOW),
      activateWebauthn(loser.id, created, "", NOW),
      together([insertGrant("after")]),
    ]);
    expect(outcomes[2]).toBe("exists");
    await committed();
    expect(grantsOutside()).toEqual(["after", "before"]);
    const active = opened.outside
      .prepare("select id from authenticators where status = 'active' and realm_id <> ''")
      .pluck()
      .all();
    expect(active).toEqual([winner.id]);
  });

  it("a set of writes that fails is undone whole, and its neighbours are committed", async () => {
    await together([insertGrant("taken")]);
    const outcomes = await Promise.allSettled([
      together([insertGrant("before")]),
      together([insertGrant("undone"), insertGrant("taken"), insertGrant("unreached")]),
      together([insertGrant("after")]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await committed();
    expect(grantsOutside()).toEqual(["after", "before", "taken"]);
  });

  it("closing waits for the open group", async () => {
    await together([insertGrant("one")]);
    expect(grantsOutside()).toEqual([]);
    await store().close();
    expect(grantsOutside()).toEqual(["one"]);
    await expect(store().grants.find("one")).rejects.toThrow();
  });

  it("while another process holds the file a write is refused, and afterwards taken", async () => {
    await pragma("busy_timeout = 0");
    opened.outside.exec("begin immediate");
    await expect(together([insertGrant("early")])).rejects.toThrow(/locked/);
    await expect(committed()).resolves.toBeUndefined();
    opened.outside.exec("commit");
    await together([insertGrant("late")]);
    await committed();
    expect(grantsOutside()).toEqual(["late"]);
    expect(opened.brokenBy).toHaveLength(0);
  });
});

describe("a commit that fails", () => {
  /** From now on the commit of a turn that writes an audit event fails: it breaks a foreign key checked only then. */
  const breakCommits = () =>
    opened.outside.exec(`
      create table parents (id integer primary key);
      create table orphans (parent integer references parents (id) deferrable initially deferred);
      create trigger break_commit after insert on audit_events begin insert into orphans values (1); end;`);
  const event = () =>
    store().audit.append({ atMs: NOW, kind: "answer_accepted", realmId: "default", requestId: "req_1" });
  const failingTurn = () => together([insertGrant("lost"), event()]);

  it("is told to everybody who waits for it, and nothing of its turn is kept", async () => {
    await together([insertGrant("kept")]);
    await committed();
    breakCommits();
    await failingTurn();
    await together([insertGrant("neighbour")]);
    const waiting = [committed(), committed()];
    for (const waiter of waiting) await expect(waiter).rejects.toThrow("a commit failed");
    expect(grantsOutside()).toEqual(["kept"]);
  });

  it("ends the store: every later statement throws, and whoever waits later is refused too", async () => {
    const totp = await activeTotp(store);
    await committed();
    breakCommits();
    await failingTurn();
    await expect(committed()).rejects.toThrow("a commit failed");
    await expect(store().authenticators.spendStep(totp.id, 999, NOW)).rejects.toThrow();
    await expect(together([insertGrant("late")])).rejects.toThrow("a commit failed");
    await expect(store().authenticators.find(totp.id, totp.realmId)).rejects.toThrow();
    await expect(store().audit.list({ limit: 1 })).rejects.toThrow();
    await expect(committed()).rejects.toThrow("a commit failed");
    expect(grantsOutside()).toEqual([]);
  });

  it("is told once to whoever runs the service, with its cause", async () => {
    breakCommits();
    await failingTurn();
    await expect(committed()).rejects.toThrow();
    await expect(failingTurn()).rejects.toThrow();
    await expect(store().close()).rejects.toThrow("a commit failed");
    expect(opened.brokenBy).toEqual([expect.objectContaining({ code: "SQLITE_CONSTRAINT_FOREIGNKEY" })]);
  });

  it("leaves a file that opens again with all that was committed before", async () => {
    const totp = await activeTotp(store);
    await committed();
    breakCommits();
    expect(await store().authenticators.spendStep(totp.id, 999, NOW)).toBe(true);
    await failingTurn();
    await expect(committed()).rejects.toThrow();
    const again = openFile(opened.path);
    expect(await again.store.authenticators.spendStep(totp.id, 999, NOW)).toBe(true);
    await again.store.close();
  });

  it("follows from a full disk: a turn that SQLite gave up is confirmed to nobody", async () => {
    await pragma(`max_page_count = ${await pragma("page_count")}`);
    const early = together([insertGrant("early")]);
    const huge = together([store().authenticators.insertPending(pendingTotp({ label: "x".repeat(100_000) }))]);
    const late = together([insertGrant("late")]);
    const waiting = committed();
    await expect(huge).rejects.toThrow(/full/);
    await Promise.allSettled([early, late]);
    await expect(waiting).rejects.toThrow("a commit failed");
    expect(opened.brokenBy).toHaveLength(1);
    expect(grantsOutside()).not.toContain("early");
  });
});
