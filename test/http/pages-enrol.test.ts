import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp, prove } from "../support/enrol.ts";
import { appFrom, auditKinds, newPasskey, openEnrolment } from "../support/page-answers.ts";
import { MODEL_PAGES, openBrowser, type PageBrowser, RETURN_URL, viewOf } from "../support/page-browser.ts";
import type { Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";

const use = useService({ pages: MODEL_PAGES });

const MINUTE_MS = 60_000;

/** A browser at the hosted page of an enrolment that the API has started. */
async function openFixed(subject: string, body: Json = {}): Promise<PageBrowser> {
  const started = await use.rp.post("/v1/enrolments", { subject, method: "totp", ...body });
  expect(started.status, started.text).toBe(201);
  const browser = openBrowser(use.service);
  await browser.enter(String(started.body.url));
  return browser;
}

describe("a relying party's link", () => {
  test("lets a person without authenticators choose, confirm, save recovery codes and go back", async () => {
    const { browser, page } = await openEnrolment(use.service, use.rp, "alice", { account_name: "alice@example.com" });
    expect(viewOf(page, "enrol", "choose").hasAuthenticators).toBe(false);
    const setup = await browser.post("/enrol/method", { method: "totp" });
    const { totp, canChooseAgain } = viewOf(setup, "enrol", "totp");
    expect(canChooseAgain).toBe(true);
    expect(totp).toMatchObject({ digits: 6, accountName: "alice@example.com" });
    expect(totp.uri).toContain(`otpauth://totp/Shop:alice@example.com?secret=${totp.key.join("")}`);
    expect(totp.qr.path).toMatch(/^M\d/);
    const confirmed = await browser.post("/enrol/totp", {
      totp: appFrom(use.service, setup).code(),
      label: " My phone ",
    });
    const { recoveryCodes } = viewOf(confirmed, "enrol", "recovery_codes");
    expect(new Set(recoveryCodes.codes).size).toBe(10);
    expect(recoveryCodes).toMatchObject({
      serviceName: "Shop",
      createdAt: new Date(use.service.clock.now()).toISOString(),
    });
    const done = viewOf(await browser.post("/enrol/saved"), "enrol", "done");
    expect(done).toMatchObject({
      added: { method: "totp", label: "My phone" },
      nudge: "passkey",
      returnHost: "localhost:3000",
    });
    expect((await browser.post("/enrol/finish")).location).toBe(RETURN_URL);
    expect((await browser.get("/enrol")).status).toBe(401);
    expect(await auditKinds(use.service)).toContain("authenticator_added");
  });

  test("works without script from page to page", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const started = await browser.post("/enrol/method", { method: "totp" }, { plain: true });
    expect([started.status, started.location]).toEqual([303, "/enrol"]);
    const app = appFrom(use.service, await browser.get("/enrol"));
    const confirmed = await browser.post("/enrol/totp", { totp: app.code() }, { plain: true });
    expect(confirmed.headers.get("content-type")).toContain("text/html");
    viewOf(confirmed, "enrol", "recovery_codes");
    const saved = await browser.post("/enrol/saved", {}, { plain: true });
    expect([saved.status, saved.location]).toEqual([303, "/enrol"]);
    viewOf(await browser.get("/enrol"), "enrol", "done");
    const finished = await browser.post("/enrol/finish", {}, { plain: true });
    expect([finished.status, finished.location]).toEqual([303, RETURN_URL]);
  });

  test("shows recovery codes once: whoever asks again is shown that it is done", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const app = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    const code = app.code();
    const { codes } = viewOf(
      await browser.post("/enrol/totp", { totp: code }),
      "enrol",
      "recovery_codes",
    ).recoveryCodes;
    const later = [
      await browser.get("/enrol"),
      await browser.post("/enrol/totp", { totp: code }),
      await browser.post("/enrol/saved"),
    ];
    for (const page of later) {
      viewOf(page, "enrol", "done");
      for (const one of codes) expect(page.text).not.toContain(one);
    }
  });

  test("adds a passkey, named after its day unless the person gives a name", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const setup = await browser.post("/enrol/method", { method: "webauthn" });
    viewOf(await browser.post("/enrol/passkey", newPasskey(browser.device, setup)), "enrol", "recovery_codes");
    expect(viewOf(await browser.get("/enrol"), "enrol", "done")).toMatchObject({
      added: { method: "webauthn", label: "Passkey 2026-11-23", sync: "device_bound" },
      nudge: "second",
    });
  });

  test("is refused once the subject has an authenticator, unless a proof comes with it", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const body = { page: "enrol", subject: "alice" };
    expect((await use.rp.post("/v1/links", body)).body.code).toBe("step_up_required");
    const proof = await prove(use.rp, "alice", { totp: app.code() });
    const { browser, page } = await openEnrolment(use.service, use.rp, "alice", { proof });
    expect(viewOf(page, "enrol", "choose").hasAuthenticators).toBe(true);
    const setup = await browser.post("/enrol/method", { method: "webauthn" });
    const added = await browser.post("/enrol/passkey", newPasskey(browser.device, setup));
    expect(viewOf(added, "enrol", "done").nudge).toBe("none");
    expect((await use.rp.post("/v1/links", { ...body, proof })).body.code).toBe("step_up_required");
  });

  test("with a proof is good for five minutes from the proof", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const proof = await prove(use.rp, "alice", { totp: app.code() });
    const { browser } = await openEnrolment(use.service, use.rp, "alice", { proof });
    use.service.clock.advance(5 * MINUTE_MS + 1);
    const late = await browser.post("/enrol/method", { method: "totp" });
    expect(late.status).toBe(409);
    expect(viewOf(late, "enrol", "expired").canChooseAgain).toBe(false);
  });

  test("carries a proof only to enrolment", async () => {
    const refused = await use.rp.post("/v1/links", {
      page: "account",
      subject: "alice",
      proof: `ch_${"0".repeat(26)}`,
    });
    expect(refused.body.code).toBe("invalid_request");
  });

  test("stops being enough when the subject gets an authenticator meanwhile, also half-way", async () => {
    const early = await openEnrolment(use.service, use.rp, "alice");
    const halfway = await openEnrolment(use.service, use.rp, "alice");
    const setup = await halfway.browser.post("/enrol/method", { method: "totp" });
    await enrolTotp(use.service, use.rp, "alice");
    expect((await early.browser.post("/enrol/method", { method: "totp" })).status).toBe(409);
    viewOf(await early.browser.get("/enrol"), "enrol", "expired");
    const code = appFrom(use.service, setup).code();
    const confirmed = await halfway.browser.post("/enrol/totp", { totp: code });
    expect(viewOf(confirmed, "enrol", "expired").canChooseAgain).toBe(false);
    expect((await use.rp.post("/v1/authenticators/list", { subject: "alice" })).body.authenticators).toHaveLength(2);
  });

  test("lets the person add a second authenticator at once, and not hours later", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const app = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    await browser.post("/enrol/totp", { totp: app.code() });
    const setup = await browser.post("/enrol/method", { method: "webauthn" });
    const added = await browser.post("/enrol/passkey", newPasskey(browser.device, setup));
    expect(viewOf(added, "enrol", "done").added?.method).toBe("webauthn");
    use.service.clock.advance(6 * MINUTE_MS);
    expect(viewOf(await browser.get("/enrol"), "enrol", "done").nudge).toBe("none");
    expect((await browser.post("/enrol/back")).status).toBe(409);
    expect((await browser.post("/enrol/method", { method: "totp" })).status).toBe(409);
  });
});

