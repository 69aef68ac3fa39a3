import type { Page } from "playwright-core";
import { expect } from "vitest";
import { type AppClock, type AuthenticatorApp, addToApp, readQr } from "./authenticator-app.ts";
import type { Stage } from "./stage.ts";

/** What a person needs: somebody who looks at pages and keeps their secrets. */
export type Company = Readonly<{
  see: Stage["see"];
  keepSecret: (...values: readonly string[]) => string;
  clock: AppClock;
}>;

export const CODE_LABEL = "Code from your authenticator app";

/** Who came with the stage; they look closely at what they see, unless told to pass by. */
export function companyOf({ see, watch, host }: Stage, eyes: Company["see"] = see): Company {
  return { see: eyes, keepSecret: watch.keepSecret, clock: host.clock };
}

/** Reads the QR code on the set-up page into an app, as a phone would. The key beside it has to say the same. */
export async function scan(company: Company, page: Page): Promise<AuthenticatorApp> {
  await company.see(page, "Connect your authenticator app");
  const app = addToApp(await readQr(page.getByRole("img", { name: /QR code/ })), company.clock);
  const typed = await page.locator(".setup-key code").innerText();
  expect(typed.replaceAll(" ", "")).toBe(app.secret);
  company.keepSecret(app.secret);
  return app;
}

/** The next code, kept secret. */
export async function nextCode(company: Company, app: AuthenticatorApp): Promise<string> {
  return company.keepSecret(await app.next());
}

/** Types a code, which goes on by itself once script runs. */
export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByText("Goes on by itself").waitFor();
  await page.getByLabel(CODE_LABEL).fill(code);
}

/** Takes down the recovery codes on the page and says so. */
export async function saveCodes(company: Company, page: Page): Promise<readonly string[]> {
  await company.see(page, "Save your recovery codes");
  const codes = await readCodes(company, page);
  await page.getByRole("button", { name: "I have saved them" }).click();
  return codes;
}

/** The ten recovery codes on the page, kept secret. */
export async function readCodes(company: Company, page: Page): Promise<readonly string[]> {
  const codes = await page.getByRole("list", { name: "Your recovery codes" }).getByRole("listitem").allInnerTexts();
  company.keepSecret(...codes);
  expect(new Set(codes).size).toBe(10);
  return codes;
}

export type Enrolled = Readonly<{ app: AuthenticatorApp; recoveryCodes: readonly string[] }>;

/** From the choice to the end, with an authenticator app as the first way. */
export async function enrolFirstApp(company: Company, page: Page): Promise<Enrolled> {
  await company.see(page, "Protect your account");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const app = await scan(company, page);
  await typeCode(page, await nextCode(company, app));
  const recoveryCodes = await saveCodes(company, page);
  await company.see(page, "Ready to use");
  return { app, recoveryCodes };
}

/** From the choice to the end, with a passkey on this device as the first way. */
export async function enrolFirstPasskey(company: Company, page: Page): Promise<readonly string[]> {
  await company.see(page, "Protect your account");
  await page.getByRole("button", { name: "Set up a passkey" }).click();
  await company.see(page, "Set up a passkey");
  await page.getByRole("button", { name: "Create on this device" }).click();
  const recoveryCodes = await saveCodes(company, page);
  await company.see(page, "Ready to use");
  return recoveryCodes;
}
