import { describe, expect, test } from "vitest";
import { enrolTotp } from "../support/enrol.ts";
import { auditKinds, openAccount, openPrompt } from "../support/page-answers.ts";
import { MODEL_PAGES, type PageBrowser, viewOf } from "../support/page-browser.ts";
import type { Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const DAY_MS = 24 * 60 * 60 * 1000;
const suspicions = () => use.service.deps.store.audit.list({ kind: "password_suspected", limit: 20 });

/** Wrong codes after the right password, sitting out every wait. */
async function fail(times: number, subject = "alice", terms: Json = { first_factor: true }): Promise<void> {
  for (let guess = 0; guess < times; ) {
    const { status, headers } = await use.rp.post("/v1/verify", { subject, totp: "00000", ...terms });
    if (status === 403) guess++;
    else use.service.clock.advance(Number(headers.get("retry-after")) * 1000);
  }
}

async function signIn(subject = "alice"): Promise<PageBrowser> {
  const app = await enrolTotp(use.service, use.rp, subject);
  const { browser } = await openAccount(use.service, use.rp, subject);
  viewOf(await browser.post("/account/verify", { totp: app.code() }), "account", "overview");
  return browser;
}

async function shownTo(browser: PageBrowser) {
  return viewOf(await browser.get("/account"), "account", "overview").suspicion;
}

describe("a password is taken to be known to somebody else", () => {
  test("at the third wrong second factor in a row after the right first one, and the relying party is told at once", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    await fail(2);
    expect(await suspicions()).toEqual([]);
    await fail(1);
    expect(await suspicions()).toMatchObject([{ lane: "proven", method: "totp", reason: "answers_refused" }]);
    const { body } = await use.rp.post("/v1/events/list", {});
    const opened = await use.rp.post("/v1/challenges", { subject: "alice" });
    expect(body.events).toContainEqual({
      id: expect.any(String),
      kind: "password_suspected",
      at: new Date(use.service.clock.now()).toISOString(),
      subject_id: opened.body.subject_id,
      method: "totp",
      by_administrator: false,
    });
  });

  test("again with every tenth more, however long it takes", async () => {
    await fail(12);
    use.service.clock.advance(DAY_MS);
    expect(await suspicions()).toHaveLength(1);
    await fail(1);
    expect(await suspicions()).toHaveLength(2);
  });

  test("by wrong recovery codes as well, and not by wrong codes that a right one comes between", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    for (let day = 0; day < 3; day++) {
      await fail(2);
      const right = { subject: "alice", totp: app.next(), first_factor: true };
      expect((await use.rp.post("/v1/verify", right)).status).toBe(200);
    }
    expect(await suspicions()).toEqual([]);
    const recovery = { subject: "alice", recovery_code: "0000-0000-0000-0000-0000-0000", first_factor: true };
    for (let guess = 0; guess < 3; guess++) await use.rp.post("/v1/verify", recovery);
    expect(await suspicions()).toMatchObject([{ method: "recovery_code" }]);
  });

  test("by a challenge that is declined after the first factor, and by no other", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const open = await openPrompt(use.service, use.rp, "alice", { terms: { lane: { first_factor: false } } });
    await open.browser.post("/prompt/cancel");
    expect(await suspicions()).toEqual([]);
    const proven = await openPrompt(use.service, use.rp, "alice");
    await proven.browser.post("/prompt/cancel");
    await proven.browser.post("/prompt/cancel");
    expect(await suspicions()).toMatchObject([{ reason: "challenge_declined" }]);
  });

  test("not by wrong codes without the password, nor on a device of theirs", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const remembered = await use.rp.post("/v1/verify", { subject: "alice", totp: app.code(), remember_device: true });
    await fail(5, "alice", {});
    await fail(5, "alice", { first_factor: true, device: remembered.body.device });
    expect(await suspicions()).toEqual([]);
  });

  test("also for subjects that do not exist, so that events tell nobody who does", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    await fail(3);
    await fail(3, "nobody");
    const { body } = await use.rp.post("/v1/events/list", {});
    const events = (Array.isArray(body.events) ? body.events : []).filter(({ kind }) => kind === "password_suspected");
    expect(events.map((event) => Object.keys(event))).toEqual([Object.keys(events[0]), Object.keys(events[0])]);
  });

  test("after as many as the realm's policy says", async () => {
    const { store } = use.service.deps;
    await store.atomically([store.realms.setPolicy("default", '{"suspicion":{"wrongInRow":1,"againEvery":2}}')]);
    use.service.clock.advance(DAY_MS);
    await fail(4);
    expect(await suspicions()).toHaveLength(2);
  });
});

