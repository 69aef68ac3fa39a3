import { readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import type { PageSurface } from "../../src/http/pages/surface.ts";
import { loadPages } from "../../src/runtime/load-pages.ts";
import { startService, type TestService } from "../support/service.ts";

const ASSETS = join(import.meta.dirname, "../../web/dist/client/assets");

let service: TestService;

beforeAll(async () => {
  const pages: PageSurface | undefined = await loadPages();
  if (pages === undefined) throw new Error("The web pages are not built: run npm run build.");
  service = await startService({ pages });
  return () => service.close();
});

test("pages of any origin may load the password field and what it loads, and nothing else", async () => {
  const field = await service.app.request("/countersign-password.js");
  expect(field.headers.get("access-control-allow-origin")).toBe("*");
  expect(await field.text()).toBe('import "./assets/countersign-password.js";\n');
  for (const name of readdirSync(ASSETS)) {
    const { status, headers } = await service.app.request(`/assets/${name}`);
    const isField = name.startsWith("countersign-password");
    expect(status, name).toBe(200);
    expect(headers.get("access-control-allow-origin"), name).toBe(isField ? "*" : null);
    expect(headers.get("cross-origin-resource-policy"), name).toBe(isField ? "cross-origin" : "same-origin");
    const isStable = name === "countersign-password.js";
    expect(headers.get("cache-control"), name).toContain(isStable ? "max-age=3600" : "immutable");
  }
});

test("files are compressed for who takes that, and are the same", async () => {
  for (const name of readdirSync(ASSETS)) {
    const plain = await (await service.app.request(`/assets/${name}`)).text();
    for (const [wish, unpack] of [
      ["br", brotliDecompressSync],
      ["gzip", gunzipSync],
    ] as const) {
      const headers = { "accept-encoding": wish };
      const answers = await Promise.all([1, 2].map(() => service.app.request(`/assets/${name}`, { headers })));
      for (const answer of answers) {
        expect(answer.headers.get("content-encoding")).toBe(wish);
        expect(answer.headers.get("vary")).toBe("accept-encoding");
        expect(unpack(Buffer.from(await answer.arrayBuffer())).toString()).toBe(plain);
      }
    }
  }
  expect((await service.app.request("/assets/none.js", { headers: { "accept-encoding": "br" } })).status).toBe(404);
}, 60_000);

test("the page about it allows its own scripts and ranges, and is told where the service is", async () => {
  const page = await service.app.request("/reference/password-field");
  expect(page.headers.get("content-security-policy")).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  );
  const text = await page.text();
  expect(text).toContain(`src=&quot;${service.config.publicUrl}/countersign-password.js&quot;`);
  expect(await (await service.app.request("/reference")).text()).toContain('href="/reference/password-field"');
});
