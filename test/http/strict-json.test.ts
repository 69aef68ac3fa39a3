import { describe, expect, test } from "vitest";
import { BODY_LIMIT_BYTES, MAX_DEPTH } from "../../src/http/strict-json.ts";
import { V1_ROUTES } from "../../src/http/v1/index.ts";
import { wellFormed } from "../support/requests.ts";
import { type Answer, readAnswer } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function send(body: RequestInit["body"], headers: Record<string, string> = {}): Promise<Answer> {
  const response = await use.service.app.request("/v1/verify", {
    method: "POST",
    headers: { authorization: `Bearer ${use.rp.apiKey}`, "content-type": "application/json", ...headers },
    body,
    // Node asks for it when the body is a stream.
    duplex: "half",
  } as RequestInit);
  return readAnswer(response);
}

async function expectInvalid(body: RequestInit["body"], detail: string): Promise<void> {
  const refused = await send(body);
  expect([refused.body.code, refused.body.detail]).toEqual(["invalid_request", detail]);
}

describe("what is no strict JSON is refused", () => {
  test.each([
    "",
    "{",
    "nonsense",
    "{'subject': 'a'}",
    '{"subject": "a",}',
    '{"subject": "a"} {}',
    '{"subject": NaN}',
    '{"subject": "a\u0000"}',
    '{"subject": "a" /* b */}',
  ])("%j", (text) => expectInvalid(text, "The body is not JSON."));

  test.each([
    '{"subject":"a","subject":"a","totp":"123456"}',
    '{"subject":"a","\\u0073ubject":"b","totp":"123456"}',
    '{"challenge":"ch","webauthn":{"id":"a","id":"a"}}',
    '{"webauthn":[{"a":1,"b":{"c":1,"c":2}}]}',
  ])("a member twice: %s", (text) => expectInvalid(text, "The body has a member twice."));

  test.each([
    '{"__proto__":{"isAdmin":true},"subject":"a","totp":"123456"}',
    '{"webauthn":{"__proto__":{}}}',
    '{"constructor":1}',
    '{"webauthn":{"a":[{"prototype":1}]}}',
    '{"\\u005f_proto__":1}',
  ])("a member named like a prototype's: %s", (text) =>
    expectInvalid(text, "The body has a member whose name is not allowed."),
  );

  test("deep nesting, however deep, in arrays and objects", async () => {
    const nested = (open: string, close: string, depth: number) =>
      `{"webauthn":${open.repeat(depth)}${"1"}${close.repeat(depth)}}`;
    for (const depth of [MAX_DEPTH, 1000, 10_000, 30_000]) {
      await expectInvalid(nested("[", "]", depth), "The body is nested too deeply.");
    }
    await expectInvalid(nested('{"a":', "}", 9000), "The body is nested too deeply.");
    const bearable = await send(nested("[", "]", MAX_DEPTH - 1));
    expect(bearable.body.detail).not.toBe("The body is nested too deeply.");
  });

  test("bytes that are not UTF-8", () =>
    expectInvalid(Buffer.from('{"subject":"caf\xe9","totp":"123456"}', "latin1"), "The body is not UTF-8."));
});

describe("what is strict JSON of another shape is refused by name", () => {
  test.each([
    ["null", "Invalid input: expected object, received null."],
    ["[]", "Invalid input: expected object, received array."],
    ['"text"', "Invalid input: expected object, received string."],
    ['{"subject":"a","totp":123456}', "totp: Invalid input: expected string, received number."],
    ['{"subject":"a","totp":1.23456e5}', "totp: Invalid input: expected string, received number."],
    ['{"subject":"a","totp":["123456"]}', "totp: Invalid input: expected string, received array."],
    ['{"subject":"a","totp":{"$ne":""}}', "totp: Invalid input: expected string, received object."],
    ['{"subject":"a","totp":null}', "totp: Invalid input: expected string, received null."],
    ['{"subject":["a"],"totp":"123456"}', "subject: Invalid input: expected string, received array."],
    [
      '{"subject":"a","totp":"123456","first_factor":"true"}',
      "first_factor: Invalid input: expected boolean, received string.",
    ],
    [
      '{"subject":"a","totp":"123456","first_factor":1}',
      "first_factor: Invalid input: expected boolean, received number.",
    ],
    ['{"subject":"a","totp":"123456","receipt":false}', "receipt: Invalid input: expected true."],
    ['{"subject":"a","totp":"123456","isAdmin":true}', 'Unknown member "isAdmin".'],
    ['{"subject":"a"}', "needs exactly one of totp, recovery_code and webauthn."],
    ['{"subject":"a","totp":"1","recovery_code":"2"}', "needs exactly one of totp, recovery_code and webauthn."],
    ['{"totp":"123456"}', "needs exactly one of challenge and subject."],
  ])("%s", (text, detail) => expectInvalid(text, detail));

  test("every route refuses an unknown member and names it, and only its name", async () => {
    for (const { path: route } of V1_ROUTES) {
      const { path, body } = wellFormed(route);
      const refused = await use.rp.post(path, { ...body, "is\nAdmin": "canary-value" });
      expect(refused.body.detail, route).toBe('Unknown member "is\\nAdmin".');
      expect(refused.text).not.toContain("canary");
    }
  });
});

