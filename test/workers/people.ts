import { fetchUserInfo } from "openid-client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { announceInvitation } from "../../src/runtime/announced-invitation.ts";
import { type AuthenticatorApp, addToApp, SYSTEM_CLOCK } from "../support/authenticator-app.ts";
import type { Environment } from "../support/command-line.ts";
import { creationOptionsIn, openChallenge, requestOptionsIn } from "../support/enrol.ts";
import { openAuthorization, openidParty } from "../support/openid-party.ts";
import { linkTo, openBrowser, type PageBrowser, viewOf } from "../support/page-browser.ts";
import type { Answer, Json, TestRelyingParty } from "../support/service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";
import { joinAsOwner, registerRelyingParty, signIn } from "../support/worker-operator.ts";
import type { RunningWorker } from "../support/worker-program.ts";

// Codes have to be fresh, and each look into the database is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const RACERS = 60;

/** What people do, at the final bundle over that database. `run` starts it with these settings. */
export function describePeople(name: string, run: (settings: Environment) => Promise<RunningWorker>): void {
  describe(`on Workers with ${name}`, () => {
    let worker: RunningWorker;
    let link: string;
    let owner: PageBrowser;
    let rp: TestRelyingParty;

    beforeAll(async () => {
      const made = announceInvitation("http://localhost", Date.now());
      worker = await run({ COUNTERSIGN_INVITATION: made.setting });
      link = worker.url + new URL(made.url).pathname;
      const { browser, joined } = await joinAsOwner(worker, link);
      expect(joined.location, joined.text).toBe("/admin/subjects");
      owner = browser;
      rp = await registerRelyingParty(worker, owner);
    }, 180_000);
    afterAll(async () => worker?.stop());

    async function confirm(started: Answer, answer: Json): Promise<Answer> {
      const confirmed = await rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, answer);
      expect(confirmed.status, confirmed.text).toBe(201);
      return confirmed;
    }

    async function enrolTotp(subject: string): Promise<Readonly<{ app: AuthenticatorApp; recoveryCodes: string[] }>> {
      const started = await rp.post("/v1/enrolments", { subject, method: "totp" });
      expect(started.status, started.text).toBe(201);
      const app = addToApp(String((started.body.totp as Json).uri), SYSTEM_CLOCK);
      const confirmed = await confirm(started, { totp: await app.next() });
      return { app, recoveryCodes: confirmed.body.recovery_codes as string[] };
    }

    async function rowsOf(table: string): Promise<number> {
      const [counted] = await worker.query(`select count(*) as n from ${table}`);
      return Number(counted?.n);
    }

    /** How many of sixty equal requests at once were granted; the others have to be denials. */
    async function winnersOf(body: Json): Promise<number> {
      const answers = await Promise.all(Array.from({ length: RACERS }, () => rp.post("/v1/verify", body)));
      for (const { status, text } of answers) expect([200, 403, 429], text).toContain(status);
      return answers.filter(({ status }) => status === 200).length;
    }

    test("the announced link makes one owner, who signs in with their passkey from then on", async () => {
      await owner.post("/admin/sign-out");
      expect((await owner.get("/admin/subjects")).location).toBe("/admin/sign-in");
      expect((await signIn(owner)).location).toBe("/admin/subjects");
      const late = await openBrowser(worker).get(new URL(link).pathname);
      expect(late.status).toBe(404);
      expect(await rowsOf("administrators")).toBe(1);
    });

    test("an authenticator app's code verifies once, and a replay and a wrong code are refused", async () => {
      const { app } = await enrolTotp("anna");
      const totp = await app.next();
      const verified = await rp.post("/v1/verify", { subject: "anna", totp });
      expect(verified.status, verified.text).toBe(200);
      expect(verified.body).toMatchObject({ verified: true, method: "totp" });
      for (const refused of [totp, app.wrong()]) {
        expect((await rp.post("/v1/verify", { subject: "anna", totp: refused })).status).toBe(403);
      }
    });

    test("of sixty uses of one code at once, one is granted", async () => {
      const { app } = await enrolTotp("bert");
      expect(await winnersOf({ subject: "bert", totp: await app.next() })).toBe(1);
    });

    test("of sixty uses of one recovery code at once, one is granted", async () => {
      const { recoveryCodes } = await enrolTotp("carl");
      expect(recoveryCodes).toHaveLength(10);
      expect(await winnersOf({ subject: "carl", recovery_code: recoveryCodes[0] })).toBe(1);
    });

    test("a passkey enrols and verifies, once for each challenge", async () => {
      const device = createAuthenticator({ rpId: "localhost", origin: worker.url, counts: true });
      const started = await rp.post("/v1/enrolments", { subject: "dora", method: "webauthn" });
      await confirm(started, { webauthn: device.register(creationOptionsIn(started)) });
      const opened = await openChallenge(rp, "dora");
      const webauthn = device.authenticate(requestOptionsIn(opened));
      const verified = await rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn, receipt: true });
      expect(verified.status, verified.text).toBe(200);
      expect(verified.body).toMatchObject({ verified: true, method: "webauthn" });
      expect(String(verified.body.receipt).split(".")).toHaveLength(3);
      expect((await rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn })).status).toBe(409);
    });

    test("an unknown subject gets the same answer as a wrong code, and a password gets its assessment", async () => {
      const stranger = await rp.post("/v1/verify", { subject: "nobody", totp: "123456" });
      expect([stranger.status, stranger.body.code]).toEqual([403, "answer_rejected"]);
      const assessed = await rp.post("/v1/passwords/assess", { password: "password1" });
      expect(assessed.status, assessed.text).toBe(200);
    });

    test("the page that a link leads to is rendered", async () => {
      const page = await openBrowser(worker).enter(await linkTo(rp, { page: "enrol", subject: "emil" }));
      expect(page.status, page.text).toBe(200);
      expect(page.text).toContain("<!doctype html>");
      expect(page.model.page).toBe("enrol");
    });

    test("openid-client gets a signed answer for a code typed at the prompt, and the answer's code works once", async () => {
      const { app } = await enrolTotp("gerd");
      const shop = await openidParty({ ...worker, clock: { now: Date.now } }, rp);
      const sent = await shop.push("gerd", { acr_values: "urn:countersign:acr:otp", first_factor: "true" });
      const { browser, page } = await openAuthorization(worker, sent);
      expect(viewOf(page, "prompt", "challenge").relyingParty).toEqual({ name: "Shop", host: "localhost:3000" });
      expect((await browser.post("/prompt", { totp: app.wrong() })).status).toBe(403);
      const { location, text } = await browser.post("/prompt", { totp: await app.next() });
      expect(location, text).toMatch(/^http:\/\/localhost:3000\/callback\?code=/);
      // The library checks issuer, audience, nonce, times and, by the keys it fetches, the signature.
      const tokens = await shop.redeem(location, sent);
      const { subject_id } = (await openChallenge(rp, "gerd")).body;
      expect(tokens.claims()).toMatchObject({
        sub: subject_id,
        acr: "urn:countersign:acr:otp",
        amr: ["mfa", "otp", "pwd"],
      });
      const info = await fetchUserInfo(shop.now(), tokens.access_token, String(subject_id));
      expect(info).toEqual({ sub: subject_id });
      await expect(shop.redeem(location, sent)).rejects.toMatchObject({ error: "invalid_grant" });
      await expect(fetchUserInfo(shop.now(), tokens.access_token, String(subject_id))).rejects.toThrow();
    });

    test("the timer erases what has long expired and indexes the audit log by subject", async () => {
      await openChallenge(rp, "fritz");
      await worker.query("update challenges set expires_at_ms = 1 where id = (select max(id) from challenges)");
      const before = await rowsOf("challenges");
      expect(await worker.runTimer()).toContain('"outcome":"ok"');
      expect(await rowsOf("challenges")).toBe(before - 1);
      expect(await rowsOf("subject_events")).toBeGreaterThan(5);
    });

    test("nothing that was logged names a person or a code", () => {
      const said = worker.log().join("\n");
      for (const word of [
        "anna",
        "bert",
        "carl",
        "dora",
        "nobody",
        "emil",
        "fritz",
        "gerd",
        rp.apiKey,
        rp.clientSecret,
      ]) {
        expect(said).not.toContain(word);
      }
      expect(said).not.toContain('"level":"error"');
    });
  });
}
