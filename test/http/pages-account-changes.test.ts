import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp, prove } from "../support/enrol.ts";
import { auditKinds, newPasskey, openAccount, passkeyAnswer, signInToAccount } from "../support/page-answers.ts";
import { MODEL_PAGES, viewOf } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const MINUTE_MS = 60_000;

async function listed(): Promise<readonly unknown[]> {
  const { body } = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
  return Array.isArray(body.authenticators) ? body.authenticators : [];
}

describe("adding", () => {
  test("goes on at the enrolment page and comes back to say that it was added", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    expect((await browser.post("/account/add", { method: "webauthn" })).location).toBe("/enrol");
    const setup = await browser.get("/enrol");
    const done = await browser.post("/enrol/passkey", newPasskey(browser.device, setup));
    expect(viewOf(done, "enrol", "done")).toMatchObject({ nudge: "none", added: { method: "webauthn" } });
    expect((await browser.post("/enrol/finish")).location).toBe("/account");
    const overview = viewOf(await browser.get("/account"), "account", "overview");
    expect(overview).toMatchObject({ done: "added", nudgeSecond: false });
    expect(overview.signal?.credentialIds).toHaveLength(1);
    const later = viewOf(await browser.get("/account"), "account", "overview");
    expect([later.done, later.signal]).toEqual([undefined, undefined]);
    expect([...browser.cookies.keys()]).toEqual(["countersign-account"]);
  });

  test("comes back without a word when nothing was added", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    await browser.post("/account/add", { method: "totp" });
    expect(viewOf(await browser.get("/account"), "account", "overview").done).toBeUndefined();
  });

  test("takes a proof of the last five minutes, then goes on by itself", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    use.service.clock.advance(5 * MINUTE_MS + 1000);
    const asked = await browser.post("/account/add", { method: "webauthn" }, { plain: true });
    expect(asked.status).toBe(409);
    expect(viewOf(asked, "account", "step_up").why).toBe("change");
    const other = viewOf(await browser.get("/account?method=recovery_code"), "account", "step_up");
    expect(other).toMatchObject({ why: "change", challenge: { current: "recovery_code" } });
    const answered = await browser.post("/account/verify", { totp: app.code() }, { plain: true });
    expect([answered.status, answered.location]).toEqual([303, "/enrol"]);
    viewOf(await browser.get("/enrol"), "enrol", "passkey");
  });

  test("takes the strongest that the person has: a stolen session with a one-time code adds nothing", async () => {
    const passkey = await enrolPasskey(use.service, use.rp, "alice");
    const proof = await prove(use.rp, "alice", (opened) => ({ webauthn: passkey.answer(opened) }));
    const app = await enrolTotp(use.service, use.rp, "alice", proof);
    const { browser } = await openAccount(use.service, use.rp, "alice");
    await browser.post("/account/verify", { totp: app.code() });
    const asked = viewOf(await browser.post("/account/add", { method: "totp" }), "account", "step_up");
    expect(asked.challenge.methods).toEqual(["webauthn", "recovery_code"]);
    const weak = await browser.post("/account/verify", { totp: app.next() });
    expect(weak.status).toBe(403);
    const strong = await browser.post("/account/verify", passkeyAnswer(passkey.device, asked.challenge));
    expect(strong.location).toBe("/enrol");
  });

  test("ends with the five minutes: going on at the enrolment page leads back to be asked again", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    await browser.post("/account/add", { method: "totp" });
    await browser.get("/enrol");
    use.service.clock.advance(5 * MINUTE_MS + 1000);
    expect((await browser.post("/enrol/method", { method: "webauthn" })).location).toBe("/account");
    expect((await browser.post("/enrol/back")).location).toBe("/account");
  });

  test("knows two methods", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    const refused = await browser.post("/account/add", { method: "recovery_code" });
    expect(refused.status).toBe(400);
    viewOf(refused, "account", "overview");
  });
});

describe("renaming", () => {
  test("changes the name at once, in a session proven long ago too", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    use.service.clock.advance(30 * MINUTE_MS);
    const renamed = await browser.post("/account/rename", { authenticator: app.id, label: " Blue phone " });
    expect(viewOf(renamed, "account", "overview")).toMatchObject({
      done: "renamed",
      authenticators: [{ label: "Blue phone" }],
    });
    const plain = await browser.post("/account/rename", { authenticator: app.id, label: "Red" }, { plain: true });
    expect([plain.status, plain.location]).toEqual([303, "/account"]);
    expect(viewOf(await browser.get("/account"), "account", "overview").done).toBe("renamed");
    expect(viewOf(await browser.get("/account"), "account", "overview").done).toBeUndefined();
  });

  test.each(["", "  ", "a\u0000b", "x".repeat(65)])("refuses the name %j", async (label) => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    const refused = await browser.post("/account/rename", { authenticator: app.id, label });
    expect(refused.status).toBe(400);
    expect(viewOf(refused, "account", "overview").authenticators[0]?.label).toBe("Authenticator app");
  });

  test("reaches only the person's own", async () => {
    const bob = await enrolTotp(use.service, use.rp, "bob");
    const { browser } = await signInToAccount(use.service, use.rp);
    const foreign = await browser.post("/account/rename", { authenticator: bob.id, label: "Mine now" });
    expect(viewOf(foreign, "account", "overview").done).toBeUndefined();
    const { body } = await use.rp.post("/v1/authenticators/list", { subject: "bob" });
    expect(JSON.stringify(body)).not.toContain("Mine now");
  });
});