describe("an enrolment that the API has started", () => {
  test("leaves the person no choice of method and no second start", async () => {
    const browser = await openFixed("alice");
    const page = await browser.get("/enrol");
    const { totp, canChooseAgain } = viewOf(page, "enrol", "totp");
    expect(canChooseAgain).toBe(false);
    for (const path of ["/enrol/back", "/enrol/method"]) {
      const same = viewOf(await browser.post(path, { method: "webauthn" }), "enrol", "totp");
      expect(same.totp.key).toEqual(totp.key);
    }
    const confirmed = await browser.post("/enrol/totp", { totp: appFrom(use.service, page).code() });
    viewOf(confirmed, "enrol", "recovery_codes");
  });

  test("goes on at the account page when there is nowhere to return to", async () => {
    const browser = await openFixed("alice");
    await browser.post("/enrol/totp", { totp: appFrom(use.service, await browser.get("/enrol")).code() });
    expect((await browser.post("/enrol/finish")).location).toBe("/account");
    expect([...browser.cookies.keys()]).toEqual(["countersign-account"]);
    const overview = viewOf(await browser.get("/account"), "account", "overview");
    expect(overview.authenticators).toHaveLength(1);
  });

  test("ends nowhere before anything was added", async () => {
    const browser = await openFixed("alice");
    viewOf(await browser.post("/enrol/finish"), "enrol", "totp");
    expect([...browser.cookies.keys()]).toEqual(["countersign-enrol"]);
  });

  test("of recovery codes waits for the person's word, shows them once, and the old ones die", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const proof = await prove(use.rp, "alice", { totp: app.code() });
    const browser = await openFixed("alice", { method: "recovery_code", proof });
    viewOf(await browser.get("/enrol"), "enrol", "make_codes");
    const [old = ""] = app.recoveryCodes;
    const { recoveryCodes } = viewOf(await browser.post("/enrol/codes"), "enrol", "recovery_codes");
    expect(recoveryCodes.codes).toHaveLength(10);
    expect(viewOf(await browser.post("/enrol/saved"), "enrol", "done").added).toBeUndefined();
    viewOf(await browser.post("/enrol/codes"), "enrol", "done");
    expect((await use.rp.post("/v1/verify", { subject: "alice", recovery_code: old })).status).toBe(403);
    const [renewed = ""] = recoveryCodes.codes;
    expect((await use.rp.post("/v1/verify", { subject: "alice", recovery_code: renewed })).status).toBe(200);
  });

  test("that grew too old is over, and cannot be chosen again", async () => {
    const browser = await openFixed("alice");
    const app = appFrom(use.service, await browser.get("/enrol"));
    use.service.clock.advance(10 * MINUTE_MS);
    const late = await browser.post("/enrol/totp", { totp: app.code() });
    expect(late.status).toBe(410);
    expect(viewOf(late, "enrol", "expired").canChooseAgain).toBe(false);
    viewOf(await browser.get("/enrol"), "enrol", "expired");
    viewOf(await browser.post("/enrol/back"), "enrol", "expired");
  });
});

