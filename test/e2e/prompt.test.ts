import { describe, expect, test, vi } from "vitest";
import { de } from "../../web/i18n/de.ts";
import { askAtPrompt, visitAccount, visitEnrolment } from "../support/hosted-visit.ts";
import { listen } from "../support/listen.ts";
import { lookAtPage } from "../support/look-at-page.ts";
import { companyOf, enrolFirstPasskey, nextCode, scan, typeCode } from "../support/person.ts";
import { plugIn } from "../support/security-key.ts";
import { passBy, useStage } from "../support/stage.ts";

// Whole journeys, in a browser, on machines that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const stage = useStage();

describe("the prompt", () => {
  test("takes a cancelled passkey calmly, and the second try works", async () => {
    const visitor = await visitEnrolment(stage, "reference-of-the-hesitant");
    const { page } = visitor;
    const device = await plugIn(page);
    await enrolFirstPasskey(companyOf(stage, passBy), page);
    await askAtPrompt(stage, visitor, { acr: "phr" });
    await passBy(page, "Use your passkey");
    const button = page.getByRole("button", { name: "Use passkey" });
    await device.recognises(false);
    await button.click();
    await page
      .getByRole("status")
      .filter({ hasText: "Cancelled or timed out. Try again or use another way." })
      .waitFor();
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await device.recognises(true);
    await button.click();
    await passBy(page, "Already confirmed");
  });

  test("tells the operator that the browser refuses our domain, and goes on by another way", async () => {
    const visitor = await visitEnrolment(stage, "reference-of-the-astray");
    const { page } = visitor;
    await plugIn(page);
    await enrolFirstPasskey(companyOf(stage, passBy), page);
    await askAtPrompt(stage, visitor, { acr: "phr" });
    await passBy(page, "Use your passkey");
    await page.evaluate(() => {
      navigator.credentials.get = () => Promise.reject(new DOMException("a text that names things", "SecurityError"));
    });
    await page.getByRole("button", { name: "Use passkey" }).click();
    await page.getByRole("status").filter({ hasText: "not set up correctly on our side" }).waitFor();
    const { log } = stage.host.service;
    const alarms = () => log.map((line) => JSON.parse(line)).filter(({ event }) => event === "webauthn_domain_refused");
    await expect.poll(() => alarms().length).toBe(1);
    expect(alarms()).toEqual([
      {
        level: "error",
        event: "webauthn_domain_refused",
        requestId: expect.stringMatching(/^req_/),
        realmId: "default",
        ceremony: "get",
      },
    ]);
    expect(await lookAtPage(page)).toEqual([]);
  });

  test("speaks German to those who ask for it", async () => {
    const { subject } = await visitAccount(stage, "reference-of-the-german");
    const page = await stage.open({ locale: "de-AT" });
    await askAtPrompt(stage, { page, subject });
    await passBy(page, de["challenge.totp.title"]);
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    expect(await lookAtPage(page)).toEqual([]);
    await page.getByRole("link", { name: de["switch.recovery_code"] }).click();
    await passBy(page, de["challenge.recovery.title"]);
  });

  test("is not shown inside a page of another origin", async () => {
    const { subject } = await visitAccount(stage, "reference-of-the-framed");
    const page = await stage.open({ isWatched: false });
    await askAtPrompt(stage, { page, subject });
    await page.getByRole("heading", { name: "Enter your code" }).waitFor();
    const frame = `<!doctype html><iframe src="${stage.host.url}/prompt"></iframe>`;
    const other = await listen(async () => new Response(frame, { headers: { "content-type": "text/html" } }));
    const refused = page.waitForEvent("requestfailed");
    await page.goto(other.url);
    expect((await refused).url()).toBe(`${stage.host.url}/prompt`);
    expect((await refused).failure()?.errorText).toBe("net::ERR_BLOCKED_BY_RESPONSE");
    await other.close();
    // The browser tells, as the policy asks it to; here that is as it should be.
    const { log } = stage.host.service;
    const isReport = (line: string) => line.includes("csp_violation");
    await expect.poll(() => log.some(isReport)).toBe(true);
    log.splice(log.findIndex(isReport), 1);
  });
});

describe("setting up an authenticator app", () => {
  test("says what to do about wrong codes, and nothing changes until one is right", async () => {
    const { page, subject } = await visitEnrolment(stage, "reference-of-the-mistaken");
    const company = companyOf(stage, passBy);
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    const app = await scan(company, page);
    await typeCode(page, app.wrong());
    const said = page.getByRole("alert");
    await said.filter({ hasText: "That code is not right. Wait for the next one" }).waitFor();
    await page.getByRole("button", { name: "Finish set-up" }).click();
    await said.filter({ hasText: "remove the account from the app and scan again" }).waitFor();
    const status = await stage.host.rp.post("/v1/subjects/status", { subject });
    expect(status.body.enrolled).toBe(false);
    await typeCode(page, await nextCode(company, app));
    await passBy(page, "Save your recovery codes");
    const asked = page.waitForEvent("dialog");
    const left = page.goto(stage.host.shopUrl).catch(() => "stayed");
    await (await asked).dismiss();
    expect(await left).toBe("stayed");
  });

  test("shows another key after choosing again", async () => {
    const { page } = await visitEnrolment(stage, "reference-of-the-undecided");
    const company = companyOf(stage, passBy);
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    const first = await scan(company, page);
    await page.getByRole("button", { name: "Choose another way" }).click();
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    expect((await scan(company, page)).secret).not.toBe(first.secret);
  });
});
