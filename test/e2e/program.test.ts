import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { launchBrowser, newWindow } from "../gallery/browser.ts";
import { SYSTEM_CLOCK } from "../support/authenticator-app.ts";
import { type HttpClient, httpClient } from "../support/command-line.ts";
import { type Company, enrolFirstApp, nextCode, typeCode } from "../support/person.ts";
import { type RunningProgram, runProgram } from "../support/running-program.ts";
import { plugIn } from "../support/security-key.ts";
import { addSecondStep, isIn, signInAgain, signUp } from "../support/shop-customer.ts";
import { createEyes, passBy } from "../support/stage.ts";
import { type Watch, watchTraffic } from "../support/watch-traffic.ts";

// Whole journeys through the real program, by the real clock, on machines that may be busy.
vi.setConfig({ testTimeout: 150_000 });

const see = createEyes();

let browser: Browser;
let program: RunningProgram;
let watch: Watch;
let company: Company;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [browser, program] = await Promise.all([launchBrowser(), runProgram()]);
});

beforeEach(() => {
  watch = watchTraffic({ origins: [program.url, program.shopUrl], log: program.log });
  company = { see: passBy, keepSecret: watch.keepSecret, clock: SYSTEM_CLOCK };
});

afterEach(async () => {
  const problems = await watch.problems();
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  expect(problems).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

async function openWindow(): Promise<Page> {
  const page = await newWindow(browser);
  contexts.push(page.context());
  watch.follow(page.context());
  return page;
}

/** A relying party made on the command line, while the service runs. */
async function registerBakery(): Promise<HttpClient> {
  const made = await program.run(
    "rp",
    "create",
    "--name",
    "Bakery",
    "--redirect-uri",
    "http://localhost:3000/cb",
    "--json",
  );
  // As documented: printed once, as one JSON object.
  const { api_key } = JSON.parse(made.stdout) as { api_key: string };
  return httpClient(program.url, watch.keepSecret(api_key));
}

test("a customer of the sample shop sets up an app and a passkey, and signs in with each", async () => {
  const page = await openWindow();
  const customer = await signUp(company, page, program.shopUrl);
  await addSecondStep(page);
  const { app } = await enrolFirstApp(company, page);
  await plugIn(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("button", { name: "Create on this device" }).click();
  await page.getByText("Only on this one device or key.").waitFor();
  await page.getByRole("button", { name: /^Go back to/ }).click();
  await page.getByText("Your second step is on.").waitFor();
  await signInAgain(company, page, customer);
  await page.getByRole("button", { name: "Use passkey" }).click();
  await isIn(page, customer);
  await signInAgain(company, page, customer);
  await page.getByRole("link", { name: "Use a code from your authenticator app" }).click();
  await typeCode(page, await nextCode(company, app));
  await isIn(page, customer);
});

test("the first administrator joins by the printed link, resets a person found by reference, and they set up again", async () => {
  const reference = watch.keepSecret("reference-of-somebody-who-lost-a-phone");
  const call = await registerBakery();
  const enrolment = async () => String((await call("/v1/links", { page: "enrol", subject: reference })).body.url);
  const person = await openWindow();
  await person.goto(await enrolment());
  await enrolFirstApp(company, person);
  await person.getByRole("button", { name: "Finish" }).click();
  await passBy(person, "Your second step");

  const admin = await openWindow();
  await join(admin);
  await admin.getByLabel("Relying party", { exact: true }).selectOption({ label: "Bakery" });
  await admin.getByLabel("Name at the relying party").fill(reference);
  await admin.getByRole("button", { name: "Find" }).click();
  await see(admin, /^Person at .?Bakery.?$/);
  await admin.getByText("Reset ways to sign in").click();
  const reset = admin.getByRole("button", { name: "Reset" });
  expect(await reset.isDisabled()).toBe(true);
  await admin.getByLabel("Reason").fill("Lost the phone, seen in person");
  await reset.click();
  await admin.getByRole("status").filter({ hasText: "It was reset." }).waitFor();

  await person.reload();
  await passBy(person, "You have been signed out");
  await person.goto(await enrolment());
  await enrolFirstApp(company, person);
  await person.getByRole("button", { name: "Finish" }).click();
  await person.getByText("Reset by an administrator").waitFor();
  await person.getByText("Reason: Lost the phone, seen in person").waitFor();

  await lookAround(admin);
});

/** Becomes an administrator by the printed link, signs out, and in again. */
async function join(admin: Page): Promise<void> {
  await plugIn(admin);
  await admin.goto(program.invitation);
  await see(admin, "Become an administrator");
  expect(admin.url()).toBe(`${program.url}/admin/invite`);
  await admin.getByLabel("Your name").fill("Ada");
  await admin.getByRole("button", { name: "Create a passkey on this device" }).click();
  await see(admin, "Find a person");
  await admin.getByRole("button", { name: "Sign out" }).click();
  await see(admin, "Sign in to administration");
  await admin.getByRole("button", { name: "Sign in with a passkey" }).click();
  await see(admin, "Find a person");
}

/** Every other page of the administration. */
async function lookAround(admin: Page): Promise<void> {
  await admin.getByRole("link", { name: "Relying parties" }).click();
  await see(admin, "Relying parties");
  await admin.getByRole("link", { name: "Bakery" }).click();
  await see(admin, "Bakery");
  await admin.getByRole("link", { name: "Administrators" }).click();
  await see(admin, "Administrators");
  await admin.getByRole("link", { name: "Ada" }).click();
  await see(admin, "Ada");
  await admin.getByRole("link", { name: "Audit log" }).click();
  await see(admin, "Audit log");
  await admin.getByRole("cell", { name: "Person reset" }).waitFor();
}
