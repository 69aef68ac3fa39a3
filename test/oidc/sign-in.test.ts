import * as client from "openid-client";
import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp } from "../support/enrol.ts";
import { openAuthorization, openidParty } from "../support/openid-party.ts";
import { appFrom, auditKinds, passkeyAnswer } from "../support/page-answers.ts";
import { MODEL_PAGES, RETURN_URL, viewOf } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const party = () => openidParty(use.service, use.rp);

describe("openid-client", () => {
  test("gets a signed answer for a one-time code", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const shop = await party();
    const sent = await shop.push("alice", { first_factor: "true" });
    expect([...sent.url.searchParams.keys()].sort()).toEqual(["client_id", "request_uri"]);
    const { browser, page } = await openAuthorization(use.service, sent);
    expect(viewOf(page, "prompt", "challenge").relyingParty).toEqual({ name: "Shop", host: "localhost:3000" });
    const { location } = await browser.post("/prompt", { totp: app.code() });
    const answer = new URL(location ?? "");
    expect(answer.origin + answer.pathname).toBe(RETURN_URL);
    expect(Object.fromEntries(answer.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: sent.state,
      iss: use.service.config.publicUrl,
    });
    const tokens = await shop.redeem(location, sent);
    const iat = use.service.clock.now() / 1000;
    const { subject_id } = (await use.rp.post("/v1/challenges", { subject: "alice" })).body;
    expect(tokens.claims()).toEqual({
      iss: use.service.config.publicUrl,
      aud: use.rp.clientId,
      sub: subject_id,
      iat,
      exp: iat + 300,
      auth_time: iat,
      nonce: sent.nonce,
      acr: "urn:countersign:acr:otp",
      amr: ["mfa", "otp", "pwd"],
      at_hash: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 300, scope: "openid" });
    expect(tokens.refresh_token).toBeUndefined();
    const info = await client.fetchUserInfo(shop.now(), tokens.access_token, String(subject_id));
    expect(info).toEqual({ sub: subject_id });
  });

  test("gets `phr` for a passkey, and claims no password that nobody vouched for", async () => {
    const { device } = await enrolPasskey(use.service, use.rp, "alice");
    const shop = await party();
    const sent = await shop.push("alice", { acr_values: "phr" });
    const { browser, page } = await openAuthorization(use.service, sent);
    const view = viewOf(page, "prompt", "challenge").challenge;
    expect(view.methods).toEqual(["webauthn"]);
    const { location } = await browser.post("/prompt", passkeyAnswer(device, view));
    const tokens = await shop.redeem(location, sent);
    expect(tokens.claims()).toMatchObject({ acr: "phr", amr: ["mfa", "pop", "user"] });
  });

  test("goes on after a recovery code once the person has read how many are left", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const shop = await party();
    const sent = await shop.push("alice", { max_age: "0" });
    const { browser } = await openAuthorization(use.service, sent);
    const used = await browser.post("/prompt", { recovery_code: app.recoveryCodes[0] ?? "" });
    expect(viewOf(used, "prompt", "recovery_used").recoveryCodesLeft).toBe(9);
    use.service.clock.advance(60_000);
    const { location } = await browser.post("/prompt/continue");
    const tokens = await shop.redeem(location, sent);
    expect(tokens.claims()).toMatchObject({ acr: "urn:countersign:acr:recovery", amr: [] });
  });

  test("comes back with access_denied when the person cancels", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const shop = await party();
    const sent = await shop.push("alice");
    const { browser } = await openAuthorization(use.service, sent);
    const { location } = await browser.post("/prompt/cancel");
    expect(Object.fromEntries(new URL(location ?? "").searchParams)).toEqual({
      error: "access_denied",
      state: sent.state,
      iss: use.service.config.publicUrl,
    });
    await expect(shop.redeem(location, sent)).rejects.toMatchObject({ error: "access_denied" });
  });

  test("is answered after the prompt timed out and was restarted, hours later", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const shop = await party();
    const sent = await shop.push("alice");
    const { browser } = await openAuthorization(use.service, sent);
    use.service.clock.advance(50 * 60_000);
    viewOf(await browser.get("/prompt"), "prompt", "expired");
    viewOf(await browser.post("/prompt/restart"), "prompt", "challenge");
    const { location } = await browser.post("/prompt", { totp: app.code() });
    expect((await shop.redeem(location, sent)).claims()).toMatchObject({ acr: "urn:countersign:acr:otp" });
  });
});