describe("an answer that does not confirm", () => {
  test("keeps the set-up, counts the misses and changes nothing", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const setup = await browser.post("/enrol/method", { method: "totp" });
    const app = appFrom(use.service, setup);
    for (const misses of [1, 2]) {
      const refused = await browser.post("/enrol/totp", { totp: app.wrong() }, { plain: misses === 2 });
      expect(refused.status).toBe(403);
      const view = viewOf(refused, "enrol", "totp");
      expect(view.problem).toEqual({ code: "wrong_code", misses });
      expect(view.totp).toEqual(viewOf(setup, "enrol", "totp").totp);
    }
    expect((await use.rp.post("/v1/subjects/status", { subject: "alice" })).body.enrolled).toBe(false);
  });

  test.each([
    [-3 * MINUTE_MS, -3],
    [MINUTE_MS / 2, 1],
    [20 * MINUTE_MS, 20],
  ])("says by how many minutes the phone's clock is off: %i ms is %i", async (offsetMs, minutes) => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const app = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    const refused = await browser.post("/enrol/totp", { totp: app.code(offsetMs) });
    expect(viewOf(refused, "enrol", "totp").problem).toEqual({ code: "clock_skew", minutes });
  });

  test("is over after twenty, and a vouched person can start again from there", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const app = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    for (let miss = 1; miss < 20; miss++) await browser.post("/enrol/totp", { totp: app.wrong() });
    const last = await browser.post("/enrol/totp", { totp: app.wrong() });
    expect(last.status).toBe(410);
    expect(viewOf(last, "enrol", "expired").canChooseAgain).toBe(true);
    expect((await browser.post("/enrol/totp", { totp: app.code() })).status).toBe(410);
    viewOf(await browser.post("/enrol/back"), "enrol", "choose");
    viewOf(await browser.post("/enrol/method", { method: "totp" }), "enrol", "totp");
  });

  test("of a passkey is told apart from one that the person has registered already", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const setup = await browser.post("/enrol/method", { method: "webauthn" });
    const forged = JSON.stringify({ id: "AAAA", rawId: "AAAA", type: "public-key", response: {} });
    const refused = await browser.post("/enrol/passkey", { webauthn: forged });
    expect(viewOf(refused, "enrol", "passkey").problem).toEqual({ code: "passkey_refused" });
    const credentialId = new Uint8Array(32).fill(7);
    await browser.post("/enrol/passkey", register(browser, setup, credentialId));
    const again = await browser.post("/enrol/method", { method: "webauthn" });
    const twice = await browser.post("/enrol/passkey", register(browser, again, credentialId));
    expect(viewOf(twice, "enrol", "passkey").problem).toEqual({ code: "already_registered" });
  });

  test("does not tell that somebody else has this passkey", async () => {
    const credentialId = new Uint8Array(32).fill(7);
    await enrolPasskey(use.service, use.rp, "bob", { overrides: { credentialId } });
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const setup = await browser.post("/enrol/method", { method: "webauthn" });
    const refused = await browser.post("/enrol/passkey", register(browser, setup, credentialId));
    expect(viewOf(refused, "enrol", "passkey").problem).toEqual({ code: "passkey_refused" });
  });

  test.each([
    ["/enrol/totp", { totp: " " }],
    ["/enrol/totp", {}],
    ["/enrol/passkey", {}],
  ])("costs nothing at %s when it is blank", async (path, fields) => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const app = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    for (let again = 0; again < 21; again++) {
      const blank = await browser.post(path, fields);
      expect(blank.status).toBe(400);
      expect(viewOf(blank, "enrol", "totp").problem).toBeUndefined();
    }
    viewOf(await browser.post("/enrol/totp", { totp: app.code() }), "enrol", "recovery_codes");
  });

  test("of the other method is refused like a wrong one", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    await browser.post("/enrol/method", { method: "totp" });
    const refused = await browser.post("/enrol/passkey", { webauthn: "{}" });
    expect(viewOf(refused, "enrol", "totp").problem).toEqual({ code: "wrong_code", misses: 1 });
  });
});

