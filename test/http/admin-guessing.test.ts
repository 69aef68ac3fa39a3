import { beforeEach, expect, test } from "vitest";
import { type AdminBrowser, administer, touch, viewOf } from "../support/admin.ts";
import type { Answer } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const BURST = 20;
const REASON = "the passwords were changed";
let asked = 0;

beforeEach(async () => {
  const { store } = use.service.deps;
  await store.atomically([store.realms.setPolicy("default", JSON.stringify({ realmBudget: { burst: BURST } }))]);
  use.service.clock.advance(6_000);
});

function spray(): Promise<Answer> {
  return use.rp.post("/v1/verify", { subject: `sprayed-${asked++}`, totp: "000000", first_factor: true });
}

async function sprayed(count: number): Promise<void> {
  for (let tries = 0; tries < count; tries++) await spray();
}

async function home(browser: AdminBrowser) {
  return viewOf(await browser.get("/admin/subjects"), "find");
}

/** The fields of the form that lifts what the page shows. */
async function form(browser: AdminBrowser) {
  const [one] = (await home(browser)).guessing;
  if (one?.touch === undefined) throw new Error("nothing to lift is offered");
  return { realm: one.realm.id, lane: one.lane, reason: REASON, ...touch(browser, one.touch) };
}

test("the first page shows guessing across accounts from half the budget on, and when codes go on", async () => {
  const auditor = await administer(use.service).signedIn("auditor");
  await sprayed(BURST / 2 - 1);
  expect((await home(auditor)).guessing).toEqual([]);
  await sprayed(1);
  const realm = { id: "default", name: expect.any(String) };
  expect((await home(auditor)).guessing).toEqual([{ realm, lane: "proven", wrong: BURST / 2 }]);
  await sprayed(BURST);
  expect((await home(auditor)).guessing).toEqual([
    { realm, lane: "proven", wrong: BURST, opensAt: expect.stringMatching(/^2026-11-23T09:/) },
  ]);
});

test("an operator lifts it with a touch and a reason; codes are looked at again, and the next alarm is news", async () => {
  await sprayed(BURST);
  expect((await spray()).status).toBe(429);
  const operator = await administer(use.service).signedIn("operator");
  const lifted = await operator.post("/admin/guessing/lift", await form(operator));
  expect(lifted.location).toBe("/admin/subjects");
  expect((await home(operator)).guessing).toEqual([]);
  // A process that has seen it shut looks again after five seconds.
  use.service.clock.advance(5_000);
  expect((await spray()).status).toBe(403);
  const [event] = await use.service.deps.store.audit.list({ kind: "guessing_alarm_lifted", limit: 9 });
  expect(event).toMatchObject({ realmId: "default", lane: "proven", reason: REASON, actor: expect.any(String) });
  expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"guessing_alarm_lifted"');
  await sprayed(BURST);
  expect(await use.service.deps.store.audit.list({ kind: "guessing_alarm", limit: 9 })).toHaveLength(2);
});

test("without reason, with a used touch, for another realm or by an auditor it stays", async () => {
  await sprayed(BURST);
  const { signedIn } = administer(use.service);
  const operator = await signedIn("operator");
  const auditor = await signedIn("auditor");
  const refusals = [];
  for (const change of [
    { reason: " " },
    { realm: "elsewhere" },
    { lane: "open" },
    { lane: "every" },
    { touch: "ch_x" },
  ]) {
    const answer = await operator.post("/admin/guessing/lift", { ...(await form(operator)), ...change });
    refusals.push(answer.model.problem);
  }
  expect(refusals).toEqual(["reason_missing", "nothing_to_do", "nothing_to_do", "invalid_input", "passkey_refused"]);
  const fields = await form(operator);
  expect((await auditor.post("/admin/guessing/lift", fields)).model.problem).toBe("forbidden");
  expect((await home(auditor)).guessing[0]).not.toHaveProperty("touch");
  expect((await home(operator)).guessing).toHaveLength(1);
});
