import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createInstallation,
  type Enrolled,
  enrolNow,
  type HttpClient,
  httpClient,
  type Installation,
  type ServingProcess,
} from "../support/command-line.ts";
import { openPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

// Two processes and a server start, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const TRIES = 60;
const SHOP = ["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/callback", "--json"] as const;
/** A lane's wrong answers in a row without a wait: see the realm's default policy. */
const FREE_IN_ROW = 5;

type Reply = Awaited<ReturnType<HttpClient>>;

let server: PostgresServer;
let installation: Installation;
let nodes: readonly ServingProcess[];
let apiKey: string;
let posts: readonly HttpClient[];

beforeAll(async () => {
  server = await openPostgresServer();
  installation = createInstallation({ COUNTERSIGN_DATABASE_URL: await server.createDatabase() });
  apiKey = String(JSON.parse((await installation.run(...SHOP)).stdout).api_key);
  nodes = await Promise.all([installation.serve(), installation.serve()]);
  posts = nodes.map(({ url }) => httpClient(url, apiKey));
});
afterAll(async () => {
  await installation.remove();
  await server.close();
});

/** Sixty at once, the nodes by turns. */
function race<T>(act: (node: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: TRIES }, (_, index) => act(index % nodes.length)));
}

function postTo(node: number, path: string, body: unknown): Promise<Reply> {
  const post = posts[node];
  if (post === undefined) throw new Error("no such node");
  return post(path, body);
}

function countOf(replies: readonly Readonly<{ status: number }>[], status: number): number {
  return replies.filter((reply) => reply.status === status).length;
}

function enrol(subject: string): Promise<Enrolled> {
  return enrolNow((path, body) => postTo(0, path, body), subject);
}

async function eventsOf(kind: string): Promise<readonly Record<string, unknown>[]> {
  const { stdout } = await installation.run("audit", "export");
  const events = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return events.filter((event) => event.kind === kind);
}

describe("sixty parallel uses over two nodes on one PostgreSQL", () => {
  test("one TOTP code is accepted once", async () => {
    const { code } = await enrol("totp");
    const replies = await race((node) => postTo(node, "/v1/verify", { subject: "totp", totp: code }));
    expect(countOf(replies, 200)).toBe(1);
    expect(countOf(replies, 403) + countOf(replies, 429)).toBe(TRIES - 1);
  });

  test("one recovery code is accepted once", async () => {
    const { recoveryCodes } = await enrol("recovery");
    const replies = await race((node) =>
      postTo(node, "/v1/verify", { subject: "recovery", recovery_code: recoveryCodes[0] }),
    );
    expect(countOf(replies, 200)).toBe(1);
    expect(countOf(replies, 403) + countOf(replies, 429)).toBe(TRIES - 1);
  });

  test("one challenge is satisfied once, by whichever of several right answers, and proves one change", async () => {
    const { recoveryCodes, code } = await enrol("challenge");
    const opened = await postTo(0, "/v1/challenges", { subject: "challenge" });
    const challenge = opened.body.challenge;
    const answers = [{ totp: code }, ...recoveryCodes.map((recovery_code) => ({ recovery_code }))];
    const replies = await Promise.all(
      Array.from({ length: TRIES }, (_, index) =>
        postTo(index % 2, "/v1/verify", { challenge, ...answers[index % answers.length] }),
      ),
    );
    expect(countOf(replies, 200)).toBe(1);
    const change = { subject: "challenge", method: "totp", proof: challenge };
    const changes = await race((node) => postTo(node, "/v1/enrolments", change));
    expect(countOf(changes, 201)).toBe(1);
    expect(countOf(changes, 409)).toBe(TRIES - 1);
  });

  test("one link opens one session", async () => {
    const made = await postTo(0, "/v1/links", { page: "enrol", subject: "grant" });
    const { pathname } = new URL(String(made.body.url));
    const opened = await race(async (node) => {
      const response = await fetch(`${nodes[node]?.url}${pathname}`, { redirect: "manual" });
      await response.body?.cancel();
      return { status: response.status, isIn: response.headers.has("set-cookie") };
    });
    expect(opened.filter(({ isIn }) => isIn)).toHaveLength(1);
  });

  test("one idempotency key is one verification, and every verdict under it is the same", async () => {
    const { recoveryCodes } = await enrol("idempotent");
    const before = (await eventsOf("recovery_code_used")).length;
    const replies = await race(async (node) => {
      const response = await fetch(`${nodes[node]?.url}/v1/verify`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${apiKey}`,
          "content-type": "application/json",
          "idempotency-key": "the-only-one",
        },
        body: JSON.stringify({ subject: "idempotent", recovery_code: recoveryCodes[0] }),
      });
      return { status: response.status, text: await response.text() };
    });
    expect(countOf(replies, 200)).toBeGreaterThanOrEqual(1);
    expect(countOf(replies, 200) + countOf(replies, 409)).toBe(TRIES);
    expect(new Set(replies.filter(({ status }) => status === 200).map(({ text }) => text)).size).toBe(1);
    expect((await eventsOf("recovery_code_used")).length).toBe(before + 1);
  });

  test("a guess budget gives as many guesses as it has", async () => {
    await enrol("budget");
    const replies = await race((node) => postTo(node, "/v1/verify", { subject: "budget", totp: "00000" }));
    expect(countOf(replies, 403)).toBe(FREE_IN_ROW);
    expect(countOf(replies, 429)).toBe(TRIES - FREE_IN_ROW);
  });
});
