import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { askAtPrompt, visitAccount } from "../support/hosted-visit.ts";
import { auditKinds } from "../support/page-answers.ts";
import { CODE_LABEL, companyOf, nextCode, readCodes, typeCode } from "../support/person.ts";
import { plugIn } from "../support/security-key.ts";
import { useStage } from "../support/stage.ts";

// Whole journeys, in a browser, on machines that may be busy.
vi.setConfig({ testTimeout: 90_000 });

const stage = useStage();

const PASSKEY_PROOF_MS = 5 * 60_000;

describe("the account page", () => {
  test("gives an authenticator another name", async () => {
    const { page } = await visitAccount(stage, "reference-of-the-renamer");
    await page.getByLabel(/^Rename .?Authenticator app/).click();
    await page.getByLabel("New name").fill("Work phone <b>");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").filter({ hasText: "The new name is saved." }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 3, name: "Work phone <b>" }).waitFor();
  });

  test("adds a passkey, and says it is good news when the device has one already", async () => {
    const { page } = await visitAccount(stage, "reference-of-the-adder");
    const device = await plugIn(page);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await stage.see(page, "Set up a passkey");
    await page.getByRole("button", { name: "Create on this device" }).click();
    await stage.see(page, "Ready to use");
    await page.getByRole("button", { name: "Finish" }).click();
    await page.getByRole("status").filter({ hasText: "It was added." }).waitFor();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: "Use passkey" }).click();
    await page.getByRole("button", { name: "Create on this device" }).click();
    await page.getByRole("status").filter({ hasText: "Good news: this device already has a passkey here." }).waitFor();
    expect(await device.credentials()).toHaveLength(1);
  });

  test("removes only after a fresh proof with the strongest way, and says what will still work", async () => {
    const { page } = await visitAccount(stage, "reference-of-the-remover");
    await plugIn(page);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: "Create on this device" }).click();
    await page.getByRole("button", { name: "Finish" }).click();
    await page.getByText("It was added.").waitFor();
    stage.host.service.clock.advance(PASSKEY_PROOF_MS + 1000);
    await page.getByLabel(/^Remove .?Authenticator app/).click();
    await stage.see(page, "Use your passkey");
    await page.getByText("Before you change something, show that it is you.").waitFor();
    expect(await page.getByRole("link", { name: "Use a code from your authenticator app" }).count()).toBe(0);
    await page.getByRole("button", { name: "Use passkey" }).click();
    await stage.see(page, /^Remove “.?Authenticator app.?”\?$/);
    expect(await page.locator(".points").innerText()).toMatch(/Passkey.*\n10 recovery codes/);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("status").filter({ hasText: "It was removed." }).waitFor();
    expect(await page.getByRole("heading", { level: 3 }).count()).toBe(1);
  });

  test("makes new recovery codes to download and to print, and the old ones end", async () => {
    const { page, subject, recoveryCodes } = await visitAccount(stage, "reference-of-the-renewer");
    await page.getByRole("button", { name: "Make new codes" }).click();
    await stage.see(page, "Save your recovery codes");
    const codes = await readCodes(companyOf(stage), page);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const file = readFileSync(await (await download).path(), "utf8");
    expect(codes.filter((code) => !file.includes(code))).toEqual([]);
    expect((await download).suggestedFilename()).toBe("recovery-codes-juniper-rye-2026-11-23.txt");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(withoutCodes(await page.locator("body").innerText(), codes)).toMatchInlineSnapshot(`
      "For
      Juniper & Rye

      Save your recovery codes

      Recovery codes for Juniper & Rye · Nov 23, 2026

      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····
      ····-····-····-····-····-····

      Keep them where you would still find them without your phone: in a password manager, or printed with your papers. Nobody from support will ever ask you for one."
    `);
    const colours = (selector: string) =>
      page.locator(selector).evaluate((element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        return [color, backgroundColor];
      });
    expect((await colours(".codes"))[0]).toBe("rgb(0, 0, 0)");
    expect((await colours("html"))[1]).toBe("rgb(255, 255, 255)");
    await page.emulateMedia({ media: null, colorScheme: null });
    await page.getByRole("button", { name: "I have saved them" }).click();
    await page.getByRole("status").filter({ hasText: "Your new recovery codes are active." }).waitFor();
    await page.getByText("10 codes left.").waitFor();
    const answers = [recoveryCodes[0], codes[0]].map((code) =>
      stage.host.rp.post("/v1/verify", { subject, recovery_code: code }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([403, 200]);
  });

  test("takes down that something was not the person, and tells the relying party", async () => {
    const { page } = await visitAccount(stage, "reference-of-the-reporter");
    await page.getByText("Was one of these not you?").click();
    await page.getByRole("button", { name: "This was not me" }).click();
    await page.getByRole("status").filter({ hasText: "Thank you. We have noted it" }).waitFor();
    expect(await auditKinds(stage.host.service)).toContain("subject_reported");
    const events = await stage.host.rp.post("/v1/events/list", {});
    expect(events.text).toContain("subject_reported");
  });

  test("shows that a copy of a key may be in use, after the copy was refused", async () => {
    const visitor = await visitAccount(stage, "reference-of-the-copied");
    const { page, app } = visitor;
    const device = await plugIn(page);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: "Create on this device" }).click();
    await stage.see(page, "Ready to use");
    const [copy] = await device.credentials();
    if (copy === undefined) throw new Error("the device kept no passkey");
    for (let use = 0; use < 2; use++) {
      await askAtPrompt(stage, visitor);
      await page.getByRole("button", { name: "Use passkey" }).click();
      await stage.see(page, "Already confirmed");
    }
    await device.becomes(copy);
    await askAtPrompt(stage, visitor);
    await page.getByRole("button", { name: "Use passkey" }).click();
    await page.getByRole("alert").filter({ hasText: "That passkey did not work here." }).waitFor();
    await page.goto(await stage.host.linkTo("account", { subject: visitor.subject }));
    await page.getByRole("link", { name: "Use a code from your authenticator app" }).click();
    await page.getByLabel(CODE_LABEL).waitFor();
    await typeCode(page, await nextCode(companyOf(stage), app));
    await page.getByText("Somebody may hold a copy of this key.").waitFor();
    await page.getByText("A copy of a key may be in use").waitFor();
  });

  test("signs out, and what was open is closed", async () => {
    const { page } = await visitAccount(stage, "reference-of-the-leaver");
    await page.getByRole("button", { name: "Sign out" }).click();
    await stage.see(page, "You are signed out");
    await page.goto(`${stage.host.url}/account`);
    await stage.see(page, "You have been signed out");
  });
});

/** The text on paper, with dots for what differs from run to run. */
function withoutCodes(text: string, codes: readonly string[]): string {
  return codes.reduce((rest, code) => rest.replace(code, code.replaceAll(/\w/g, "·")), text);
}
