import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import type { Company } from "./person.ts";

/** Somebody with an account at the sample shop. */
export type Customer = Readonly<{ name: string; password: string }>;

/** Makes an account at the shop and signs in with it. */
export async function signUp({ see, keepSecret }: Company, page: Page, shopUrl: string): Promise<Customer> {
  const mark = randomBytes(6).toString("hex");
  const customer = { name: keepSecret(`visitor-${mark}`), password: keepSecret(`walnut ferry ${mark} lantern`) };
  await page.goto(`${shopUrl}/sign-up`);
  await see(page, "Create an account");
  await fillIn(page, customer);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: `Fresh today, ${customer.name}` }).waitFor();
  return customer;
}

/** Signs out, in with the password, and on to the hosted prompt. */
export async function signInAgain({ see }: Company, page: Page, customer: Customer): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await see(page, "Sign in");
  await fillIn(page, customer);
  await page.getByRole("button", { name: "Sign in" }).click();
  await see(page, "Confirm it is you");
  await page.getByRole("button", { name: "Continue at Countersign" }).click();
}

/** From the shop window to the page that sets up a second step. */
export async function addSecondStep(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add a second step" }).click();
}

/** Waits until the shop has let the customer in. */
export async function isIn(page: Page, customer: Customer): Promise<void> {
  await page.getByRole("heading", { name: `Fresh today, ${customer.name}` }).waitFor();
}

async function fillIn(page: Page, { name, password }: Customer): Promise<void> {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
}
