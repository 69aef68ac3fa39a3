import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp, openChallenge, prove } from "../support/enrol.ts";
import { appFrom, auditKinds, openAccount, openPrompt, signInToAccount } from "../support/page-answers.ts";
import { MODEL_PAGES, openBrowser, RETURN_URL, viewOf } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const MINUTE_MS = 60_000;

describe("signing in", () => {
  test("asks for any of the person's methods, then shows all that is theirs", async () => {
    const passkey = await enrolPasskey(use.service, use.rp, "alice", { settings: { backupEligible: true } });
    use.service.clock.advance(1);
    const proof = await prove(use.rp, "alice", (opened) => ({ webauthn: passkey.answer(opened) }));
    const app = await enrolTotp(use.service, use.rp, "alice", proof);
    const { browser, page } = await openAccount(use.service, use.rp, "alice", { account_name: "alice@example.com" });
    const stepUp = viewOf(page, "account", "step_up");
    expect(stepUp).toMatchObject({ why: "sign_in", challenge: { methods: ["webauthn", "totp", "recovery_code"] } });
    const answered = await browser.post("/account/verify", { totp: app.code() });
    const overview = viewOf(answered, "account", "overview");
    expect(overview.authenticators).toMatchObject([
      { method: "webauthn", label: "Passkey 2026-11-23", sync: "syncable" },
      { method: "totp", label: "Authenticator app", lastUsedAt: new Date(use.service.clock.now()).toISOString() },
    ]);
    expect(overview).toMatchObject({ recoveryCodesLeft: 10, nudgeSecond: false, returnHost: "localhost:3000" });
    expect(overview.signal).toMatchObject({ rpId: "localhost", accountName: "alice@example.com" });
    expect(overview.signal?.credentialIds).toHaveLength(1);
    expect(overview.activity.map(({ kind }) => kind)).toEqual([
      "signed_in",
      "authenticator_added",
      "enrolment_started",
      "signed_in",
      "authenticator_added",
      "enrolment_started",
    ]);
    expect(overview.activity[0]).toMatchObject({ method: "totp", relyingParty: "Shop" });
    expect(viewOf(await browser.get("/account"), "account", "overview").signal).toBeUndefined();
  });

  test("gives the session a new token, and the old one is dead", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openAccount(use.service, use.rp, "alice");
    const before = browser.cookies.get("countersign-account") ?? "";
    await browser.post("/account/verify", { totp: app.code() }, { plain: true });
    expect(browser.cookies.get("countersign-account")).not.toBe(before);
    viewOf(await browser.get("/account"), "account", "overview");
    const planted = openBrowser(use.service);
    planted.cookies.set("countersign-account", before);
    expect((await planted.get("/account")).status).toBe(401);
  });

  test("without script goes back to the page by 303", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openAccount(use.service, use.rp, "alice");
    const answered = await browser.post("/account/verify", { totp: app.code() }, { plain: true });
    expect([answered.status, answered.location]).toEqual([303, "/account"]);
  });

  test("shows nothing and does nothing before the proof", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openAccount(use.service, use.rp, "alice");
    const fields = { authenticator: app.id, label: "Mine now", method: "totp" };
    for (const path of ["add", "rename", "remove", "recovery-codes", "saved", "remind-later", "not-me"]) {
      viewOf(await browser.post(`/account/${path}`, fields), "account", "step_up");
    }
    viewOf(await browser.get("/account/remove?n=1"), "account", "step_up");
    expect(await auditKinds(use.service)).not.toContain("subject_reported");
    const { body, text } = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
    expect(body.authenticators).toHaveLength(2);
    expect(text).not.toContain("Mine now");
  });

  test("counts misses, is throttled, and asks anew when the challenge is too old", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openAccount(use.service, use.rp, "alice");
    for (let misses = 1; misses <= 5; misses++) {
      const refused = await browser.post("/account/verify", { totp: app.wrong() });
      expect(refused.status).toBe(403);
      const { challenge } = viewOf(refused, "account", "step_up");
      expect(challenge.problem).toEqual({ code: "rejected", misses });
    }
    expect((await browser.post("/account/verify", { totp: app.code() })).status).toBe(429);
    use.service.clock.advance(11 * MINUTE_MS);
    const late = viewOf(await browser.post("/account/verify", { totp: app.code() }), "account", "step_up");
    expect(late.challenge.problem).toBeUndefined();
    expect(Date.parse(late.challenge.expiresAt)).toBe(use.service.clock.now() + 10 * MINUTE_MS);
    viewOf(await browser.post("/account/verify", { totp: app.code() }), "account", "overview");
  });

  test("with a recovery code ends the person's other sessions and begun enrolments", async () => {
    const { browser: other, app } = await signInToAccount(use.service, use.rp);
    await other.post("/account/add", { method: "totp" });
    const { browser } = await openAccount(use.service, use.rp, "alice");
    await browser.post("/account/verify", { recovery_code: app.recoveryCodes[0] ?? "" });
    expect((await other.get("/account")).status).toBe(401);
    expect((await other.get("/enrol")).status).toBe(401);
    const { activity, recoveryCodesLeft } = viewOf(await browser.get("/account"), "account", "overview");
    expect(recoveryCodesLeft).toBe(9);
    expect(activity[0]?.kind).toBe("recovery_code_used");
  });

  test("proves nothing to a relying party: what was answered here cannot be redeemed or spent", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openAccount(use.service, use.rp, "alice");
    await browser.post("/account/verify", { totp: app.code() });
    const body = { subject: "alice", authenticator: app.id };
    const opened = await openChallenge(use.rp, "alice");
    const refused = await use.rp.post("/v1/authenticators/revoke", { ...body, proof: opened.body.challenge });
    expect(refused.body.code).toBe("step_up_required");
  });
});

