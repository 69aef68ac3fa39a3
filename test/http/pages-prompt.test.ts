import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp } from "../support/enrol.ts";
import { auditKinds, openAccount, openPrompt, passkeyAnswer } from "../support/page-answers.ts";
import { MODEL_PAGES, openBrowser, RETURN_URL, viewOf } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const MINUTE_MS = 60_000;

async function redeem(challenge: string) {
  return use.rp.post("/v1/challenges/redeem", { challenge });
}

describe("a right answer", () => {
  test("leads back to the relying party, which redeems the challenge once", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, challenge, page } = await openPrompt(use.service, use.rp, "alice");
    expect(viewOf(page, "prompt", "challenge").challenge).toMatchObject({
      methods: ["totp", "recovery_code"],
      current: "totp",
      totpDigits: 6,
      expiresAt: new Date(use.service.clock.now() + 10 * MINUTE_MS).toISOString(),
    });
    expect((await redeem(challenge)).status).toBe(403);
    const answered = await browser.post("/prompt", { totp: app.code() });
    expect(answered.status).toBe(200);
    expect(answered.location).toBe(`${RETURN_URL}?challenge=${challenge}`);
    const redeemed = await redeem(challenge);
    expect(redeemed.body).toMatchObject({ verified: true, method: "totp", amr: ["mfa", "otp", "pwd"] });
    expect((await redeem(challenge)).status).toBe(409);
  });

  test("of a browser without script is answered by a 303 that posts nothing on", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, challenge } = await openPrompt(use.service, use.rp, "alice");
    const answered = await browser.post("/prompt", { totp: app.code() }, { plain: true });
    expect(answered.status).toBe(303);
    expect(answered.headers.get("location")).toBe(`${RETURN_URL}?challenge=${challenge}`);
    expect(answered.text).toBe("");
  });

  test("with a passkey leads back too", async () => {
    const { device } = await enrolPasskey(use.service, use.rp, "alice");
    const { browser, challenge, page } = await openPrompt(use.service, use.rp, "alice", { terms: { acr: "phr" } });
    const view = viewOf(page, "prompt", "challenge").challenge;
    expect(view.methods).toEqual(["webauthn"]);
    const answered = await browser.post("/prompt", passkeyAnswer(device, view));
    expect(answered.location).toBe(`${RETURN_URL}?challenge=${challenge}`);
    expect((await redeem(challenge)).body).toMatchObject({ acr: "phr", phishing_resistant: true });
  });

  test("keeps the query that the registered URI has", async () => {
    const uri = "http://localhost:3000/back?shop=%7B1%7D&a+b";
    const rp = await use.service.addRelyingParty({ redirectUris: [uri] });
    const app = await enrolTotp(use.service, rp, "alice");
    const { browser, challenge } = await openPrompt(use.service, rp, "alice", { link: { return_url: uri } });
    expect((await browser.post("/prompt", { totp: app.code() })).location).toBe(`${uri}&challenge=${challenge}`);
  });

  test("without an address to return to ends at a page that says so", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice", { link: { return_url: undefined } });
    const answered = await browser.post("/prompt", { totp: app.code() });
    expect(viewOf(answered, "prompt", "closed")).toMatchObject({ reason: "satisfied" });
    const plain = await browser.post("/prompt/continue", {}, { plain: true });
    expect([plain.status, plain.location]).toEqual([303, "/prompt"]);
  });

  test("with a recovery code first says how many are left, then goes on, and ends the person's other sessions", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const other = await openAccount(use.service, use.rp, "alice");
    const { browser, challenge } = await openPrompt(use.service, use.rp, "alice");
    const used = await browser.post("/prompt", { recovery_code: app.recoveryCodes[0] ?? "" });
    expect(viewOf(used, "prompt", "recovery_used")).toMatchObject({
      recoveryCodesLeft: 9,
      returnHost: "localhost:3000",
    });
    expect((await other.browser.get("/account")).status).toBe(401);
    viewOf(await browser.get("/prompt"), "prompt", "recovery_used");
    const next = await browser.post("/prompt/continue");
    expect(next.location).toBe(`${RETURN_URL}?challenge=${challenge}`);
    expect((await redeem(challenge)).body).toMatchObject({ method: "recovery_code" });
  });

  test("with a recovery code and without script lands on the same page by 303", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice");
    const used = await browser.post("/prompt", { recovery_code: app.recoveryCodes[0] ?? "" }, { plain: true });
    expect([used.status, used.location]).toEqual([303, "/prompt"]);
    viewOf(await browser.get("/prompt"), "prompt", "recovery_used");
  });

  test("given twice is confirmed once", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice");
    const code = app.code();
    const answers = await Promise.all([1, 2, 3].map(() => browser.post("/prompt", { totp: code })));
    expect(answers.filter(({ location }) => location !== undefined)).toHaveLength(1);
    const page = await browser.get("/prompt");
    expect(viewOf(page, "prompt", "closed")).toMatchObject({ reason: "satisfied", returnHost: "localhost:3000" });
  });
});