describe("the account page asks whether that was its person", () => {
  test("with time, place and what happened, until it is answered", async () => {
    const browser = await signIn();
    expect(await shownTo(browser)).toBeUndefined();
    await fail(3);
    const at = new Date(use.service.clock.now()).toISOString();
    use.service.clock.advance(60_000);
    expect(await shownTo(browser)).toEqual({ at, cause: "answers_refused", relyingParty: "Shop" });
    const { activity } = viewOf(await browser.get("/account"), "account", "overview");
    expect(activity[0]).toMatchObject({ kind: "password_suspected", method: "totp", relyingParty: "Shop" });
  });

  test("and is told that it was them: written down, told to nobody, and asked no more until it happens again", async () => {
    const browser = await signIn();
    await fail(3);
    await browser.get("/account");
    const answered = viewOf(await browser.post("/account/suspicion", { answer: "me" }), "account", "overview");
    expect([answered.done, answered.suspicion]).toEqual(["dismissed", undefined]);
    expect(await auditKinds(use.service)).toContain("suspicion_dismissed");
    expect((await use.rp.post("/v1/events/list", {})).text).not.toContain("suspicion_dismissed");
    expect(answered.activity[0]?.kind).toBe("suspicion_dismissed");
    const { browser: thief } = await openPrompt(use.service, use.rp, "alice");
    await thief.post("/prompt/cancel");
    expect(await shownTo(browser)).toMatchObject({ cause: "challenge_declined" });
  });

  test("and is told that it was not: the relying party hears of it, and only this session is left", async () => {
    const browser = await signIn();
    await fail(3);
    const { browser: thief } = await openPrompt(use.service, use.rp, "alice");
    await browser.get("/account");
    const sent = await browser.post("/account/suspicion", { answer: "not_me" }, { plain: true });
    expect([sent.status, sent.location]).toEqual([303, "/account"]);
    const after = viewOf(await browser.get("/account"), "account", "overview");
    expect([after.done, after.suspicion]).toEqual(["reported", undefined]);
    expect((await thief.get("/prompt")).status).toBe(401);
    const { text } = await use.rp.post("/v1/events/list", {});
    expect(text).toContain('"kind":"suspicion_confirmed"');
    expect(text).toContain('"kind":"subject_reported"');
  });

  test("and takes no other answer, and none to what nobody asked", async () => {
    const browser = await signIn();
    await fail(3);
    await browser.get("/account");
    expect((await browser.post("/account/suspicion", { answer: "maybe" })).status).toBe(400);
    expect(await shownTo(browser)).toBeDefined();
    await browser.post("/account/suspicion", { answer: "me" });
    const twice = viewOf(await browser.post("/account/suspicion", { answer: "not_me" }), "account", "overview");
    expect(twice.done).toBeUndefined();
    expect(await auditKinds(use.service)).not.toContain("suspicion_confirmed");
  });

  test("only once the person has shown an authenticator", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    await fail(3);
    const { browser, page } = await openAccount(use.service, use.rp, "alice");
    expect(page.text).not.toContain("suspicion");
    viewOf(await browser.post("/account/suspicion", { answer: "me" }), "account", "step_up");
    expect(await auditKinds(use.service)).not.toContain("suspicion_dismissed");
  });
});
