import { createServer } from "node:net";
import { AxeBuilder } from "@axe-core/playwright";
import { type ServerType, serve } from "@hono/node-server";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { inviteAdministrator } from "../../src/flows/admin-invite.ts";
import { loadPages } from "../../src/runtime/load-pages.ts";
import { launchBrowser } from "../gallery/browser.ts";
import { enrolTotp } from "../support/enrol.ts";
import { startService, type TestService } from "../support/service.ts";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let service: TestService;
let server: ServerType;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeEach(async () => {
  const port = await freePort();
  service = await startService({ env: { COUNTERSIGN_PORT: String(port) } });
  const pages = await loadPages();
  if (!pages) throw new Error("the web UI has not been built: npm run build");
  const app = createApp(service.deps, pages);
  await new Promise<void>((resolve) => {
    server = serve({ fetch: (request) => app.fetch(request, {}), port, hostname: "localhost" }, () => resolve());
  });
  browser = await launchBrowser();
  context = await browser.newContext();
  page = await context.newPage();
  troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) troubles.push(message.text());
  });
  await addPasskeyDevice(page);
});

afterEach(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
  await service.close();
});

/** A port that nobody listens on: the address has to be known before the service starts. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "localhost", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A device with discoverable passkeys that verifies its user by itself. */
async function addPasskeyDevice(on: Page): Promise<void> {
  const session = await on.context().newCDPSession(on);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function becomeOwner(): Promise<void> {
  const by = { actor: "cli", requestId: "req_test", nowMs: service.clock.now() };
  const { url } = await inviteAdministrator(service.deps, by, { name: "Ada", role: "owner" });
  await page.goto(url);
  expect(new URL(page.url()).pathname).toBe("/admin/invite");
  await page.getByRole("button", { name: "Create a passkey on this device" }).click();
  await page.getByRole("heading", { name: "Find a person" }).waitFor();
}

async function find(subject: string): Promise<void> {
  await page.getByRole("link", { name: "Find a person" }).click();
  await page.getByLabel("Name at the relying party").fill(subject);
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("heading", { name: /Person at/ }).waitFor();
}

async function axeProblems(): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`));
}

test("from the first link to a reset: passkey, sign-out, sign-in, find, reason, touch", async () => {
  const rp = await service.addRelyingParty();
  await enrolTotp(service, rp, "alice@example.com");
  await becomeOwner();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: "Find a person" }).waitFor();
  await find("alice@example.com");
  expect(page.url()).not.toContain("alice");
  expect(await page.getByRole("table", { name: "Ways to sign in" }).getByRole("row").count()).toBe(2);
  await page.getByText("Reset ways to sign in").click();
  const reset = page.getByRole("button", { name: "Reset", exact: true });
  expect(await reset.isDisabled()).toBe(true);
  await page.getByLabel("Reason").fill("Lost phone, seen at the desk");
  expect(await axeProblems()).toEqual([]);
  await reset.click();
  await page.getByText("It was reset.").waitFor();
  expect(await page.getByText("Nothing is set up.").count()).toBe(1);
  const [event] = await service.deps.store.audit.list({ kind: "subject_reset", limit: 1 });
  expect(event?.reason).toBe("Lost phone, seen at the desk");
  expect(troubles).toEqual([]);
});

test("an owner registers a relying party, makes and revokes a key, and invites an operator", async () => {
  await becomeOwner();
  await page.getByRole("link", { name: "Relying parties" }).click();
  await page.getByLabel("Name").fill("News");
  await page.getByRole("button", { name: "Register" }).click();
  await page.getByRole("heading", { name: "Copy this now" }).waitFor();
  await page.getByText("Make another key").click();
  await page.getByLabel("verify", { exact: true }).check();
  expect(await axeProblems()).toEqual([]);
  await page.getByRole("button", { name: "Make key" }).click();
  await page.getByRole("row").nth(2).waitFor();
  await page.getByText("Revoke", { exact: true }).first().click();
  await page
    .getByRole("button", { name: /Revoke key/ })
    .first()
    .click();
  await page.getByText("Revoked").waitFor();
  await page.getByRole("link", { name: "Administrators" }).click();
  await page.getByLabel("Name").fill("Olga");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("heading", { name: "Hand over this link" }).waitFor();
  expect(await page.getByRole("row", { name: /Olga/ }).getByText("Invited").count()).toBe(1);
  expect(troubles).toEqual([]);
});
