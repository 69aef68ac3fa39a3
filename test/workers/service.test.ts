import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageHeaders } from "../../src/http/pages/headers.ts";
import { assetHeaders } from "../../src/runtime/asset-headers.ts";
import { D1, type RunningWorker, runWorker } from "../support/worker-program.ts";

const ASSETS = resolve(import.meta.dirname, "../../web/dist/client/assets");

let worker: RunningWorker;

beforeAll(async () => {
  worker = await runWorker();
}, 180_000);
afterAll(async () => worker?.stop());

describe("the final bundle in the real runtime", () => {
  test("is ready, and serves its keys and its documentation", async () => {
    expect(await (await worker.app.request("/health/ready")).json()).toEqual({ status: "ok" });
    const jwks = await worker.app.request("/.well-known/jwks.json");
    expect(await jwks.json()).toMatchObject({ keys: [{ kty: "EC", crv: "P-256", alg: "ES256" }] });
    expect((await worker.app.request("/openapi.json")).status).toBe(200);
    const openId = await worker.app.request("/.well-known/openid-configuration");
    expect(await openId.json()).toMatchObject({ issuer: worker.url });
  });

  test("sends pages with the very headers that Node sends", async () => {
    const page = await worker.app.request("/admin/sign-in");
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<!doctype html>");
    expect(Object.fromEntries(page.headers)).toMatchObject(pageHeaders(worker.url, undefined));
  });

  test("serves every file of the web pages, cacheable for ever, and nothing beside them", async () => {
    for (const name of readdirSync(ASSETS)) {
      const file = await worker.app.request(`/assets/${name}`);
      expect(file.status, name).toBe(200);
      expect(Object.fromEntries(file.headers), name).toMatchObject(assetHeaders(name) ?? {});
      expect((await file.arrayBuffer()).byteLength, name).toBeGreaterThan(0);
    }
    const [first] = readdirSync(ASSETS);
    for (const path of [
      "/assets/",
      "/assets/none.js",
      `/${first}`,
      "/.vite/manifest.json",
      `/assets/x/../../${first}`,
    ]) {
      const nothing = await worker.app.request(path);
      expect(nothing.status, path).toBe(404);
      expect(nothing.headers.get("content-type"), path).toBe("application/problem+json");
    }
  });

  test("the timer erases what has expired, refreshes the decoys and indexes events, without complaint", async () => {
    expect(await worker.runTimer()).toContain('"outcome":"ok"');
    expect(worker.log().filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

test("a Worker whose database is not migrated yet answers 503, and is well as soon as it is", async () => {
  let migrate: () => Promise<void> = async () => expect.unreachable();
  const prepare: typeof D1.prepare = async (wrangler) => {
    migrate = () => D1.prepare(wrangler);
  };
  const early = await runWorker({}, { ...D1, prepare });
  for (const path of ["/health/live", "/health/ready", "/admin/sign-in", "/v1/verify"]) {
    const answer = await early.app.request(path);
    expect(answer.status, path).toBe(503);
    expect(answer.headers.get("content-type"), path).toBe("application/problem+json");
  }
  await migrate();
  expect((await early.app.request("/health/ready")).status).toBe(200);
  await early.stop();
}, 180_000);
