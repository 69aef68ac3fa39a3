import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { createBundledBreachIndex, sha1Hex } from "../../src/password/bundled-breach-index.ts";
import { createFallbackBreachIndex } from "../../src/password/fallback-breach-index.ts";
import { createUpstreamBreachIndex } from "../../src/password/upstream-breach-index.ts";
import type { BreachIndex } from "../../src/ports/breach-index.ts";
import vectors from "../vectors/hibp-range.json" with { type: "json" };

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let handle: Handle;
let requests: Readonly<{ url: string | undefined; headers: IncomingMessage["headers"] }>[];
let nowMs: number;
let log: string[];
let index: BreachIndex;

beforeEach(async () => {
  requests = [];
  log = [];
  nowMs = Date.UTC(2026, 10, 26);
  server = createServer((request, response) => {
    requests.push({ url: request.url, headers: request.headers });
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`;
  const note = (event: string) => void log.push(event);
  const logger = { info: note, warn: note, error: note };
  index = createUpstreamBreachIndex({ fetch, clock: { now: () => nowMs }, logger }, url);
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise<void>((resolve) => server.close(() => resolve()));
});

const answer =
  (body: string, status = 200): Handle =>
  (_, response) =>
    void response.writeHead(status).end(body);
const GOOD = answer(vectors.cases.find(({ id }) => id === "hit")?.response ?? "");
const P4SSWORD = "21BD12DC183F740EE76F27B78EB39C8AD972A757";

type Expected = Readonly<{ breached: boolean; count?: number }>;
const isExpected = (value: unknown): value is Expected => typeof value === "object";

describe("published answers", () => {
  const answered = vectors.cases.flatMap(({ id, response, expect: expected }) =>
    response !== undefined && isExpected(expected) ? [{ id, response, expected }] : [],
  );

  it("are all there", () => expect(answered.length).toBeGreaterThan(4));

  test.each(answered.filter(({ id }) => id !== "prefix-confusion"))("$id", async ({ response, expected }) => {
    handle = answer(response);
    const { breached, count } = expected;
    expect(await index.lookUp(P4SSWORD)).toEqual(breached ? { status: "found", count } : { status: "clear" });
  });

  it("prefix-confusion: a shorter suffix makes the answer none", async () => {
    handle = answer(vectors.cases.find(({ id }) => id === "prefix-confusion")?.response ?? "");
    expect(await index.lookUp(P4SSWORD)).toEqual({ status: "unavailable" });
  });
});

test("five digits leave, padding is asked for, and nothing about anybody goes with it", async () => {
  handle = GOOD;
  await index.lookUp(P4SSWORD);
  expect(requests).toHaveLength(1);
  const [{ url: path, headers }] = requests as [(typeof requests)[number]];
  expect(path).toBe("/range/21BD1");
  expect(headers["add-padding"]).toBe("true");
  const usual = ["host", "connection", "accept", "accept-language", "accept-encoding", "sec-fetch-mode", "user-agent"];
  expect(Object.keys(headers).filter((name) => !usual.includes(name))).toEqual(["add-padding"]);
  expect(JSON.stringify(headers)).not.toContain(P4SSWORD.slice(5));
});

describe("what is no answer is unavailable, never clear", () => {
  test.each<[string, Handle]>([
    ["503", answer("busy", 503)],
    ["429", answer("", 429)],
    ["404 with rows", answer(`${"0".repeat(35)}:1`, 404)],
    ["204", answer("", 204)],
    ["an HTML page", answer("<html>captive portal</html>")],
    ["JSON", answer('{"found":false}')],
    ["nothing", answer("")],
    ["lines without counts", answer("0".repeat(35))],
    ["counts that are no numbers", answer(`${"0".repeat(35)}:-1`)],
    ["one bad line among good ones", answer(`${"0".repeat(35)}:1\r\n<br>\r\n${"1".repeat(35)}:1`)],
    ["whole hashes", answer(`${"0".repeat(40)}:1`)],
    ["more than a range can be", answer(`${"0".repeat(35)}:1\r\n`.repeat(30_000))],
    ["a redirect", (_, response) => void response.writeHead(302, { location: "/range/other" }).end()],
    [
      "a connection cut off",
      (_, response) => void response.writeHead(200, { "content-length": "99" }).end("0", () => response.destroy()),
    ],
    ["a closed door", (request) => void request.socket.destroy()],
  ])("%s", async (_, fault) => {
    handle = fault;
    expect(await index.lookUp(P4SSWORD)).toEqual({ status: "unavailable" });
    expect(await index.range("21BD1")).toEqual({ status: "unavailable" });
    expect(log).toContain("breach_check_unavailable");
  });

  test("no answer within two seconds", async () => {
    handle = () => {};
    const started = performance.now();
    expect(await index.lookUp(P4SSWORD)).toEqual({ status: "unavailable" });
    expect(performance.now() - started).toBeGreaterThan(1_900);
  }, 30_000);

  test("rows that trickle in for longer than two seconds", async () => {
    handle = (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(`${"0".repeat(35)}:1\r\n`), 100);
      response.on("close", () => clearInterval(drip));
    };
    expect(await index.lookUp(P4SSWORD)).toEqual({ status: "unavailable" });
  }, 30_000);
});

test("an answer is kept for a day, and many who ask at once ask once", async () => {
  handle = GOOD;
  await Promise.all(Array.from({ length: 20 }, () => index.lookUp(P4SSWORD)));
  expect(requests).toHaveLength(1);
  nowMs += 23 * 60 * 60 * 1000;
  expect(await index.lookUp(P4SSWORD)).toMatchObject({ status: "found" });
  expect(requests).toHaveLength(1);
  nowMs += 2 * 60 * 60 * 1000;
  await index.lookUp(P4SSWORD);
  expect(requests).toHaveLength(2);
});

test("after three failures nothing is asked for half a minute, then one request tries, and a good answer closes the circuit", async () => {
  handle = answer("", 503);
  for (let attempt = 0; attempt < 10; attempt += 1) await index.lookUp(P4SSWORD);
  expect(requests).toHaveLength(3);
  nowMs += 30_000;
  await Promise.all(["00000", "11111", "22222"].map((prefix) => index.range(prefix)));
  expect(requests).toHaveLength(4);
  nowMs += 30_000;
  handle = GOOD;
  expect(await index.lookUp(P4SSWORD)).toMatchObject({ status: "found" });
  expect((await index.range("00000")).status).toBe("known");
  expect(requests).toHaveLength(6);
  expect(log).toEqual(["breach_check_unavailable", "breach_check_unavailable", "breach_check_available"]);
});

test("while it is out the bundled list still counts, and ranges are unavailable rather than short", async () => {
  handle = answer("", 503);
  const guarded = createFallbackBreachIndex(index, createBundledBreachIndex());
  expect(await guarded.lookUp(await sha1Hex("password"))).toEqual({ status: "found" });
  expect(await guarded.lookUp(await sha1Hex("gravel-otter-lantern-mosaic-7"))).toEqual({ status: "unavailable" });
  expect(await guarded.range("5BAA6")).toEqual({ status: "unavailable" });
});