describe("an answer that does not count", () => {
  test("shows the same method again, counting the misses, and closes after ten", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, challenge } = await openPrompt(use.service, use.rp, "alice", {
      terms: { methods: ["totp", "recovery_code"] },
    });
    for (const misses of [1, 2, 3]) {
      const refused = await browser.post("/prompt", { totp: app.wrong() }, { plain: misses === 2 });
      expect(refused.status).toBe(403);
      expect(viewOf(refused, "prompt", "challenge").challenge).toMatchObject({
        current: "totp",
        problem: { code: "rejected", misses },
      });
    }
    for (let more = 4; more <= 9; more++) await browser.post("/prompt", { recovery_code: "x" });
    const last = await browser.post("/prompt", { recovery_code: "x" });
    expect(viewOf(last, "prompt", "closed")).toMatchObject({ reason: "attempts_exhausted" });
    use.service.clock.advance(11 * MINUTE_MS);
    viewOf(await browser.post("/prompt/restart"), "prompt", "closed");
    const back = await browser.post("/prompt/continue");
    expect(back.location).toBe(`${RETURN_URL}?challenge=${challenge}&error=access_denied`);
    expect((await redeem(challenge)).status).toBeGreaterThanOrEqual(400);
  });

  test("is throttled with the time to wait, while other methods go on", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice");
    for (let miss = 1; miss <= 5; miss++) await browser.post("/prompt", { totp: app.wrong() });
    const throttled = await browser.post("/prompt", { totp: app.wrong() });
    expect(throttled.status).toBe(429);
    expect(throttled.headers.get("retry-after")).toBe("30");
    expect(viewOf(throttled, "prompt", "challenge").challenge.problem).toEqual({
      code: "throttled",
      retryAfterSeconds: 30,
    });
    const used = await browser.post("/prompt", { recovery_code: app.recoveryCodes[0] ?? "" });
    viewOf(used, "prompt", "recovery_used");
  });

  test("is throttled by the address that it comes from", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice", { address: "203.0.113.9" });
    const refusals = [];
    for (let tries = 0; tries < 12; tries++)
      refusals.push((await browser.post("/prompt", { totp: app.wrong() })).status);
    expect(refusals).toContain(403);
    for (let more = 0; more < 60; more++) await browser.post("/prompt", { totp: "1" });
    const limited = await browser.post("/prompt", { totp: "1" });
    expect(limited.status).toBe(429);
    const elsewhere = await openPrompt(use.service, use.rp, "bob", { address: "203.0.113.9" });
    const refused = await elsewhere.browser.post("/prompt", { totp: "123456" });
    expect(refused.status).toBe(429);
    expect(viewOf(refused, "prompt", "challenge").challenge.problem).toMatchObject({ code: "throttled" });
  });

  test("says so when too many in a row have suspended the method, for unknown subjects alike", async () => {
    for (const subject of ["alice", "nobody"]) {
      if (subject === "alice") await enrolTotp(use.service, use.rp, subject);
      const lane = { subject, recovery_code: "x", first_factor: true };
      for (let miss = 0; miss < 33; miss++) {
        expect((await use.rp.post("/v1/verify", lane)).status).toBe(403);
        use.service.clock.advance(4 * 24 * 60 * MINUTE_MS);
      }
      const { browser } = await openPrompt(use.service, use.rp, subject, { terms: { methods: ["recovery_code"] } });
      const suspended = await browser.post("/prompt", { recovery_code: "x" });
      expect(viewOf(suspended, "prompt", "challenge").challenge.problem).toEqual({ code: "suspended" });
    }
  });

  test("is told when the method is too weak for what is asked", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, page } = await openPrompt(use.service, use.rp, "alice", {
      terms: { acr: "urn:countersign:acr:otp" },
    });
    expect(viewOf(page, "prompt", "challenge").challenge.methods).toEqual(["totp"]);
    const weak = await browser.post("/prompt", { recovery_code: app.recoveryCodes[0] ?? "" });
    expect(weak.status).toBe(403);
    expect(viewOf(weak, "prompt", "challenge").challenge.problem).toEqual({ code: "assurance_unmet" });
  });

  test.each([
    ["nothing", {}],
    ["a blank code", { totp: "  " }],
    ["two answers at once", { totp: "123456", recovery_code: "x" }],
  ])("costs nothing when it is %s", async (_, fields) => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice");
    for (let again = 0; again < 12; again++) {
      const blank = await browser.post("/prompt", fields);
      expect(blank.status).toBe(400);
      expect(viewOf(blank, "prompt", "challenge").challenge.problem).toBeUndefined();
    }
    expect((await browser.post("/prompt", { totp: app.code() })).location).toBeDefined();
  });

  test.each(["{", "[]", '"text"', '{"id":1,"id":2}', '{"__proto__":{}}'])(
    "is refused when the passkey says %s",
    async (text) => {
      await enrolPasskey(use.service, use.rp, "alice");
      const { browser } = await openPrompt(use.service, use.rp, "alice");
      const refused = await browser.post("/prompt", { webauthn: text });
      expect(refused.status).toBe(403);
      expect(viewOf(refused, "prompt", "challenge").challenge.problem).toMatchObject({ code: "rejected" });
    },
  );
});

