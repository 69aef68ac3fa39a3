import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Options, ZxcvbnFactory } from "@zxcvbn-ts/core";
import { matcherPwnedFactory } from "@zxcvbn-ts/matcher-pwned";
import { pwnedPassword, pwnedPasswordRange } from "hibp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildCorpus } from "../../src/runtime/breach-corpus/build.ts";
import { HEADER_BYTES } from "../../src/runtime/breach-corpus/format.ts";
import { openSource } from "../../src/runtime/breach-corpus/source.ts";
import { listenTo } from "../support/listening.ts";
import { startService, type TestService } from "../support/service.ts";
import { useService } from "../support/use-service.ts";
import vectors from "../vectors/hibp-range.json" with { type: "json" };

const COUNTS = { password: 52, "P@ssw0rd": 7, "123456": 63, "correct horse battery staple": 1 };
const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

const folder = mkdtempSync(join(tmpdir(), "countersign-range-"));
const corpus = join(folder, "breaches.corpus");
const use = useService({ env: { COUNTERSIGN_BREACH_CORPUS: corpus } });

/** The range of "password" is filled up, so that it has more rows than its neighbours. */
beforeAll(async () => {
  const filler = Array.from({ length: 300 }, (_, row) => `5BAA6${sha1(`filler ${row}`).slice(5)}:${row + 1}`);
  const rows = [...Object.entries(COUNTS).map(([password, count]) => `${sha1(password)}:${count}`), ...filler];
  writeFileSync(join(folder, "list.txt"), rows.sort().join("\r\n"));
  await buildCorpus({ source: openSource(join(folder, "list.txt")), path: corpus, hasTails: true, nowMs: 0 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (path: string, headers: Record<string, string> = {}) => use.service.app.request(path, { headers });

describe("the protocol", () => {
  test("lines are SUFFIX:COUNT in capitals, in order, with CRLF between them", async () => {
    const answer = await get("/range/5BAA6");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const lines = (await answer.text()).split("\r\n");
    expect(lines).toHaveLength(301);
    for (const line of lines) expect(line).toMatch(/^[0-9A-F]{35}:[1-9]\d*$/);
    expect(lines).toEqual(lines.toSorted());
    expect(lines).toContain("1E4C9B93F3F0682250B6CF8331B7EE68FD8:52");
  });

  test.each(vectors.hashes.filter(({ password }) => Object.hasOwn(COUNTS, password)))(
    "$password is listed under $prefix",
    async ({ prefix, suffix }) => {
      expect(await (await get(`/range/${prefix}`)).text()).toContain(`${suffix}:`);
    },
  );

  test("every prefix is 200, also one that nothing is listed under", async () => {
    for (const prefix of ["00000", "FFFFF", "ABCDE", "21BD2"]) {
      const answer = await get(`/range/${prefix}`);
      expect([answer.status, await answer.text()]).toEqual([200, ""]);
    }
  });

  test("a prefix in lower case is the same; anything else is 400, and NTLM too", async () => {
    expect(await (await get("/range/5baa6")).text()).toBe(await (await get("/range/5BAA6")).text());
    for (const path of ["/range/5BAA", "/range/5BAA61", "/range/5BAAG", "/range/5BAA%00", "/range/5BAA6?mode=ntlm"]) {
      const answer = await get(path);
      expect(answer.status, path).toBe(400);
      expect(await answer.json()).toMatchObject({ code: "invalid_request" });
    }
    expect((await use.service.app.request("/range/5BAA6", { method: "POST" })).status).toBe(405);
  });

  test("padding fills up to 800 to 1,000 rows with count 0, the same rows each time, another number for each prefix", async () => {
    const totals = new Set<number>();
    for (const prefix of ["5BAA6", "00000", "FFFFF", "ABCDE", "12345"]) {
      const text = await (await get(`/range/${prefix}`, { "add-padding": "true" })).text();
      const lines = text.split("\r\n");
      expect(lines.length).toBeGreaterThanOrEqual(800);
      expect(lines.length).toBeLessThanOrEqual(1_000);
      for (const line of lines) expect(line).toMatch(/^[0-9A-F]{35}:\d+$/);
      const plain = await (await get(`/range/${prefix}`)).text();
      expect(lines.filter((line) => !line.endsWith(":0")).join("\r\n")).toBe(plain);
      expect(new Set(lines.map((line) => line.slice(0, 35))).size).toBe(lines.length);
      expect(await (await get(`/range/${prefix}`, { "add-padding": "true" })).text()).toBe(text);
      totals.add(lines.length);
    }
    expect(totals.size).toBeGreaterThan(1);
  });

  test("it may be kept: an ETag for each form, 304 for who has it, and immutable for a month", async () => {
    const forms: readonly Record<string, string>[] = [
      {},
      { "add-padding": "true" },
      { "accept-encoding": "gzip" },
      { "accept-encoding": "br" },
    ];
    const answers = await Promise.all(forms.map((headers) => get("/range/5BAA6", headers)));
    const tags = answers.map(({ headers }) => headers.get("etag") ?? "");
    expect(new Set(tags).size).toBe(4);
    expect(answers[0]?.headers.get("cache-control")).toBe("public, max-age=2678400, immutable");
    expect(answers[0]?.headers.get("vary")).toBe("accept-encoding, add-padding");
    for (const [index, headers] of forms.entries()) {
      for (const held of [tags[index] ?? "", `"other", W/${tags[index]}`]) {
        const again = await get("/range/5BAA6", { ...headers, "if-none-match": held });
        expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tags[index]]);
      }
      expect((await get("/range/5BAA6", { ...headers, "if-none-match": '"other"' })).status).toBe(200);
    }
  });

  test("gzip and Brotli hold the same text, for who takes them", async () => {
    const plain = await (await get("/range/5BAA6", { "accept-encoding": "identity, gzip;q=0, br;q=0.0" })).text();
    for (const [wish, encoding, unpack] of [
      ["gzip, deflate, br", "br", brotliDecompressSync],
      ["gzip;q=0.8, deflate", "gzip", gunzipSync],
    ] as const) {
      const answer = await get("/range/5BAA6", { "accept-encoding": wish });
      expect(answer.headers.get("content-encoding")).toBe(encoding);
      const packed = Buffer.from(await answer.arrayBuffer());
      expect(packed.length).toBeLessThan(plain.length);
      expect(unpack(packed).toString()).toBe(plain);
    }
  });

  test("pages of any origin may ask, with padding; no other header, no method but GET", async () => {
    const preflight = await use.service.app.request("/range/5BAA6", {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-headers": "add-padding" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("add-padding");
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET");
    for (const answer of [preflight, await get("/range/5BAA6"), await get("/range/nope1")])
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    const elsewhere = await use.service.app.request("/v1/verify", { method: "OPTIONS" });
    expect(elsewhere.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("clients of the protocol, unchanged", () => {
  let server: Awaited<ReturnType<typeof listenTo>>;
  beforeEach(async () => {
    server = await listenTo(use.service);
  });
  afterEach(() => server.close());

  test("hibp finds what is listed with its count, and nothing else", async () => {
    for (const addPadding of [false, true]) {
      const options = { baseUrl: server.url, addPadding };
      for (const [password, count] of Object.entries(COUNTS))
        expect(await pwnedPassword(password, options)).toBe(count);
      expect(await pwnedPassword("gravel-otter-lantern-mosaic-7", options)).toBe(0);
    }
    const range = await pwnedPasswordRange("5BAA6", { baseUrl: server.url });
    expect(Object.keys(range)).toHaveLength(301);
  });

  test("@zxcvbn-ts/matcher-pwned scores what is listed as pwned, and nothing else", async () => {
    const config = { url: `${server.url}/range/` };
    // The matcher is made for an older major version of the same package; what it is handed is the same.
    const pwned = matcherPwnedFactory(fetch, new Options() as never, config) as never;
    const zxcvbn = new ZxcvbnFactory({}, { pwned });
    const patternsOf = async (password: string) =>
      (await zxcvbn.checkAsync(password)).sequence.map(({ pattern }) => pattern);
    expect(await patternsOf("correct horse battery staple")).toEqual(["pwned"]);
    expect(await patternsOf("gravel-otter-lantern-mosaic-7")).not.toContain("pwned");
  });
});

describe("assessments over a corpus", () => {
  test("a listed password is refused with its count, any other is clear", async () => {
    const assess = async (password: string) =>
      (await use.rp.post("/v1/passwords/assess", { password, use: "single_factor" })).body;
    expect(await assess("correct horse battery staple")).toMatchObject({
      acceptable: false,
      breach: { status: "found", count: 1 },
    });
    expect(await assess("gravel-otter-lantern-mosaic-7")).toMatchObject({
      acceptable: true,
      breach: { status: "clear" },
    });
  });
});

describe("when the corpus is not what it was", () => {
  let service: TestService | undefined;
  afterAll(() => service?.close());

  test("altered records are unavailable, with the file's name in the log; the bundled list still counts", async () => {
    const damaged = join(folder, "damaged.corpus");
    for (const suffix of ["", ".tails"]) {
      const bytes = readFileSync(`${corpus}${suffix}`);
      if (suffix === "") bytes.fill(0xff, HEADER_BYTES, HEADER_BYTES + 304 * 7);
      writeFileSync(`${damaged}${suffix}`, bytes);
    }
    service = await startService({ env: { COUNTERSIGN_BREACH_CORPUS: damaged } });
    const rp = await service.addRelyingParty();
    const range = await service.app.request("/range/5BAA6");
    expect([range.status, await range.json()]).toMatchObject([503, { code: "unavailable" }]);
    expect(range.headers.get("cache-control")).toBe("no-store");
    const assess = (password: string) => rp.post("/v1/passwords/assess", { password });
    expect((await assess("password")).body).toMatchObject({ breach: { status: "found" } });
    // One of those that the damaged bucket held.
    expect((await assess("P@ssw0rd")).body.breach).not.toMatchObject({ status: "clear" });
    expect(service.log.join()).toContain('"event":"breach_corpus_altered","file":"damaged.corpus"');
  });

  test("a service does not start over a corpus that is cut off, and names it", async () => {
    const cut = join(folder, "cut.corpus");
    writeFileSync(cut, readFileSync(corpus).subarray(0, -9));
    await expect(startService({ env: { COUNTERSIGN_BREACH_CORPUS: cut } })).rejects.toThrow(/cut\.corpus is cut off/);
    const missing = join(folder, "missing.corpus");
    await expect(startService({ env: { COUNTERSIGN_BREACH_CORPUS: missing } })).rejects.toThrow(
      /missing\.corpus does not/,
    );
  });
});

test("without a corpus the bundled list is served, says so, and is kept for minutes only", async () => {
  const service = await startService();
  const answer = await service.app.request("/range/5BAA6");
  expect(await answer.text()).toContain("1E4C9B93F3F0682250B6CF8331B7EE68FD8:1");
  expect(answer.headers.get("countersign-breach-source")).toBe("bundled");
  expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
  await service.close();
});
