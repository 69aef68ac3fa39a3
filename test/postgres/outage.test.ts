import postgres, { type Sql } from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Deps } from "../../src/ports/deps.ts";
import { enrolTotp } from "../support/enrol.ts";
import { holdSpending } from "../support/hold-spending.ts";
import { type OwnPostgresServer, startPostgresServer } from "../support/postgres-server.ts";
import { type Answer, startService, type TestRelyingParty, type TestService } from "../support/service.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

// Servers start and stop, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Nothing but a durable transaction brings the log to the disk: what did not wait for one is lost in a breakdown. */
const FORGETFUL = ["wal_writer_delay=10000", "fsync=off"];
const MASTER_KEY = Buffer.alloc(32, 7).toString("base64url");

let server: OwnPostgresServer;
let proxy: TcpProxy;
let service: TestService;
let rp: TestRelyingParty;

beforeAll(async () => {
  server = await startPostgresServer(FORGETFUL);
});
afterAll(() => server.close());

beforeEach(async () => {
  proxy = await startTcpProxy(await server.createDatabase());
  await start();
});
afterEach(async () => {
  await service.close();
  await proxy.close();
});

async function start(wrap?: (deps: Deps) => Deps): Promise<void> {
  const env = { COUNTERSIGN_DATABASE_URL: proxy.url, COUNTERSIGN_MASTER_KEY: MASTER_KEY };
  service = await startService({ env, ...(wrap && { wrap }) });
  rp = await service.addRelyingParty();
}

function expectOutage(answer: Answer): void {
  expect(answer.status, answer.text).toBe(503);
  expect(answer.body.code).toBe("unavailable");
  expect(answer.headers.get("retry-after")).toBe("1");
}