describe("the choice of method", () => {
  test("follows the address, and falls back to the first for anything else", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice");
    const current = async (query: string) =>
      viewOf(await browser.get(`/prompt${query}`), "prompt", "challenge").challenge.current;
    expect(await current("?method=recovery_code")).toBe("recovery_code");
    expect(await current("?method=webauthn")).toBe("totp");
    expect(await current("?method=")).toBe("totp");
  });
});

describe("an expired challenge", () => {
  test("starts again in one post, on the same terms, and is the one that the relying party gets back", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, challenge } = await openPrompt(use.service, use.rp, "alice", {
      terms: { acr: "urn:countersign:acr:otp" },
    });
    use.service.clock.advance(10 * MINUTE_MS);
    viewOf(await browser.get("/prompt"), "prompt", "expired");
    viewOf(await browser.post("/prompt", { totp: app.code() }), "prompt", "expired");
    const restarted = viewOf(await browser.post("/prompt/restart"), "prompt", "challenge");
    expect(restarted.challenge.methods).toEqual(["totp"]);
    const answered = await browser.post("/prompt", { totp: app.code() });
    expect(new URL(answered.location ?? "").searchParams.get("challenge")).toBe(challenge);
    expect((await redeem(challenge)).body).toMatchObject({ method: "totp", amr: ["mfa", "otp", "pwd"] });
  });

  test("is not restarted while it is open, and restarting resets no budget", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, page } = await openPrompt(use.service, use.rp, "alice");
    const { expiresAt } = viewOf(page, "prompt", "challenge").challenge;
    use.service.clock.advance(MINUTE_MS);
    expect(viewOf(await browser.post("/prompt/restart"), "prompt", "challenge").challenge.expiresAt).toBe(expiresAt);
    for (let miss = 1; miss <= 4; miss++) await browser.post("/prompt", { totp: app.wrong() });
    use.service.clock.advance(10 * MINUTE_MS);
    const restarted = await browser.post("/prompt/restart", {}, { plain: true });
    expect([restarted.status, restarted.location]).toEqual([303, "/prompt"]);
    expect((await browser.post("/prompt", { totp: app.wrong() })).status).toBe(403);
    expect((await browser.post("/prompt", { totp: app.code() })).status).toBe(429);
  });

  test("is still restarted after many hours in which the page was used", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice");
    for (let halfHours = 0; halfHours < 46; halfHours++) {
      use.service.clock.advance(30 * MINUTE_MS);
      viewOf(await browser.post("/prompt/restart"), "prompt", "challenge");
    }
    expect((await browser.post("/prompt", { totp: app.code() })).location).toContain(RETURN_URL);
  });

  test("that was erased meanwhile is a session that is over", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice");
    await use.service.deps.store.atomically([use.service.deps.store.challenges.purge(Number.MAX_SAFE_INTEGER)]);
    const gone = await browser.get("/prompt");
    expect(gone.status).toBe(410);
    viewOf(gone, "plain", "session_expired");
  });
});

