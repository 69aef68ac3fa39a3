import { expect, test } from "vitest";
import { type AdminBrowser, administer, find, type PageResult, signIn, touch, viewOf } from "../support/admin.ts";
import { enrolTotp } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const REASON = "Lost phone";

async function open(browser: AdminBrowser, subject: string) {
  const { target, touch: questions } = await find(browser, use.rp.clientId, subject);
  if (!questions) throw new Error("no questions for a touch");
  return { target, reason: REASON, ...questions };
}

async function reset(browser: AdminBrowser, target: string, answer: Readonly<Record<string, string>>) {
  return browser.post("/admin/subjects/reset", { target, reason: REASON, ...answer });
}

async function expectRefused(page: PageResult): Promise<void> {
  expect([page.status, page.model.problem]).toEqual([403, "passkey_refused"]);
  expect(await use.service.deps.store.audit.list({ kind: "subject_reset", limit: 1 })).toEqual([]);
}

async function operatorAtWork(): Promise<AdminBrowser> {
  await enrolTotp(use.service, use.rp, "alice");
  await enrolTotp(use.service, use.rp, "bob");
  return administer(use.service).signedIn("operator");
}

test("a change without a touch is refused", async () => {
  const operator = await operatorAtWork();
  const { target } = await open(operator, "alice");
  await expectRefused(await reset(operator, target, {}));
});

test("a touch for one action does not count for another", async () => {
  const operator = await operatorAtWork();
  const { target, lift } = await open(operator, "alice");
  await expectRefused(await reset(operator, target, touch(operator, lift)));
});

test("a touch for one subject does not count for another", async () => {
  const operator = await operatorAtWork();
  const alice = await open(operator, "alice");
  const bob = await open(operator, "bob");
  await expectRefused(await reset(operator, bob.target, touch(operator, alice.reset)));
});

test("another administrator's touch does not count", async () => {
  const operator = await operatorAtWork();
  const other = await administer(use.service).signedIn("operator");
  const mine = await open(operator, "alice");
  const theirs = await open(other, "alice");
  await expectRefused(await reset(operator, mine.target, touch(other, theirs.reset)));
  const anybody = { ...mine.reset, options: { ...Object(mine.reset.options), allowCredentials: [] } };
  await expectRefused(await reset(operator, mine.target, touch(other, anybody)));
});

test("a touch from another session of the same administrator does not count", async () => {
  const operator = await operatorAtWork();
  const before = await open(operator, "alice");
  const cookie = operator.cookie();
  await operator.post("/admin/sign-out");
  await signIn(operator);
  expect(operator.cookie()).not.toBe(cookie);
  const after = await open(operator, "alice");
  await expectRefused(await reset(operator, after.target, touch(operator, before.reset)));
});

test("a touch is too old after five minutes", async () => {
  const operator = await operatorAtWork();
  const { target, reset: question } = await open(operator, "alice");
  const answer = touch(operator, question);
  use.service.clock.advance(5 * 60_000);
  await expectRefused(await reset(operator, target, answer));
});

test("a touch without user verification does not count", async () => {
  const operator = await operatorAtWork();
  const { target, reset: question } = await open(operator, "alice");
  await expectRefused(await reset(operator, target, touch(operator, question, { userVerified: false })));
});

test("a touch counts once, also when it comes ten times at once", async () => {
  const operator = await operatorAtWork();
  const { target, reset: question } = await open(operator, "alice");
  const answer = touch(operator, question);
  const answers = await Promise.all(Array.from({ length: 10 }, () => reset(operator, target, answer)));
  expect(answers.filter(({ model }) => model.done === "reset")).toHaveLength(1);
  const again = await reset(operator, target, answer);
  expect(again.model.problem).toBe("passkey_refused");
});

test("a refused touch comes with a new question, and is written down with who and why", async () => {
  const operator = await operatorAtWork();
  const { target, reset: question } = await open(operator, "alice");
  const refused = viewOf(await reset(operator, target, touch(operator, question, { userVerified: false })), "subject");
  const [event] = await use.service.deps.store.audit.list({ kind: "administrator_refused", limit: 1 });
  expect(event).toMatchObject({ reason: "user_unverified", actor: expect.stringMatching(/^adm_/) });
  const fresh = refused.touch?.reset;
  if (!fresh) throw new Error("no new question");
  expect(viewOf(await reset(operator, refused.target, touch(operator, fresh)), "subject").done).toBe("reset");
});