/** Repeats a request until it gets another answer than 503; without sleeping between, since each takes its time. */
async function untilAnswered(act: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; tries < 2_000; tries++) {
    const answer = await act();
    if (answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("the outage does not end");
}

describe("while the database is down", () => {
  test("requests get 503 with Retry-After, and afterwards the same process goes on with all that it acknowledged", async () => {
    const apps = await Promise.all(["alice", "bob", "carol"].map((subject) => enrolTotp(service, rp, subject)));
    const [alice, bob, carol] = apps;
    service.clock.advance(60_000);
    const used = { subject: "alice", totp: alice?.code() };
    expect((await rp.post("/v1/verify", used)).status).toBe(200);
    await server.kill();
    const during = await Promise.all(
      Array.from({ length: 30 }, () => rp.post("/v1/verify", { subject: "bob", totp: bob?.code() })),
    );
    for (const answer of during) expectOutage(answer);
    expect((await service.app.request("/health/ready")).status).toBe(503);
    expect((await service.app.request("/health/live")).status).toBe(200);
    await server.start();
    const after = await untilAnswered(() => rp.post("/v1/verify", { subject: "bob", totp: bob?.code() }));
    expect(after.status, after.text).toBe(200);
    expect((await rp.post("/v1/verify", used)).status).toBe(403);
    expect((await rp.post("/v1/verify", { subject: "carol", totp: carol?.code() })).status).toBe(200);
    expect((await service.app.request("/health/ready")).status).toBe(200);
  });

  test("it comes and goes three times, under load, and no code is accepted twice", async () => {
    const subjects = Array.from({ length: 12 }, (_, index) => `person-${index}`);
    const apps = await Promise.all(subjects.map((subject) => enrolTotp(service, rp, subject)));
    service.clock.advance(60_000);
    let total = 0;
    for (let outage = 0; outage < 3; outage++) {
      service.clock.advance(30_000);
      const answers = subjects.map((subject, index) => ({ subject, totp: apps[index]?.code() }));
      const accepted = new Map(subjects.map((subject) => [subject, 0]));
      const drive = async (answer: (typeof answers)[number]) => {
        for (let tries = 0; tries < 5; tries++) {
          const { status } = await rp.post("/v1/verify", answer);
          if (status === 200) accepted.set(answer.subject, (accepted.get(answer.subject) ?? 0) + 1);
          if (status !== 503) return;
        }
      };
      const breaking = server.kill();
      await Promise.all(answers.map(drive));
      await breaking;
      await server.start();
      await untilAnswered(() => rp.post("/v1/verify", { subject: "nobody", totp: "000000" }));
      await Promise.all(answers.map(drive));
      for (const count of accepted.values()) expect(count).toBeLessThanOrEqual(1);
      total += [...accepted.values()].reduce((sum, count) => sum + count, 0);
    }
    expect(total).toBeGreaterThan(0);
  });
});

describe("a breakdown in the middle of a request", () => {
  test("no answer rests on a spend that the database has forgotten", async () => {
    await service.close();
    const spending = holdSpending();
    await start(spending.wrap);
    const { code } = await enrolTotp(service, rp, "alice");
    const held = spending.hold();
    const answer = { subject: "alice", totp: code() };
    const answered = rp.post("/v1/verify", answer);
    await held;
    await server.kill();
    await server.start();
    spending.letGo();
    expectOutage(await answered);
    // It was forgotten indeed: the code still counts, once.
    const statuses = [];
    for (let tries = 0; tries < 2; tries++) {
      statuses.push((await untilAnswered(() => rp.post("/v1/verify", answer))).status);
    }
    expect(statuses).toEqual([200, 403]);
  });

  test("the incarnation changes with every breakdown, and with nothing else", async () => {
    const { store } = service.deps;
    const before = store.incarnation();
    await enrolTotp(service, rp, "alice");
    expect(store.incarnation()).toBe(before);
    await server.kill();
    await server.start();
    await untilAnswered(() => rp.post("/v1/verify", { subject: "nobody", totp: "000000" }));
    expect(store.incarnation()).toBeGreaterThan(before);
  });
});

describe("a connection lost around a commit", () => {
  test.each([
    ["before", { request: Buffer.from("begin\0") }],
    ["after", { answer: Buffer.from("COMMIT") }],
  ])("%s it: the answer is 503, and the code is not accepted later", async (_, bytes) => {
    const { code } = await enrolTotp(service, rp, "alice");
    service.clock.advance(60_000);
    const answer = { subject: "alice", totp: code() };
    // The key's last use is written down once a minute: then the next transaction is the one that ends the verification.
    await rp.post("/v1/verify", { subject: "nobody", totp: "000000" });
    proxy.cutAt(bytes);
    expectOutage(await rp.post("/v1/verify", answer));
    proxy.cutAt({});
    const again = await untilAnswered(() => rp.post("/v1/verify", answer));
    expect(again.status, again.text).toBe(403);
    expect((await rp.post("/v1/verify", { subject: "alice", totp: code(30_000) })).status).toBe(403);
  });
});

describe("without an outage of the database", () => {
  const as = async <T>(work: (client: Sql) => Promise<T>): Promise<T> => {
    const client = postgres(proxy.to, { max: 1, onnotice: () => undefined });
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };

  test("a lock that somebody holds for too long is an outage for whoever waits for it, and spends nothing", async () => {
    const { code } = await enrolTotp(service, rp, "alice");
    service.clock.advance(60_000);
    const answer = { subject: "alice", totp: code() };
    await as((client) =>
      client.begin(async (transaction) => {
        await transaction`lock table guess_budgets in access exclusive mode`;
        expectOutage(await rp.post("/v1/verify", answer));
        expect((await service.app.request("/health/ready")).status).toBe(200);
      }),
    );
    expect((await rp.post("/v1/verify", answer)).status).toBe(200);
  });

  test("every session that somebody ends is replaced, the witness too", async () => {
    const { store } = service.deps;
    const before = store.incarnation();
    await as(
      (client) => client`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'countersign%'`,
    );
    const after = await untilAnswered(() => rp.post("/v1/verify", { subject: "nobody", totp: "000000" }));
    expect(after.status).toBe(403);
    expect(store.incarnation()).toBeGreaterThan(before);
  });
});

test("a network that swallows everything holds no request for ever, and is left behind", async () => {
  const { code } = await enrolTotp(service, rp, "alice");
  service.clock.advance(60_000);
  proxy.silence();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => rp.post("/v1/verify", { subject: "alice", totp: code() })),
  );
  for (const answer of answers) expectOutage(answer);
  const after = await untilAnswered(() => rp.post("/v1/verify", { subject: "alice", totp: code() }));
  expect(after.status, after.text).toBe(200);
});