describe("text is taken by its limits", () => {
  test("a reference has 1 to 255 characters of well-formed text", async () => {
    const statusOf = async (subject: string) => (await send(JSON.stringify({ subject, totp: "123456" }))).status;
    expect(await statusOf("x".repeat(255))).toBe(403);
    expect(await statusOf("\u0000")).toBe(403);
    expect(await statusOf("e\u0301".repeat(127))).toBe(403);
    for (const bad of ["", "x".repeat(256), "\ud800", "a\udc00b"]) expect(await statusOf(bad)).toBe(400);
  });

  test("a code is read up to 64 characters, a recovery code up to 128", async () => {
    const statusOf = async (answer: object) => (await send(JSON.stringify({ subject: "a", ...answer }))).status;
    expect(await statusOf({ totp: "1".repeat(64) })).toBe(403);
    expect(await statusOf({ totp: "1".repeat(65) })).toBe(400);
    expect(await statusOf({ totp: "" })).toBe(400);
    expect(await statusOf({ totp: "12345\u0000" })).toBe(403);
    expect(await statusOf({ totp: "\ud800" })).toBe(403);
    expect(await statusOf({ recovery_code: "1".repeat(128) })).toBe(403);
    expect(await statusOf({ recovery_code: "1".repeat(129) })).toBe(400);
    expect(await statusOf({ recovery_code: "\udfff" })).toBe(403);
  });

  test("a list of methods has one to three", async () => {
    for (const methods of [[], ["totp", "totp", "totp", "totp"], ["sms"], "totp"]) {
      expect((await use.rp.post("/v1/challenges", { subject: "a", methods })).body.code).toBe("invalid_request");
    }
  });

  test("a byte order mark before the text does no harm", async () => {
    expect((await send('\ufeff{"subject":"a","totp":"123456"}')).status).toBe(403);
  });
});

describe("a body's size", () => {
  const filler = (bytes: number) => `{"subject":"a","totp":"${"1".repeat(bytes)}"}`;

  test("is refused by its announced length", async () => {
    const text = filler(BODY_LIMIT_BYTES);
    const refused = await send(text, { "content-length": String(text.length) });
    expect(refused.body.code).toBe("body_too_large");
  });

  test("is counted when it comes in chunks, and what follows is not read", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 4096;
        controller.enqueue(new Uint8Array(4096).fill(0x20));
      },
    });
    expect((await send(endless)).body.code).toBe("body_too_large");
    expect(sent).toBeLessThan(2 * BODY_LIMIT_BYTES);
  });

  test("is refused when the announced length is a lie or none at all", async () => {
    const text = filler(BODY_LIMIT_BYTES);
    for (const length of ["10", "-1", "1e9", "0x10", "", "10, 10"]) {
      expect((await send(text, { "content-length": length })).body.code, length).toBe("body_too_large");
    }
  });

  test("may be the limit exactly", async () => {
    const text = `${" ".repeat(BODY_LIMIT_BYTES - 31)}{"subject":"a","totp":"123456"}`;
    expect(text.length).toBe(BODY_LIMIT_BYTES);
    expect((await send(text)).status).toBe(403);
    expect((await send(text, { "content-length": String(text.length) })).status).toBe(403);
    expect((await send(` ${text}`)).status).toBe(413);
  });

  test("and the reading of escapes in it stay cheap", async () => {
    const escapes = JSON.stringify({ subject: '\\"'.repeat(12_000), totp: "1" });
    const refused = await send(escapes);
    expect(refused.body.detail).toMatch(/^subject: /);
  });
});

describe("the content type", () => {
  const body = '{"subject":"a","totp":"123456"}';

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])(
    "%s is taken",
    async (type) => {
      expect((await send(body, { "content-type": type })).status).toBe(403);
    },
  );

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/json", "", "json"])(
    "%j is refused",
    async (type) => {
      expect((await send(body, { "content-type": type })).body.code).toBe("unsupported_media_type");
    },
  );
});
