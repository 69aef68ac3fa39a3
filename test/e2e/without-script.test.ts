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

async function submitCode(page: Page, code: string, button: string): Promise<void> {
  await page.getByLabel(CODE_LABEL).fill(code);
  await page.getByRole("button", { name: button }).click();
}