describe("removing", () => {
  test("says what will still work, and removes on the second word", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    await browser.post("/account/add", { method: "webauthn" });
    await browser.post("/enrol/passkey", newPasskey(browser.device, await browser.get("/enrol")));
    const asked = await browser.get("/account/remove?n=2");
    const { challenge } = viewOf(asked, "account", "step_up");
    const view = viewOf(
      await browser.post("/account/verify", passkeyAnswer(browser.device, challenge)),
      "account",
      "remove",
    );
    expect(view).toMatchObject({
      authenticator: { method: "webauthn" },
      stillWork: [{ id: app.id }],
      recoveryCodesLeft: 10,
      lastStrong: false,
    });
    const removed = await browser.post("/account/remove", { authenticator: view.authenticator.id });
    const overview = viewOf(removed, "account", "overview");
    expect(overview).toMatchObject({ done: "removed", authenticators: [{ id: app.id }], nudgeSecond: true });
    expect(overview.signal?.credentialIds).toEqual([]);
    expect(overview.activity[0]?.kind).toBe("authenticator_removed");
  });

  test("of the last one warns, and takes the recovery codes with it", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    const view = viewOf(await browser.get("/account/remove?n=1"), "account", "remove");
    expect(view).toMatchObject({ stillWork: [], recoveryCodesLeft: 0, lastStrong: true });
    const removed = await browser.post("/account/remove", { authenticator: app.id });
    const overview = viewOf(removed, "account", "overview");
    expect([overview.authenticators, overview.recoveryCodesLeft]).toEqual([[], undefined]);
    use.service.clock.advance(20 * MINUTE_MS);
    expect((await browser.post("/account/add", { method: "totp" })).location).toBe("/enrol");
    viewOf(await browser.get("/enrol"), "enrol", "totp");
  });

  test.each(["0", "2", "-1", "1.5", "x", ""])("knows no place %j in the list", async (n) => {
    const { browser } = await signInToAccount(use.service, use.rp);
    expect((await browser.get(`/account/remove?n=${n}`)).location).toBe("/account");
  });

  test("takes a fresh proof for the second word too", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    viewOf(await browser.get("/account/remove?n=1"), "account", "remove");
    use.service.clock.advance(6 * MINUTE_MS);
    const asked = await browser.post("/account/remove", { authenticator: app.id });
    expect(viewOf(asked, "account", "step_up").why).toBe("change");
    expect(await listed()).toHaveLength(2);
  });

  test("reaches only the person's own listed authenticators", async () => {
    const bob = await enrolTotp(use.service, use.rp, "bob");
    const { browser } = await signInToAccount(use.service, use.rp);
    const codes = String(
      (await listed()).map((one) => Object(one)).find(({ method }) => method === "recovery_code")?.id,
    );
    for (const authenticator of [bob.id, codes, "au_none", ""]) {
      const refused = await browser.post("/account/remove", { authenticator });
      expect(viewOf(refused, "account", "overview").done).toBeUndefined();
    }
    expect(await listed()).toHaveLength(2);
    expect((await use.rp.post("/v1/verify", { subject: "bob", totp: bob.code() })).status).toBe(200);
  });
});

describe("renewing recovery codes", () => {
  test("shows the new set once, and the old one is dead", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    const renewed = viewOf(await browser.post("/account/recovery-codes"), "account", "recovery_codes");
    const { codes } = renewed.recoveryCodes;
    expect(codes).toHaveLength(10);
    for (const page of [await browser.get("/account"), await browser.post("/account/saved")]) {
      for (const code of codes) expect(page.text).not.toContain(code);
    }
    const lane = { subject: "alice", first_factor: true };
    expect((await use.rp.post("/v1/verify", { ...lane, recovery_code: app.recoveryCodes[0] })).status).toBe(403);
    expect((await use.rp.post("/v1/verify", { ...lane, recovery_code: codes[0] })).status).toBe(200);
    const saved = viewOf(await browser.post("/account/saved"), "account", "overview");
    expect(saved).toMatchObject({ done: "recovery_codes_saved", recoveryCodesLeft: 9 });
  });

  test("takes a fresh proof, and goes on by itself", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    use.service.clock.advance(6 * MINUTE_MS);
    viewOf(await browser.post("/account/recovery-codes"), "account", "step_up");
    viewOf(await browser.post("/account/verify", { totp: app.code() }), "account", "recovery_codes");
  });

  test("makes none for a person without authenticators", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    await browser.post("/account/remove", { authenticator: app.id });
    const overview = viewOf(await browser.post("/account/recovery-codes"), "account", "overview");
    expect(overview.recoveryCodesLeft).toBeUndefined();
  });

  test("that was put aside does not come back with the next proof", async () => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    use.service.clock.advance(6 * MINUTE_MS);
    await browser.post("/account/recovery-codes");
    viewOf(await browser.get("/account"), "account", "overview");
    viewOf(await browser.post("/account/verify", { totp: app.code() }), "account", "overview");
    expect(await auditKinds(use.service)).not.toContain("recovery_codes_renewed");
  });
});
