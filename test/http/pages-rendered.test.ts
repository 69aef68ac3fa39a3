import { expect, test } from "vitest";
import { loadPages } from "../../src/runtime/load-pages.ts";
import { appFrom } from "../support/page-answers.ts";
import { linkTo, openBrowser, viewOf } from "../support/page-browser.ts";
import { startService } from "../support/service.ts";

test("the built pages lead a person without script from a link to a proven account", async () => {
  const pages = await loadPages();
  if (pages === undefined) throw new Error("the web UI is not built: npm run build");
  const service = await startService({ pages });
  try {
    const rp = await service.addRelyingParty();
    const browser = openBrowser(service);
    const german = { "accept-language": "de" };
    await browser.enter(await linkTo(rp, { page: "account", subject: "alice" }));
    const choose = await browser.get("/enrol", german);
    expect(choose.text).toContain('<html lang="de"');
    expect(choose.text).toContain('action="/enrol/method"');
    await browser.post("/enrol/method", { method: "totp" }, { plain: true });
    const setup = await browser.get("/enrol");
    expect(setup.text).toContain(viewOf(setup, "enrol", "totp").totp.key.join(" "));
    const app = appFrom(service, setup);
    const codes = await browser.post("/enrol/totp", { totp: app.code(), label: "<b>Phone</b>" }, { plain: true });
    for (const code of viewOf(codes, "enrol", "recovery_codes").recoveryCodes.codes) expect(codes.text).toContain(code);
    await browser.post("/enrol/saved", {}, { plain: true });
    await browser.post("/enrol/finish", {}, { plain: true });
    const overview = await browser.get("/account");
    expect(overview.text).toContain("&lt;b>Phone&lt;/b>");
    const asset = /src="(\/assets\/[^"]+)"/.exec(overview.text)?.[1] ?? "";
    const script = await service.app.request(asset);
    expect([script.status, script.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  } finally {
    await service.close();
  }
});
