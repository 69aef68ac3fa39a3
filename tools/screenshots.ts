// `npm run screenshots`: the pictures in the README, taken from the running program with data made up for them.
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { launchBrowser, newWindow } from "../test/gallery/browser.ts";
import { type AuthenticatorApp, addToApp, readQr, SYSTEM_CLOCK } from "../test/support/authenticator-app.ts";
import { type HttpClient, httpClient } from "../test/support/command-line.ts";
import { type RunningProgram, runProgram } from "../test/support/running-program.ts";
import { plugIn } from "../test/support/security-key.ts";

const IMAGES = join(import.meta.dirname, "../docs/images");
const MOST_BYTES = 150 * 1024;
const SUBJECT = "customer-4711";
const CALLBACK = "https://shop.example/callback";
/** The one that people will see. */
const PORT = 8787;
const DESKTOP = { viewport: { width: 880, height: 980 }, deviceScaleFactor: 1.5 };
const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

mkdirSync(IMAGES, { recursive: true });
const [browser, program] = await Promise.all([launchBrowser(), runProgram(PORT)]);
try {
  await takeAll(browser, program);
} finally {
  await browser.close();
  await program.stop();
}

async function takeAll(browser: Browser, program: RunningProgram): Promise<void> {
  const call = await registerShop(program);
  const open = (options: BrowserContextOptions) => newWindow(browser, { colorScheme: "light", ...options });
  const person = await open(DESKTOP);
  await person.goto(await link(call, { page: "enrol", subject: SUBJECT, account_name: "maria" }));
  await enrolApp(person);
  await addPasskey(person);
  await rename(person, "Authenticator app", "Password manager");
  await rename(person, "Passkey", "My phone");
  await save(person, "account");
  const phone = await open(PHONE);
  const { challenge } = await send(call, "/v1/challenges", { subject: SUBJECT, lane: { first_factor: true } });
  await phone.goto(await link(call, { page: "prompt", challenge, return_url: CALLBACK }));
  await phone.getByRole("link", { name: "Use a code from your authenticator app" }).click();
  await phone.getByText("Goes on by itself").waitFor();
  await save(phone, "prompt-phone");
  const admin = await open({ ...DESKTOP, viewport: { width: 1000, height: 760 }, colorScheme: "dark" });
  await showPersonToAdministrator(admin, program);
  await save(admin, "admin-dark");
}

async function registerShop(program: RunningProgram): Promise<HttpClient> {
  const made = await program.run("rp", "create", "--name", "Juniper & Rye", "--redirect-uri", CALLBACK, "--json");
  // As documented: printed once, as one JSON object.
  const { api_key } = JSON.parse(made.stdout) as { api_key: string };
  return httpClient(program.url, api_key);
}

async function send(call: HttpClient, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await call(path, body);
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}`);
  return answer.body;
}

async function link(call: HttpClient, about: Record<string, unknown>): Promise<string> {
  return String((await send(call, "/v1/links", about)).url);
}

/** Takes the picture of the set-up on the way. */
async function enrolApp(page: Page): Promise<AuthenticatorApp> {
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await page.getByText("Goes on by itself").waitFor();
  const app = addToApp(await readQr(page.getByRole("img", { name: /QR code/ })), SYSTEM_CLOCK);
  await save(page, "enrol-totp");
  await page.getByLabel("Code from your authenticator app").fill(await app.next());
  await page.getByRole("button", { name: "I have saved them" }).click();
  return app;
}

async function addPasskey(page: Page): Promise<void> {
  await plugIn(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("button", { name: "Create on this device" }).click();
  await page.getByRole("button", { name: "Finish" }).click();
  await heading(page, "Your second step").waitFor();
}

async function rename(page: Page, from: string, to: string): Promise<void> {
  const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 3, name: from }) });
  await item.getByText("Rename", { exact: true }).click();
  await item.getByLabel("New name").fill(to);
  await item.getByRole("button", { name: "Save" }).click();
  await page.getByText("The new name is saved.").waitFor();
  await page.reload();
}

async function showPersonToAdministrator(page: Page, program: RunningProgram): Promise<void> {
  await plugIn(page);
  await page.goto(program.invitation);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: "Create a passkey on this device" }).click();
  await heading(page, "Find a person").waitFor();
  await page.getByLabel("Relying party", { exact: true }).selectOption({ label: "Juniper & Rye" });
  await page.getByLabel("Name at the relying party").fill(SUBJECT);
  await page.getByRole("button", { name: "Find" }).click();
  await heading(page, /^Person at/).waitFor();
}

function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole("heading", { level: 1, name });
}

/** What the window shows, without pointer and focus; a picture too big for a README is an error. */
async function save(page: Page, name: string): Promise<void> {
  const path = join(IMAGES, `${name}.png`);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.mouse.move(0, 0);
  await page.screenshot({ path, caret: "hide", animations: "disabled" });
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes`);
  console.log(`docs/images/${name}.png ${Math.ceil(size / 1024)} kB`);
}