describe("choosing again", () => {
  test("drops what was begun: the old key confirms nothing", async () => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const old = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    const back = await browser.post("/enrol/back", {}, { plain: true });
    expect([back.status, back.location]).toEqual([303, "/enrol"]);
    viewOf(await browser.get("/enrol"), "enrol", "choose");
    expect((await browser.post("/enrol/totp", { totp: old.code() })).status).toBe(410);
    const setup = await browser.post("/enrol/method", { method: "totp" });
    expect((await browser.post("/enrol/totp", { totp: old.code() })).status).toBe(403);
    viewOf(await browser.post("/enrol/totp", { totp: appFrom(use.service, setup).code() }), "enrol", "recovery_codes");
  });

  test.each(["recovery_code", "sms", ""])("knows no method %j", async (method) => {
    const { browser } = await openEnrolment(use.service, use.rp, "alice");
    const refused = await browser.post("/enrol/method", { method });
    expect(refused.status).toBe(400);
    viewOf(refused, "enrol", "choose");
  });
});

test("the names of an authenticator app without a name are told apart by numbers", async () => {
  const app = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: app.code() });
  const { browser } = await openEnrolment(use.service, use.rp, "alice", { proof });
  const second = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
  const done = await browser.post("/enrol/totp", { totp: second.code(), label: "bad\u0007name" });
  expect(viewOf(done, "enrol", "done").added?.label).toBe("Authenticator app 2");
});

/** A new passkey with a credential id of our choice, from a device that knows nothing of the one before. */
function register(browser: PageBrowser, page: Parameters<typeof newPasskey>[1], credentialId: Uint8Array<ArrayBuffer>) {
  const device = createAuthenticator({ rpId: "localhost", origin: use.service.config.publicUrl });
  return newPasskey({ ...browser.device, register: (options) => device.register(options, { credentialId }) }, page);
}
