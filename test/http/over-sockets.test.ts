import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BODY_LIMIT_BYTES } from "../../src/http/strict-json.ts";
import { enrolTotp } from "../support/enrol.ts";
import { listenTo } from "../support/listening.ts";
import { wellFormed } from "../support/requests.ts";
import { client } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

/** Node's server answers plain requests to the API by itself, and leaves the rest to the app: nobody can tell which. */
const use = useService();
let server: Awaited<ReturnType<typeof listenTo>>;

beforeEach(async () => {
  server = await listenTo(use.service);
});
afterEach(() => server.close());

const overSockets = (path: string, init: RequestInit) => fetch(server.url + path, init);

type Question = Readonly<{
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: RequestInit["body"];
}>;

const SUBJECT = JSON.stringify({ subject: "nobody" });
const STATUS = "/v1/subjects/status";
const QUESTIONS: Readonly<Record<string, Question>> = {
  "a plain one": { path: STATUS, body: SUBJECT },
  "a wrong code": { body: '{"subject":"nobody","totp":"123456"}' },
  "text beyond ASCII": { path: STATUS, body: '{"subject":"jürgen 🎉"}' },
  "a query": { path: `${STATUS}?a=b`, body: SUBJECT },
  "a path with a parameter": {
    path: "/v1/enrolments/en_0abcdefghjkmnpqrstvwxyz012/confirm",
    body: '{"totp":"123456"}',
  },
  "an escaped path": { path: "/v1/subjects/%73tatus", body: SUBJECT },
  "no such path": { path: "/v1/nothing", body: "{}" },
  "another method": { method: "PUT", body: SUBJECT },
  "a method without a body": { method: "GET" },
  "no key": { headers: { authorization: "" }, body: SUBJECT },
  "a wrong key": { headers: { authorization: `Bearer cs_${"a".repeat(43)}` }, body: SUBJECT },
  "another media type": { headers: { "content-type": "text/plain" }, body: SUBJECT },
  "no body": {},
  "no JSON": { body: "{" },
  "a member twice": { body: '{"subject":"a","subject":"b"}' },
  "an unknown member": { path: STATUS, body: '{"subject":"a","nonsense":1}' },
  "no UTF-8": { body: new Uint8Array([0x7b, 0xff, 0x7d]) },
  "too much": { body: " ".repeat(BODY_LIMIT_BYTES + 1) },
  "as much as is allowed": { path: STATUS, body: SUBJECT + " ".repeat(BODY_LIMIT_BYTES - SUBJECT.length) },
};

describe("the app and Node's server say the same to", () => {
  test.each(Object.keys(QUESTIONS))("%s", async (name) => {
    const { path = "/v1/verify", method = "POST", headers, body } = QUESTIONS[name] ?? {};
    const usual = { authorization: `Bearer ${use.rp.apiKey}`, "content-type": "application/json" };
    const init = { method, headers: { ...usual, ...headers }, body };
    const [ofApp, ofServer] = [await use.service.app.request(path, init), await overSockets(path, init)];
    expect(ofServer.status).toBe(ofApp.status);
    expect(withoutRequest(await ofServer.text())).toBe(withoutRequest(await ofApp.text()));
    expect(headersOf(ofServer)).toEqual(headersOf(ofApp));
    expect(ofServer.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
  });

  test("a body of unknown length, within the limit and beyond", async () => {
    const headers = { authorization: `Bearer ${use.rp.apiKey}`, "content-type": "application/json" };
    const init = (text: string) =>
      ({ method: "POST", headers, body: new Blob([text]).stream(), duplex: "half" }) as RequestInit;
    expect((await overSockets(STATUS, init(SUBJECT))).status).toBe(200);
    expect((await overSockets(STATUS, init(SUBJECT + " ".repeat(BODY_LIMIT_BYTES)))).status).toBe(413);
  });
});

test("a right code passes once over sockets, a retry under the same key gets the first verdict", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const post = client({ request: overSockets }, use.rp.apiKey);
  const body = { subject: "alice", totp: totp.code() };
  const first = await post("/v1/verify", body, { "idempotency-key": "one" });
  const again = await post("/v1/verify", body, { "idempotency-key": "one" });
  expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
  expect((await post("/v1/verify", body)).status).toBe(403);
});

test("what goes wrong behind it is a problem document, and nothing of it is told", async () => {
  const { deps } = use.service;
  const failing = { ...deps, store: { ...deps.store, committed: () => Promise.reject(new Error("secret-cause")) } };
  const broken = await listenTo({ deps: failing, app: use.service.app });
  const post = client({ request: (path, init) => fetch(broken.url + path, init) }, use.rp.apiKey);
  const answer = await post(STATUS, wellFormed(STATUS).body);
  expect([answer.status, answer.body.code]).toEqual([500, "internal"]);
  expect(use.service.log.join()).not.toContain("secret-cause");
  await broken.close();
});

test("a body that is cut off leaves nothing behind", async () => {
  const { port } = new URL(server.url);
  const head = `POST /v1/verify HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${use.rp.apiKey}\r\ncontent-type: application/json\r\n`;
  for (let turn = 0; turn < 20; turn++) {
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise<void>((resolve) => socket.write(`${head}content-length: 50\r\n\r\n{"subject"`, () => resolve()));
    await new Promise((resolve) => socket.once("close", resolve).destroy());
  }
  const after = await client({ request: overSockets }, use.rp.apiKey)(STATUS, wellFormed(STATUS).body);
  expect(after.status).toBe(200);
  expect(use.service.log.filter((line) => line.includes("request_failed"))).toEqual([]);
});

/** Each request has an id of its own. */
function withoutRequest(text: string): string {
  return text.replaceAll(/req_[0-9a-z]{26}/g, "req_");
}

function headersOf({ headers }: Response): Record<string, string> {
  const ofTheConnection = ["date", "connection", "keep-alive", "content-length", "x-request-id"];
  return Object.fromEntries([...headers].filter(([name]) => !ofTheConnection.includes(name)));
}
