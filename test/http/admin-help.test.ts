import { describe, expect, test } from "vitest";
import { type AdminBrowser, administer, find, touch, viewOf } from "../support/admin.ts";
import { enrolTotp } from "../support/enrol.ts";
import { openPrompt } from "../support/page-answers.ts";
import { MODEL_PAGES } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });
const REASON = "Called back on the number in the file";

async function askForHelp(subject: string): Promise<void> {
  const { browser } = await openPrompt(use.service, use.rp, subject);
  await browser.post("/prompt/help");
  use.service.clock.advance(1_000);
}

async function queue(browser: AdminBrowser) {
  return viewOf(await browser.get("/admin/help"), "help");
}

async function times(browser: AdminBrowser): Promise<readonly number[]> {
  return (await queue(browser)).requests.map((one) => one.times);
}

async function lookupsSeen(): Promise<readonly string[]> {
  const looks = await use.service.deps.store.audit.list({ kind: "administrator_looked_up", limit: 9 });
  return looks.map(({ subjectLookup }) => subjectLookup ?? "");
}

describe("the queue of those who have lost everything", () => {
  test("shows each person once at each relying party, the newest first, whether we know them or not", async () => {
    await enrolTotp(use.service, use.rp, "alice@example.com");
    const auditor = await administer(use.service).signedIn("auditor");
    expect(await queue(auditor)).toMatchObject({ requests: [], isCut: false });
    for (const subject of ["alice@example.com", "nobody", "alice@example.com"]) await askForHelp(subject);
    const page = await auditor.get("/admin/help");
    const { requests } = viewOf(page, "help");
    expect(requests.map((one) => [one.relyingParty, one.times])).toEqual([
      ["Shop", 2],
      ["Shop", 1],
    ]);
    expect(Object.keys(requests[0] ?? {})).toEqual(Object.keys(requests[1] ?? {}));
    expect(page.text).not.toContain("alice");
    const events = await use.service.deps.store.audit.list({ kind: "help_requested", limit: 9 });
    for (const { subjectLookup } of events) expect(page.text).not.toContain(subjectLookup);
  });

  test("leads to the person's page, which is written down, and a reset there takes them off", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    await askForHelp("alice");
    await askForHelp("bob");
    const operator = await administer(use.service).signedIn("operator");
    const [, alice] = (await queue(operator)).requests;
    const opened = viewOf(await operator.post("/admin/help/open", { target: alice?.target ?? "" }), "subject");
    expect(opened.authenticators).toMatchObject([{ method: "totp" }]);
    expect(opened.events.map(({ kind }) => kind)).toContain("help_requested");
    expect(await lookupsSeen()).toHaveLength(1);
    if (!opened.touch) throw new Error("an operator is offered no reset");
    const fields = { target: opened.target, reason: REASON, ...touch(operator, opened.touch.reset) };
    expect(viewOf(await operator.post("/admin/subjects/reset", fields), "subject").done).toBe("reset");
    expect(await times(operator)).toEqual([1]);
    const found = await find(operator, use.rp.clientId, "bob");
    expect(found.events.map(({ kind }) => kind)).toContain("help_requested");
  });

  test("lets go of whom somebody has marked as handled, for a reason in the audit log, until they ask again", async () => {
    await askForHelp("alice");
    const operator = await administer(use.service).signedIn("operator");
    const [alice] = (await queue(operator)).requests;
    const target = alice?.target ?? "";
    const refused = await operator.post("/admin/help/handled", { target, reason: " " });
    expect([refused.status, refused.model.problem]).toEqual([400, "reason_missing"]);
    expect((await operator.post("/admin/help/handled", { target, reason: REASON })).location).toBe("/admin/help");
    expect(await times(operator)).toEqual([]);
    const [event] = await use.service.deps.store.audit.list({ kind: "help_handled", limit: 9 });
    expect(event).toMatchObject({ reason: REASON, rpId: use.rp.clientId, actor: expect.stringMatching(/^adm_/) });
    const again = await operator.post("/admin/help/handled", { target, reason: REASON });
    expect([again.status, again.model.problem]).toEqual([409, "nothing_to_do"]);
    await askForHelp("alice");
    expect(await times(operator)).toEqual([1]);
  });

  test("acts on what its own page has sealed for the session, and on nothing else", async () => {
    await askForHelp("alice");
    const { signedIn } = administer(use.service);
    const operator = await signedIn("operator", "Olga");
    const other = await signedIn("operator", "Otto");
    const [alice] = (await queue(other)).requests;
    for (const target of ["", "v1.k1.AAAA", alice?.target ?? ""]) {
      await operator.get("/admin/help");
      expect((await operator.post("/admin/help/open", { target })).model.problem).toBe("not_found");
      expect((await operator.post("/admin/help/handled", { target, reason: REASON })).model.problem).toBe("not_found");
    }
    expect(await lookupsSeen()).toEqual([]);
    expect(await times(operator)).toEqual([1]);
  });

  test("looks at two hundred requests, and says where the older ones are", async () => {
    const { store } = use.service.deps;
    const about = { atMs: 1, realmId: "default", rpId: use.rp.clientId, requestId: "req_test" } as const;
    const append = (kind: "help_requested" | "help_handled", who: number) =>
      store.audit.append({ ...about, kind, subjectLookup: `lookup-${who}` });
    const people = Array.from({ length: 205 }, (_, who) => who);
    await store.atomically(people.map((who) => append("help_requested", who)));
    const auditor = await administer(use.service).signedIn("auditor");
    const full = await queue(auditor);
    expect([full.requests.length, full.isCut]).toEqual([200, true]);
    await store.atomically(people.slice(1).map((who) => append("help_handled", who)));
    expect((await queue(auditor)).requests).toEqual([]);
  });
});