describe("the account scope", () => {
  test("leads to the account page after step-up, and back with what was proven", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const shop = await party();
    const sent = await shop.push("alice", { scope: "openid account" });
    const { browser, page } = await openAuthorization(use.service, sent);
    viewOf(page, "account", "step_up");
    const inside = await browser.post("/account/verify", { totp: app.code() });
    expect(viewOf(inside, "account", "overview").returnHost).toBe("localhost:3000");
    use.service.clock.advance(20 * 60_000);
    const { location } = await browser.post("/account/finish");
    const tokens = await shop.redeem(location, sent);
    expect(tokens.scope).toBe("openid account");
    expect(tokens.claims()?.auth_time).toBe(use.service.clock.now() / 1000 - 20 * 60);
  });

  test("leads back with access_denied when nothing was proven", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const shop = await party();
    const sent = await shop.push("alice", { scope: "openid account" });
    const { browser } = await openAuthorization(use.service, sent);
    const { location } = await browser.post("/account/finish");
    await expect(shop.redeem(location, sent)).rejects.toMatchObject({ error: "access_denied" });
  });
});

describe("enrolment inside the prompt", () => {
  test("is offered when the relying party vouches, and ends with a proof", async () => {
    const shop = await party();
    const sent = await shop.push("newcomer", { enrol: "true" });
    const { browser, page } = await openAuthorization(use.service, sent);
    viewOf(page, "enrol", "choose");
    const setup = await browser.post("/enrol/method", { method: "totp" });
    const app = appFrom(use.service, setup);
    viewOf(await browser.post("/enrol/totp", { totp: app.code() }), "enrol", "recovery_codes");
    await browser.post("/enrol/saved");
    expect((await browser.post("/enrol/finish")).location).toBe("/prompt");
    viewOf(await browser.get("/prompt"), "prompt", "challenge");
    const { location } = await browser.post("/prompt", { totp: app.next() });
    expect((await shop.redeem(location, sent)).claims()).toMatchObject({ acr: "urn:countersign:acr:otp" });
  });

  test("left without setting anything up leads back with access_denied", async () => {
    const shop = await party();
    const sent = await shop.push("newcomer", { enrol: "true" });
    const { browser } = await openAuthorization(use.service, sent);
    const { location } = await browser.post("/enrol/finish");
    await expect(shop.redeem(location, sent)).rejects.toMatchObject({ error: "access_denied" });
  });

  test.each<Record<string, string>>([{}, { enrol: "false" }, { scope: "openid account" }])(
    "is not offered without that word: %o",
    async (parameters) => {
      const shop = await party();
      const { page } = await openAuthorization(use.service, await shop.push("newcomer", parameters));
      expect(page.model.page).not.toBe("enrol");
      expect(["challenge", "step_up"]).toContain(page.model.view);
    },
  );

  test("goes by the account page where that was asked for", async () => {
    const shop = await party();
    const sent = await shop.push("newcomer", { scope: "openid account", enrol: "true" });
    const { browser, page } = await openAuthorization(use.service, sent);
    expect(page.location).toBe("/enrol");
    viewOf(await browser.get("/enrol"), "enrol", "choose");
    const app = appFrom(use.service, await browser.post("/enrol/method", { method: "totp" }));
    await browser.post("/enrol/totp", { totp: app.code() });
    expect((await browser.post("/enrol/finish")).location).toBe("/account");
    viewOf(await browser.get("/account"), "account", "step_up");
    await browser.post("/account/verify", { totp: app.next() });
    const { location } = await browser.post("/account/finish");
    expect((await shop.redeem(location, sent)).claims()).toMatchObject({ acr: "urn:countersign:acr:otp" });
  });

  test("is never offered to somebody who has an authenticator", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const shop = await party();
    const { page } = await openAuthorization(use.service, await shop.push("alice", { enrol: "true" }));
    viewOf(page, "prompt", "challenge");
    expect(await auditKinds(use.service)).toContain("challenge_opened");
  });
});
