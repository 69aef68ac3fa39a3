import { hash, randomBytes } from "node:crypto";
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
const RETURN_URL = "http://localhost:3000/callback";
const SHOP = ["rp", "create", "--name", "Shop", "--redirect-uri", RETURN_URL, "--json"] as const;
/** What both nodes are called. */
const PUBLIC_ORIGIN = "http://localhost:8787";
/** A lane's wrong answers in a row without a wait: see the realm's default policy. */
const FREE_IN_ROW = 5;

type Reply = Awaited<ReturnType<HttpClient>>;

let server: PostgresServer;
let installation: Installation;
let nodes: readonly ServingProcess[];
/** As `rp create --json` prints it. */
let shop: Readonly<{ client_id: string; client_secret: string; api_key: string }>;
let apiKey: string;
let posts: readonly HttpClient[];

beforeAll(async () => {
  server = await openPostgresServer();
  installation = createInstallation({
    COUNTERSIGN_DATABASE_URL: await server.createDatabase(),
    COUNTERSIGN_TRUSTED_PROXIES: "127.0.0.1",
  });
  shop = JSON.parse((await installation.run(...SHOP)).stdout);
  apiKey = shop.api_key;
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

async function asClient(node: number, path: string, fields: Readonly<Record<string, string>>): Promise<Reply> {
  const authorization = `Basic ${btoa(`${shop.client_id}:${shop.client_secret}`)}`;
  const body = new URLSearchParams(fields);
  const response = await fetch(`${nodes[node]?.url}${path}`, { method: "POST", headers: { authorization }, body });
  return { status: response.status, body: (await response.json()) as Reply["body"] };
}

/** A browser of its own, from an address of its own, that reaches one node. */
function windowAt(node: number) {
  const address = `10.${[...randomBytes(3)].join(".")}`;
  return async (path: string, cookie = "", fields?: Readonly<Record<string, string>>) => {
    const headers = { accept: "text/html", origin: PUBLIC_ORIGIN, "x-forwarded-for": address, cookie };
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const response = await fetch(`${nodes[node]?.url}${path}`, {
      redirect: "manual",
      ...(fields === undefined
        ? { headers }
        : { method: "POST", headers: { ...headers, ...form }, body: new URLSearchParams(fields).toString() }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

function cookiesOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
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

  test("one request_uri is approved once, by whichever of several right answers, and its code gives tokens once", async () => {
    const { recoveryCodes, code: totp } = await enrol("openid");
    const verifier = "a".repeat(43);
    const pushed = await asClient(0, "/oidc/par", {
      response_type: "code",
      redirect_uri: RETURN_URL,
      scope: "openid",
      login_hint: "openid",
      state: "state",
      nonce: "nonce",
      code_challenge: hash("sha256", verifier, "base64url"),
      code_challenge_method: "S256",
    });
    const query = new URLSearchParams({ client_id: shop.client_id, request_uri: String(pushed.body.request_uri) });
    const windows = await race(async (node) => {
      const browser = windowAt(node);
      const opened = await browser(`/oidc/authorize?${query}`);
      expect(opened.headers.get("location")).toBe("/prompt");
      const cookie = cookiesOf(opened.headers);
      const [, csrf = ""] = /name="csrf" value="([^"]+)"/.exec((await browser("/prompt", cookie)).text) ?? [];
      return (answer: Readonly<Record<string, string>>) => browser("/prompt", cookie, { csrf, ...answer });
    });
    const answers = [{ totp }, ...recoveryCodes.map((recovery_code) => ({ recovery_code }))];
    const answered = await Promise.all(windows.map((answer, index) => answer(answers[index % answers.length] ?? {})));
    const back = answered.map(({ headers }) => headers.get("location") ?? "").filter((to) => to.includes("code="));
    expect(back).toHaveLength(1);
    const code = new URL(back[0] ?? "").searchParams.get("code") ?? "";
    const exchange = { grant_type: "authorization_code", code, redirect_uri: RETURN_URL, code_verifier: verifier };
    const tokens = await race((node) => asClient(node, "/oidc/token", exchange));
    expect(countOf(tokens, 200)).toBe(1);
    expect(countOf(tokens, 400)).toBe(TRIES - 1);
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
