import { describe, expect, test } from "vitest";
import { enrolTotp } from "../support/enrol.ts";
import { openPrompt } from "../support/page-answers.ts";
import { MODEL_PAGES, type Page, type PageBrowser, viewOf } from "../support/page-browser.ts";
import type { Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const MINUTE_MS = 60_000;

/** A subject that does not exist, and whose decoy has the methods of somebody who has an authenticator app. */
async function decoySubject(): Promise<string> {
  for (let index = 0; index < 50; index++) {
    const subject = `nobody-${index}`;
    const { body } = await use.rp.post("/v1/challenges", { subject });
    if (JSON.stringify(body.methods) === '["totp","recovery_code"]') return subject;
  }
  throw new Error("no decoy of fifty has an authenticator app");
}

/** Everything an answer shows, with what is random or bound to the session masked by its shape. */
function seen(page: Page, browser: PageBrowser, challenge: string): Json {
  const masked = (text: string) =>
    text
      .replaceAll(String(page.model.csrf), "CSRF")
      .replaceAll(challenge, "CHALLENGE")
      .replaceAll(/ch_[0-9a-z]{26}/g, "OTHER CHALLENGE")
      .replaceAll(/req_[0-9a-z]{26}/g, "REQUEST");
  const headers = [...page.headers].map(([name, value]) => [name, masked(value)]);
  return { status: page.status, headers, text: masked(page.text), cookies: [...browser.cookies.keys()] };
}

type Step = (browser: PageBrowser) => Promise<Page>;

const WRONG: Step = (browser) => browser.post("/prompt", { totp: "000000" });
const WALKS: Readonly<Record<string, readonly Step[]>> = {
  "the first page and every method": [
    (browser) => browser.get("/prompt"),
    (browser) => browser.get("/prompt?method=recovery_code"),
    (browser) => browser.get("/prompt?method=webauthn"),
  ],
  "wrong answers until the wait, and past the last attempt": [
    ...Array.from({ length: 7 }, () => WRONG),
    (browser) => browser.post("/prompt", { recovery_code: "abcd" }, { plain: true }),
    (browser) => browser.post("/prompt", { webauthn: "{}" }),
    (browser) => browser.post("/prompt", { recovery_code: "abcd-efgh-jkmn-pqrs-tvwx-yz01" }),
    WRONG,
    (browser) => browser.post("/prompt/continue"),
  ],
  "an expired challenge that is restarted": [
    async (browser) => {
      use.service.clock.advance(11 * MINUTE_MS);
      return browser.get("/prompt");
    },
    WRONG,
    (browser) => browser.post("/prompt/restart"),
    WRONG,
  ],
  cancelling: [
    (browser) => browser.post("/prompt/cancel", {}, { plain: true }),
    (browser) => browser.get("/prompt"),
    WRONG,
  ],
  "blank answers": [(browser) => browser.post("/prompt", {}), (browser) => browser.post("/prompt", { totp: " " })],
};

describe("nobody can tell from the prompt whether a subject exists", () => {
  test.each(Object.entries(WALKS))("%s", async (_, steps) => {
    await enrolTotp(use.service, use.rp, "alice");
    const start = use.service.clock.nowMs;
    const walks = [];
    for (const subject of ["alice", await decoySubject()]) {
      use.service.clock.nowMs = start;
      const { browser, challenge, page } = await openPrompt(use.service, use.rp, subject);
      const pages = [seen(page, browser, challenge)];
      for (const step of steps) pages.push(seen(await step(browser), browser, challenge));
      walks.push(pages);
    }
    expect(walks[1]).toEqual(walks[0]);
  });

  test("a decoy's passkeys stay the same from page to page, and differ from subject to subject", async () => {
    const offers = new Set<string>();
    for (let index = 0; index < 20; index++) {
      const { browser, page } = await openPrompt(use.service, use.rp, `nobody-${index}`);
      const [first, again] = [page, await browser.get("/prompt")].map((one) => {
        const options = viewOf(one, "prompt", "challenge").challenge.webauthn?.options;
        return JSON.stringify(Object(options).allowCredentials);
      });
      expect(again).toBe(first);
      if (first !== undefined) offers.add(first);
    }
    expect(offers.size).toBeGreaterThan(5);
  });
});
