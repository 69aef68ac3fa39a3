import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { launchBrowser, newWindow } from "../gallery/browser.ts";
import { type Apache, startApache } from "../support/apache.ts";
import { type EnrolledTotp, enrolTotp } from "../support/enrol.ts";
import { type HostedService, hostService } from "../support/hosted-service.ts";
import { freePort } from "../support/listen.ts";
import { typeCode } from "../support/person.ts";
import { passBy } from "../support/stage.ts";

// Whole journeys, in a browser, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let browser: Browser;
let host: HostedService;
let apache: Apache;
let subjectId: string;
let app: EnrolledTotp;

beforeAll(async () => {
  [browser, host] = await Promise.all([launchBrowser(), hostService()]);
  // Apache goes by the machine's clock, and checks tokens by it.
  host.service.clock.nowMs = Date.now();
  const port = await freePort();
  const redirectUris = [`http://localhost:${port}/admin/callback`];
  const rp = await host.service.addRelyingParty({ name: "Intranet", redirectUris, allowInsecureAuthorize: true });
  app = await enrolTotp(host.service, rp, "keeper");
  subjectId = String((await rp.post("/v1/challenges", { subject: "keeper" })).body.subject_id);
  const client = { CLIENT_ID: rp.clientId, CLIENT_SECRET: rp.clientSecret };
  apache = await startApache(port, { ...client, SUBJECT: "keeper", SUBJECT_ID: subjectId, COUNTERSIGN_URL: host.url });
}, 90_000);
afterAll(async () => {
  await apache?.close();
  await browser?.close();
  await host?.close();
});

/** What Apache says once the person is back. */
async function answerAfter(page: Page, confirm: () => Promise<void>) {
  const back = page.waitForResponse(
    (response) => response.url() === `${apache.url}/admin/` && response.status() !== 302,
  );
  await confirm();
  const response = await back;
  return { status: response.status(), headers: response.headers() };
}

test("Apache opens a directory to the person in its configuration, and tells who it was and how strongly", async () => {
  const page = await newWindow(browser);
  await page.goto(`${apache.url}/admin/`);
  await passBy(page, "Enter your code");
  const { status, headers } = await answerAfter(page, () => typeCode(page, app.next()));
  expect(status, apache.errors()).toBe(200);
  expect(headers["x-remote-user"]).toBe(subjectId);
  expect(headers["x-acr"]).toBe("urn:countersign:acr:otp");
  await passBy(page, "Admin");
  await page.context().close();
});

test("Apache stays shut when the person has made the request weaker on the way", async () => {
  const page = await newWindow(browser);
  // The browser's own cookies: the person themself changes the address.
  const sent = await page.request.get(`${apache.url}/admin/`, { maxRedirects: 0 });
  const request = new URL(sent.headers().location ?? "");
  expect(request.searchParams.get("acr_values")).toBe("phr urn:countersign:acr:otp");
  request.searchParams.delete("acr_values");
  await page.goto(request.href);
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(app.recoveryCodes[0] ?? "");
  await page.getByRole("button", { name: "Continue" }).click();
  await passBy(page, "You are in");
  const { status, headers } = await answerAfter(page, () => page.getByRole("button", { name: /Continue to/ }).click());
  expect([401, 403]).toContain(status);
  expect(headers["x-acr"]).not.toBe("urn:countersign:acr:otp");
  await page.context().close();
});
