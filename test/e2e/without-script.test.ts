import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { askAtPrompt, visitEnrolment } from "../support/hosted-visit.ts";
import { CODE_LABEL, companyOf, nextCode, saveCodes, scan } from "../support/person.ts";
import { passBy, useStage } from "../support/stage.ts";

// Whole journeys, in a browser, on machines that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const stage = useStage();

test("without JavaScript an app is set up, and the prompt takes its codes and recovery codes by plain forms", async () => {
  const visitor = await visitEnrolment(stage, "reference-of-the-plain", { javaScriptEnabled: false });
  const { page } = visitor;
  const company = companyOf(stage, passBy);
  await passBy(page, "Protect your account");
  await page.getByRole("button", { name: "Set up a passkey" }).click();
  await page.locator("noscript p").filter({ hasText: "Passkeys need JavaScript" }).waitFor();
  await page.getByRole("button", { name: "Choose another way" }).click();
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const app = await scan(company, page);
  await submitCode(page, app.wrong(), "Finish set-up");
  await page.getByText("That code is not right.").waitFor();
  await submitCode(page, await nextCode(company, app), "Finish set-up");
  const recoveryCodes = await saveCodes(company, page);
  await passBy(page, "Ready to use");

  await askAtPrompt(stage, visitor);
  await submitCode(page, app.wrong(), "Continue");
  await page.getByText("That code did not work.").waitFor();
  await submitCode(page, await nextCode(company, app), "Continue");
  await passBy(page, "Already confirmed");

  await askAtPrompt(stage, visitor);
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  expect(page.url()).toBe(`${stage.host.url}/prompt?method=recovery_code`);
  await page.getByLabel("Recovery code").fill(recoveryCodes[0] ?? "");
  await page.getByRole("button", { name: "Continue" }).click();
  await passBy(page, "Already confirmed");
});

test("without JavaScript the account page asks whether that was its person, and takes the answer", async () => {
  const { page, subject } = await visitEnrolment(stage, "reference-of-the-robbed", { javaScriptEnabled: false });
  const company = companyOf(stage, passBy);
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const app = await scan(company, page);
  await submitCode(page, await nextCode(company, app), "Finish set-up");
  await saveCodes(company, page);
  for (let guess = 0; guess < 3; guess++) {
    await stage.host.rp.post("/v1/verify", { subject, totp: app.wrong(), first_factor: true });
  }
  await page.goto(await stage.host.linkTo("account", { subject }));
  await submitCode(page, await nextCode(company, app), "Continue");
  await passBy(page, "Your second step");
  const question = page.getByRole("region", { name: "Was this you?" });
  await question.getByText("Somebody typed your password and then failed at the second step several times.").waitFor();
  await question.getByText("Juniper & Rye").waitFor();
  await question.getByRole("button", { name: "This was not me" }).click();
  await page.getByRole("status").filter({ hasText: "Thank you." }).waitFor();
  expect(await question.count()).toBe(0);
  await page.getByText("You said that this was not you").waitFor();
});

async function submitCode(page: Page, code: string, button: string): Promise<void> {
  await page.getByLabel(CODE_LABEL).fill(code);
  await page.getByRole("button", { name: button }).click();
}