describe("a person without authenticators", () => {
  test("is led to set up the first, and from there to an account page that is already proven", async () => {
    const { browser, page } = await openAccount(use.service, use.rp, "alice");
    expect(page.location).toBe("/enrol");
    viewOf(await browser.get("/enrol"), "enrol", "choose");
    const app = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    await browser.post("/enrol/totp", { totp: app.code() });
    expect(viewOf(await browser.post("/enrol/saved"), "enrol", "done").returnHost).toBeUndefined();
    const finished = await browser.post("/enrol/finish", {}, { plain: true });
    expect([finished.status, finished.location]).toEqual([303, "/account"]);
    expect(viewOf(await browser.get("/account"), "account", "overview").returnHost).toBe("localhost:3000");
  });
});

test("a suggestion that was put off stays away for the session", async () => {
  const { browser, page } = await signInToAccount(use.service, use.rp);
  expect(viewOf(page, "account", "overview").nudgeSecond).toBe(true);
  expect(viewOf(await browser.post("/account/remind-later"), "account", "overview").nudgeSecond).toBe(false);
  expect(viewOf(await browser.get("/account"), "account", "overview").nudgeSecond).toBe(false);
});

test("'this was not me' tells the relying party and leaves only this session", async () => {
  const { browser, app } = await signInToAccount(use.service, use.rp);
  const remembered = await use.rp.post("/v1/verify", { subject: "alice", totp: app.next(), remember_device: true });
  const prompt = await openPrompt(use.service, use.rp, "alice");
  const account = await openAccount(use.service, use.rp, "alice");
  const { body } = await use.rp.post("/v1/links", { page: "account", subject: "alice" });
  const bob = await enrolTotp(use.service, use.rp, "bob");
  const stranger = await openAccount(use.service, use.rp, "bob");
  const reported = await browser.post("/account/not-me");
  expect(viewOf(reported, "account", "overview").done).toBe("reported");
  expect((await prompt.browser.get("/prompt")).status).toBe(401);
  expect((await account.browser.get("/account")).status).toBe(401);
  expect((await openBrowser(use.service).enter(String(body.url))).status).toBe(404);
  expect((await stranger.browser.post("/account/verify", { totp: bob.code() })).status).toBe(200);
  const { body: events } = await use.rp.post("/v1/events/list", {});
  expect(events.events).toContainEqual(expect.objectContaining({ kind: "subject_reported" }));
  const device = await use.service.deps.store.devices.find(String(remembered.body.device).split(".")[0] ?? "");
  expect(device?.revokedAtMs).toBe(use.service.clock.now());
});

describe("leaving", () => {
  test("by signing out kills the session on the server and clears the browser", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    await browser.post("/account/add", { method: "totp" });
    await browser.get("/account");
    const kept = new Map(browser.cookies);
    const left = await browser.post("/account/sign-out");
    viewOf(left, "account", "signed_out");
    expect(left.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect(browser.cookies.size).toBe(0);
    for (const [name, value] of kept) browser.cookies.set(name, value);
    expect((await browser.get("/account")).status).toBe(401);
    expect((await browser.get("/enrol")).status).toBe(401);
    expect(await auditKinds(use.service)).toContain("session_closed");
  });

  test("by going back to the relying party ends the session as well", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    const kept = new Map(browser.cookies);
    expect((await browser.post("/account/finish")).location).toBe(RETURN_URL);
    for (const [name, value] of kept) browser.cookies.set(name, value);
    expect((await browser.get("/account")).status).toBe(401);
  });

  test("to nowhere stays at the overview", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openAccount(use.service, use.rp, "alice", { return_url: undefined });
    viewOf(await browser.post("/account/finish"), "account", "step_up");
    await browser.post("/account/verify", { totp: app.code() });
    viewOf(await browser.post("/account/finish"), "account", "overview");
  });
});

test("recent activity is the newest twenty, tells refusals, and keeps private reasons to itself", async () => {
  const { browser, app } = await signInToAccount(use.service, use.rp);
  for (let miss = 0; miss < 4; miss++) {
    await use.rp.post("/v1/verify", { subject: "alice", totp: app.wrong(), first_factor: true });
  }
  for (let change = 0; change < 19; change++) {
    await browser.post("/account/rename", { authenticator: app.id, label: `Phone ${change}` });
  }
  const { activity } = viewOf(await browser.get("/account"), "account", "overview");
  expect(activity).toHaveLength(20);
  expect(activity.slice(0, 19).every(({ kind }) => kind === "authenticator_renamed")).toBe(true);
  expect(activity[19]).toMatchObject({ kind: "sign_in_refused", method: "totp" });
  expect(activity[19]?.reason).toBeUndefined();
});

test("recent activity warns of a code that was used before, and of no recovery code", async () => {
  const { browser, app } = await signInToAccount(use.service, use.rp);
  use.service.clock.advance(30_000);
  const totp = app.code();
  for (const answer of [
    { totp },
    { totp },
    { totp: app.wrong() },
    { recovery_code: "0000-0000-0000-0000-0000-0000" },
  ]) {
    await use.rp.post("/v1/verify", { subject: "alice", ...answer });
  }
  const { activity } = viewOf(await browser.get("/account"), "account", "overview");
  expect(activity.slice(0, 4).map(({ kind, method }) => `${kind} ${method}`)).toEqual([
    "sign_in_refused recovery_code",
    "sign_in_refused totp",
    "used_code_refused totp",
    "signed_in totp",
  ]);
});
