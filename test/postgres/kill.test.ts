import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import {
  createInstallation,
  type Enrolled,
  enrolNow,
  type HttpClient,
  httpClient,
  type Installation,
} from "../support/command-line.ts";
import { type OwnPostgresServer, startPostgresServer } from "../support/postgres-server.ts";
import { authenticatorsOf, shuffled } from "../support/under-kill.ts";

// Several processes and a server, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const SUBJECTS = 20;
const CODES_EACH = 4;
const SHOP = ["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/", "--json"] as const;

type Answer = Readonly<{ subject: string; recovery_code: string }>;

let server: OwnPostgresServer;
let installation: Installation;

beforeAll(async () => {
  // What is committed without waiting for the disk stays off it for long: the worst case.
  server = await startPostgresServer(["wal_writer_delay=10000", "fsync=off"]);
});
afterAll(() => server.close());
beforeEach(async () => {
  installation = createInstallation({ COUNTERSIGN_DATABASE_URL: await server.createDatabase() });
});
afterEach(() => installation.remove());

test("one node killed and the database broken down in the middle of load: nothing is accepted twice, nothing acknowledged is lost", async () => {
  const apiKey = String(JSON.parse((await installation.run(...SHOP)).stdout).api_key);
  const [doomed, survivor] = await Promise.all([installation.serve(), installation.serve()]);
  const posts = [doomed, survivor].map(({ url }) => httpClient(url, apiKey));
  const post = (index: number): HttpClient => posts[index % 2] ?? httpClient(survivor.url, apiKey);
  const enrolled: Enrolled[] = [];
  for (let index = 0; index < SUBJECTS; index++) enrolled.push(await enrolNow(post(index), `person-${index}`));
  const control = await enrolNow(post(1), "control");

  const accepted: Answer[] = [];
  const confirmed: Enrolled[] = [...enrolled, control];
  const answers = shuffled(enrolled.flatMap(answersOf));
  const [nodeDies, databaseDies] = [Math.floor(answers.length / 5), Math.floor(answers.length / 3)];
  let outage: Promise<void> | undefined;
  const verifying = inLanes(answers, async (answer, index) => {
    const status = await statusOf(() => post(index)("/v1/verify", answer));
    if (status === 200) accepted.push(answer);
    else expect([429, 503, "cut off"]).toContain(status);
    if (index === nodeDies) doomed.kill("SIGKILL");
    if (index === databaseDies) outage = server.kill().then(server.start);
  });
  const enrolling = inLanes(
    Array.from({ length: SUBJECTS }, (_, index) => index),
    async (index) => {
      const done = await enrolNow(post(index), `newcomer-${index}`).catch(() => undefined);
      if (done !== undefined) confirmed.push(done);
    },
  );
  await Promise.all([verifying, enrolling]);
  await outage;
  expect(await doomed.exited).toBe("SIGKILL");
  expect(accepted.length).toBeGreaterThan(0);

  const again = httpClient(survivor.url, apiKey);
  await recovered(again);
  // Each code was sent once: whatever answered 200 is spent for good.
  for (const answer of accepted) expect([403, 429]).toContain((await again("/v1/verify", answer)).status);
  for (const { subject, authenticator } of confirmed)
    expect(await authenticatorsOf(again, subject)).toContain(authenticator);
  expect((await again("/v1/verify", { subject: "control", recovery_code: control.recoveryCodes[0] })).status).toBe(200);
  // The one that survived did so without a restart, and a new one joins it.
  const third = await installation.serve();
  const verified = await httpClient(third.url, apiKey)("/v1/verify", {
    subject: "control",
    recovery_code: control.recoveryCodes[1],
  });
  expect(verified.status).toBe(200);
  survivor.kill("SIGTERM");
  expect(await survivor.exited).toBe(0);
});

function answersOf({ subject, recoveryCodes }: Enrolled): readonly Answer[] {
  return recoveryCodes.slice(0, CODES_EACH).map((recovery_code) => ({ subject, recovery_code }));
}

/** Eight at a time, each lane taking the next when it is done. */
async function inLanes<T>(items: readonly T[], act: (item: T, index: number) => Promise<void>): Promise<void> {
  const entries = items.entries();
  const lane = async () => {
    for (const [index, item] of entries) await act(item, index);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** A request that the kill cut off says nothing about what became of it. */
async function statusOf(act: () => Promise<Readonly<{ status: number }>>): Promise<number | "cut off"> {
  try {
    return (await act()).status;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return "cut off";
  }
}

async function recovered(post: HttpClient): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if ((await post("/v1/authenticators/list", { subject: "control" })).status === 200) {
      if ((await post("/v1/challenges", { subject: "nobody" })).status === 201) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the node does not come back");
}