describe("cancelling", () => {
  test("denies the challenge for good, tells the relying party, and is written down", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, challenge } = await openPrompt(use.service, use.rp, "alice");
    const cancelled = await browser.post("/prompt/cancel");
    expect(cancelled.location).toBe(`${RETURN_URL}?challenge=${challenge}&error=access_denied`);
    viewOf(await browser.post("/prompt", { totp: app.code() }), "prompt", "closed");
    expect((await redeem(challenge)).body.code).toBe("challenge_closed");
    expect(await auditKinds(use.service)).toContain("challenge_declined");
    expect(viewOf(await browser.get("/prompt"), "prompt", "closed").reason).toBe("cancelled");
  });

  test("after the answer takes nothing back", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const { browser, challenge } = await openPrompt(use.service, use.rp, "alice");
    await browser.post("/prompt", { totp: app.code() });
    expect((await browser.post("/prompt/cancel")).location).toBe(`${RETURN_URL}?challenge=${challenge}`);
    expect(await auditKinds(use.service)).not.toContain("challenge_declined");
  });

  test("without an address to return to shows that it is closed", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const { browser } = await openPrompt(use.service, use.rp, "alice", { link: { return_url: undefined } });
    const view = viewOf(await browser.post("/prompt/cancel"), "prompt", "closed");
    expect([view.reason, view.returnHost]).toEqual(["cancelled", undefined]);
  });
});

test("going on from an open challenge hands nothing back", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const { browser } = await openPrompt(use.service, use.rp, "alice");
  viewOf(await browser.post("/prompt/continue"), "prompt", "challenge");
});

test("a prompt belongs to one subject: another's code does not open it", async () => {
  const mallory = await enrolTotp(use.service, use.rp, "mallory");
  await enrolTotp(use.service, use.rp, "alice");
  const { browser } = await openPrompt(use.service, use.rp, "alice");
  expect((await browser.post("/prompt", { totp: mallory.code() })).status).toBe(403);
});

test("a link that was followed opens no second prompt", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const { browser } = await openPrompt(use.service, use.rp, "alice");
  const link = browser.visited.find((path) => path.startsWith("/enter/")) ?? "";
  const second = await openBrowser(use.service).get(link);
  expect(second.status).toBe(404);
  viewOf(second, "plain", "link_expired");
});

describe("whoever has lost everything", () => {
  test.each(["alice", "nobody"])(
    "asks for help, which tells the relying party and the audit log: %s",
    async (subject) => {
      if (subject === "alice") await enrolTotp(use.service, use.rp, subject);
      const { browser, challenge } = await openPrompt(use.service, use.rp, subject);
      const asked = await browser.post("/prompt/help");
      expect(viewOf(asked, "prompt", "closed")).toMatchObject({
        reason: "help_requested",
        returnHost: "localhost:3000",
      });
      viewOf(await browser.post("/prompt/help"), "prompt", "closed");
      expect((await auditKinds(use.service)).filter((kind) => kind === "help_requested")).toHaveLength(1);
      const events = await use.rp.post("/v1/events/list", {});
      expect(JSON.stringify(events.body)).toContain("help_requested");
      const back = await browser.post("/prompt/continue");
      expect(back.location).toBe(`${RETURN_URL}?challenge=${challenge}&error=access_denied`);
      expect((await redeem(challenge)).status).toBe(409);
    },
  );
});
