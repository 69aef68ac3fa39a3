import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import {
  type Company,
  companyOf,
  type Enrolled,
  enrolFirstApp,
  enrolFirstPasskey,
  nextCode,
  typeCode,
} from "../support/person.ts";
import { plugIn } from "../support/security-key.ts";
import { addSecondStep, type Customer, isIn, signInAgain, signUp } from "../support/shop-customer.ts";
import { useStage } from "../support/stage.ts";

// Whole journeys, in a browser, on machines that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const stage = useStage();

type Shopper = Enrolled & Readonly<{ page: Page; company: Company; customer: Customer }>;

/** A customer of the shop who has set up an authenticator app, back in the shop. */
async function shopperWithApp(): Promise<Shopper> {
  const page = await stage.open();
  const company = companyOf(stage);
  const customer = await signUp(company, page, stage.host.shopUrl);
  await addSecondStep(page);
  const enrolled = await enrolFirstApp(company, page);
  await page.getByRole("button", { name: `Go back to ${new URL(stage.host.shopUrl).host}` }).click();
  await page.getByText("Your second step is on.").waitFor();
  return { page, company, customer, ...enrolled };
}

/** The same customer at the prompt, after the password. */
async function shopperAtPrompt(): Promise<Shopper> {
  const shopper = await shopperWithApp();
  await signInAgain(shopper.company, shopper.page, shopper.customer);
  await stage.see(shopper.page, "Enter your code");
  return shopper;
}

describe("a customer of the shop", () => {
  test("sets up an authenticator app by its QR code, and signs in with it", async () => {
    const { page, company, customer, app } = await shopperWithApp();
    expect([app.issuer, app.account]).toEqual(["Juniper & Rye", customer.name]);
    await signInAgain(company, page, customer);
    await stage.see(page, "Enter your code");
    expect(page.url()).toBe(`${stage.host.url}/prompt`);
    const frame = await page.locator(".page").innerText();
    for (const host of [stage.host.url, stage.host.shopUrl]) expect(frame).toContain(new URL(host).host);
    expect(frame).toContain("Juniper & Rye");
    await typeCode(page, await nextCode(company, app));
    await isIn(page, customer);
  });

  test("sets up a passkey, and signs in with it", async () => {
    const page = await stage.open();
    const company = companyOf(stage);
    const device = await plugIn(page);
    const customer = await signUp(company, page, stage.host.shopUrl);
    await addSecondStep(page);
    await enrolFirstPasskey(company, page);
    await page.getByText("Only on this one device or key.").waitFor();
    expect(await device.credentials()).toHaveLength(1);
    await page.getByRole("button", { name: /^Go back to/ }).click();
    await page.getByText("Your second step is on.").waitFor();
    await stage.see(page, "Security");
    await signInAgain(company, page, customer);
    await stage.see(page, "Use your passkey");
    await page.getByRole("button", { name: "Use passkey" }).click();
    await isIn(page, customer);
    expect((await device.credentials())[0]?.signCount).toBeGreaterThan(1);
  });

  test("signs in with a recovery code, is told how many are left, and cannot use it twice", async () => {
    const { page, company, customer, recoveryCodes } = await shopperAtPrompt();
    const typeRecoveryCode = async () => {
      await page.getByRole("link", { name: "Use a recovery code" }).click();
      await stage.see(page, "Use a recovery code");
      await page.getByLabel("Recovery code").fill(recoveryCodes[0]?.toUpperCase().replaceAll("-", " ") ?? "");
      await page.getByRole("button", { name: "Continue" }).click();
    };
    await typeRecoveryCode();
    await stage.see(page, "You are in");
    await page.getByText("You have 9 recovery codes left.").waitFor();
    await page.getByRole("button", { name: `Continue to ${new URL(stage.host.shopUrl).host}` }).click();
    await isIn(page, customer);
    await signInAgain(company, page, customer);
    await typeRecoveryCode();
    await page.getByRole("alert").filter({ hasText: "That recovery code did not work." }).waitFor();
  });

  test("who declines comes back to the shop without being let in, and can go on from there", async () => {
    const { page, company, customer, app } = await shopperAtPrompt();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("You came back without confirming.").waitFor();
    expect(await page.getByRole("button", { name: "Sign out" }).count()).toBe(0);
    await page.getByRole("button", { name: "Continue at Countersign" }).click();
    await typeCode(page, await nextCode(company, app));
    await isIn(page, customer);
  });

  test("whose prompt has expired starts again in one click, and the shop lets them in", async () => {
    const { page, company, customer, app } = await shopperAtPrompt();
    stage.host.service.clock.advance(11 * 60_000);
    await typeCode(page, await nextCode(company, app));
    await stage.see(page, "Let us start again");
    await page.getByRole("button", { name: "Start again" }).click();
    await stage.see(page, "Enter your code");
    await typeCode(page, await nextCode(company, app));
    await isIn(page, customer);
  });

  test("is told what to do after wrong codes, and how long to wait after too many, while other ways go on", async () => {
    const { page, customer, app, recoveryCodes } = await shopperAtPrompt();
    await typeCode(page, app.wrong());
    await page.getByRole("alert").filter({ hasText: "That code did not work. Wait for the next one" }).waitFor();
    await page.getByRole("button", { name: "Continue" }).click();
    const said = page.getByRole("alert");
    await said
      .filter({ hasText: "Check that the clock on your phone is set automatically." })
      .filter({ hasText: "If codes that you have not used keep failing, somebody else may be using them" })
      .waitFor();
    for (let miss = 3; miss <= 6; miss++) {
      const answered = page.waitForResponse(`${stage.host.url}/prompt`);
      await page.getByRole("button", { name: "Continue" }).click();
      await answered;
    }
    await said.filter({ hasText: "Too many wrong codes. Wait 30 seconds, then try again." }).waitFor();
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(recoveryCodes[0] ?? "");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: /^Continue to/ }).click();
    await isIn(page, customer);
  });

  test("can do all of the prompt with the keyboard alone, always seeing where the focus is", async () => {
    const { page, customer, recoveryCodes } = await shopperAtPrompt();
    await page.getByText("Goes on by itself").waitFor();
    expect(await focusedName(page)).toBe("totp");
    const stops = await tabTo(page, "Use a recovery code");
    expect(stops).toContain("Continue");
    await page.keyboard.press("Enter");
    await stage.see(page, "Use a recovery code");
    expect(await focusedName(page)).toBe("recovery_code");
    await page.keyboard.type(recoveryCodes[0] ?? "");
    await page.keyboard.press("Enter");
    await stage.see(page, "You are in");
    await tabTo(page, `Continue to ${new URL(stage.host.shopUrl).host}`);
    await page.keyboard.press("Enter");
    await isIn(page, customer);
  });
});

async function focusedName(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.getAttribute("name"));
}

/** Presses Tab until that is in focus, and returns what was on the way; each stop has to be seen. */
async function tabTo(page: Page, name: string): Promise<readonly string[]> {
  const stops: string[] = [];
  while (stops.at(-1) !== name) {
    if (stops.length > 20) throw new Error(`no way to ${name} by keyboard: ${stops.join(", ")}`);
    await page.keyboard.press("Tab");
    const { text, outline } = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLElement)) return { text: "", outline: "" };
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return { text: focused.innerText.trim(), outline: `${outlineStyle} ${outlineWidth}` };
    });
    expect(outline, `the focus on ${text}`).toMatch(/^(solid|auto) [1-9]/);
    stops.push(text);
  }
  return stops;
}
