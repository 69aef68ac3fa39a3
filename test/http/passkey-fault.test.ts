import { describe, expect, test } from "vitest";
import { openEnrolment, openPrompt, signInToAccount } from "../support/page-answers.ts";
import { MODEL_PAGES, openBrowser, type PageBrowser } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const NAMES = [
  "NotSupportedError",
  "TypeError",
  "UnknownError",
  "NotReadableError",
  "EncodingError",
  "DataError",
  "OperationError",
];

/** What was logged since the last look. */
function logged(): readonly unknown[] {
  return use.service.log.splice(0).map((line): unknown => JSON.parse(line));
}

async function visitor(page: string): Promise<PageBrowser> {
  if (page === "prompt") return (await openPrompt(use.service, use.rp, "alice")).browser;
  if (page === "enrol") return (await openEnrolment(use.service, use.rp, "bob")).browser;
  return (await signInToAccount(use.service, use.rp)).browser;
}

describe("a passkey call that failed in the browser", () => {
  test.each(["prompt", "enrol", "account"])(
    "of a page is logged by name, ceremony and realm, and nothing else: %s",
    async (page) => {
      const browser = await visitor(page);
      logged();
      for (const error of NAMES) {
        const told = await browser.post(`/${page}/passkey-fault`, { error, ceremony: "create", subject: "alice" });
        expect([told.status, told.location]).toEqual([200, `/${page}`]);
      }
      const requestId = expect.stringMatching(/^req_/);
      expect(logged()).toEqual(
        NAMES.map((error) => ({
          level: "warn",
          event: "webauthn_failed",
          requestId,
          realmId: "default",
          ceremony: "create",
          error,
        })),
      );
    },
  );

  test("is an alarm when the browser refuses the domain", async () => {
    const browser = await visitor("prompt");
    logged();
    await browser.post("/prompt/passkey-fault", { error: "SecurityError", ceremony: "get" });
    expect(logged()).toMatchObject([{ level: "error", event: "webauthn_domain_refused", ceremony: "get" }]);
  });

  test("leaves no word of its own in the log", async () => {
    const browser = await visitor("prompt");
    logged();
    const words = ["alice@example.com", "SecurityError\n{}", "x".repeat(1000), "", "constructor"];
    for (const error of words) await browser.post("/prompt/passkey-fault", { error, ceremony: error });
    const lines = logged();
    expect(lines).toHaveLength(words.length);
    for (const line of lines) expect(line).toMatchObject({ event: "webauthn_failed", error: "other", ceremony: "get" });
  });

  test("of an administrator is logged too, signed in or not", async () => {
    const browser = openBrowser(use.service);
    await browser.get("/admin/sign-in");
    logged();
    expect((await browser.post("/admin/passkey-fault", { error: "DataError", ceremony: "get" })).location).toBe(
      "/admin",
    );
    expect(logged()).toMatchObject([{ event: "webauthn_failed", error: "DataError" }]);
  });

  test("is nothing that strangers can say", async () => {
    const stranger = openBrowser(use.service);
    for (const page of ["prompt", "enrol", "account", "admin"]) {
      expect((await stranger.post(`/${page}/passkey-fault`, { error: "DataError" })).status).toBe(401);
    }
    expect(logged()).toEqual([]);
  });
});
