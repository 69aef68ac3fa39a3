import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startVault } from "../../examples/openid-express/server.ts";
import { startLedger } from "../../examples/openid-hono/server.ts";
import { launchBrowser, newWindow } from "../gallery/browser.ts";
import { type HostedService, hostService } from "../support/hosted-service.ts";
import { freePort } from "../support/listen.ts";
import { type Company, enrolFirstApp, enrolFirstPasskey, nextCode, typeCode } from "../support/person.ts";
import { plugIn } from "../support/security-key.ts";
import { passBy } from "../support/stage.ts";

// Whole journeys, in a browser, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

type Party = Readonly<{ url: string; close(): void }>;

let browser: Browser;
let host: HostedService;
let ledger: Party;
let vault: Party;

beforeAll(async () => {
  [browser, host] = await Promise.all([launchBrowser(), hostService()]);
  // The samples go by the machine's clock, and check tokens by it.
  host.service.clock.nowMs = Date.now();
  ledger = await start("Ledger", startLedger);
  vault = await start("Vault", startVault);
}, 90_000);
afterAll(async () => {
  ledger?.close();
  vault?.close();
  await browser?.close();
  await host?.close();
});

/** Registers a sample under the address that it then listens on. */
async function start(
  name: string,
  sample: (options: Parameters<typeof startLedger>[0]) => Promise<Party>,
): Promise<Party> {
  const port = await freePort();
  const redirectUris = [`http://localhost:${port}/callback`];
  const { clientId, clientSecret } = await host.service.addRelyingParty({ name, redirectUris });
  return sample({ port, issuer: host.url, clientId, clientSecret });
}

function company(): Company {
  return { see: passBy, keepSecret: (...values) => values[0] ?? "", clock: host.clock };
}

/** Signs in at a sample and goes where a second factor is needed. */
async function approach(page: Page, party: Party, name: string, link: string): Promise<void> {
  await page.goto(party.url);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: link }).click();
}

describe("a sample with openid-client in Hono", () => {
  test("lets people set up a passkey at the prompt, and use it to get back in", async () => {
    const page = await newWindow(browser);
    await plugIn(page);
    const refused = await page.request.get(`${ledger.url}/api/payments`);
    expect(refused.status()).toBe(401);
    expect(refused.headers()["www-authenticate"]).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A fresh second factor is needed", acr_values="phr urn:countersign:acr:otp", max_age="300"',
    );
    await approach(page, ledger, "maria", "Payments");
    await enrolFirstPasskey(company(), page);
    await page.getByRole("button", { name: /Go back to/ }).click();
    await passBy(page, "Use your passkey");
    expect(await page.getByText("Ledger").count()).toBe(1);
    await page.getByRole("button", { name: "Use passkey" }).click();
    await page.locator("#payments", { hasText: "by phr" }).waitFor();
    expect((await page.request.get(`${ledger.url}/api/payments`)).status()).toBe(200);
    await page.context().close();
  });

  test("is told when the person cancels", async () => {
    const page = await newWindow(browser);
    await plugIn(page);
    await approach(page, ledger, "peter", "Payments");
    await enrolFirstPasskey(company(), page);
    await page.getByRole("button", { name: /Go back to/ }).click();
    await passBy(page, "Use your passkey");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.locator("#refused").waitFor();
    expect(new URL(page.url()).searchParams.get("error")).toBe("access_denied");
    await page.context().close();
  });
});

describe("a sample with Passport in Express", () => {
  test("takes a code from an authenticator app", async () => {
    const page = await newWindow(browser);
    await approach(page, vault, "nora", "Vault");
    const { app } = await enrolFirstApp(company(), page);
    await page.getByRole("button", { name: /Go back to/ }).click();
    await passBy(page, "Enter your code");
    await typeCode(page, await nextCode(company(), app));
    await page.locator("#vault", { hasText: "by urn:countersign:acr:otp" }).waitFor();
    await page.context().close();
  });
});
