import { afterEach, beforeEach, expect, test } from "vitest";
import { type EnrolledTotp, enrolPasskey, enrolTotp } from "../support/enrol.ts";
import {
  type Browser,
  createBrowser,
  type Page,
  SHOP_URL,
  type ShopVisit,
  startShopVisit,
} from "../support/shop-visit.ts";

const PASSWORD = "walnut gate thirteen ferries";

let visit: ShopVisit;

beforeEach(async () => {
  visit = await startShopVisit();
});
afterEach(() => visit.close());

async function signUp(browser: Browser, name = "mara"): Promise<string> {
  await browser.get("/sign-up");
  const page = await browser.follow(await browser.post("/sign-up", { name, password: PASSWORD }));
  expect(page.status, page.text).toBe(200);
  return visit.lastSubject();
}

async function signIn(browser: Browser, name = "mara", password = PASSWORD): Promise<Page> {
  await browser.get("/sign-in");
  return browser.follow(await browser.post("/sign-in", { name, password }));
}

/** A customer with an authenticator app, signed out. */
async function enrolledCustomer(): Promise<EnrolledTotp> {
  const browser = createBrowser(visit);
  const enrolled = await enrolTotp(visit.service, visit.rp, await signUp(browser));
  await browser.post("/sign-out");
  return enrolled;
}

/** A browser in which the customer is signed in, second step included. */
async function signedIn({ code }: EnrolledTotp): Promise<Browser> {
  const browser = createBrowser(visit);
  await signIn(browser);
  const page = await browser.follow(await browser.post("/second-factor", { totp: code() }));
  expect(page.text).toContain("Fresh today, mara");
  visit.service.clock.advance(30_000);
  return browser;
}

test("a new customer shops at once, is told that only a password protects them, and can set up a second step", async () => {
  const browser = createBrowser(visit);
  await signUp(browser);
  const window = await browser.get("/");
  expect(window.text).toContain("Only your password protects this account");
  const away = await browser.post("/set-up");
  expect(away.location).toMatch(/^http:\/\/localhost:8787\/enter\/[\w-]{43}$/);
  const { body } = visit.calls.at(-1) ?? { body: {} };
  expect(body).toMatchObject({ page: "enrol", return_url: `${SHOP_URL}/security/return`, account_name: "mara" });
});

test("Countersign is never told a user name as the subject", async () => {
  const subject = await signUp(createBrowser(visit));
  expect(subject).toMatch(/^user_[\w-]{22}$/);
  expect(JSON.stringify(visit.calls.filter(({ path }) => path !== "/v1/passwords/assess"))).not.toContain("mara");
});

test("a guessable password, and one made of the user name, are refused with advice", async () => {
  const browser = createBrowser(visit);
  await browser.get("/sign-up");
  const short = await browser.post("/sign-up", { name: "mara", password: "hunter2" });
  expect(short.status).toBe(400);
  expect(short.text).toContain('role="alert"');
  const own = await browser.post("/sign-up", { name: "maravillas-quintero", password: "Maravillas-Quintero" });
  expect(own.status).toBe(400);
  expect((await signIn(browser, "mara", "hunter2")).status).toBe(403);
});

test("with a second step, the password alone opens no page of the shop", async () => {
  await enrolledCustomer();
  const browser = createBrowser(visit);
  const question = await signIn(browser);
  expect(question.text).toContain("Confirm it is you");
  for (const path of ["/security", "/security/address", "/security/delete"]) {
    expect((await browser.get(path)).location, path).toBe("/sign-in");
  }
  expect((await browser.get("/")).text).not.toContain("Fresh today");
  expect((await browser.post("/basket", { product: "rye" })).location).toBe("/sign-in");
  expect((await browser.post("/security/confirm", { action: "delete_account" })).location).toBe("/sign-in");
});

test("a right code signs in, and the same code does not sign in again", async () => {
  const { code } = await enrolledCustomer();
  const browser = createBrowser(visit);
  await signIn(browser);
  const used = code();
  expect((await browser.follow(await browser.post("/second-factor", { totp: used }))).text).toContain(
    "Fresh today, mara",
  );
  const other = createBrowser(visit);
  await signIn(other);
  const replayed = await other.post("/second-factor", { totp: used });
  expect(replayed.status).toBe(403);
  expect(replayed.text).toContain("That code did not work");
});

test("a recovery code signs in once, and says how many are left", async () => {
  const { recoveryCodes } = await enrolledCustomer();
  const [code = ""] = recoveryCodes;
  const browser = createBrowser(visit);
  await signIn(browser);
  const page = await browser.follow(await browser.post("/second-factor", { recovery_code: code }));
  expect(page.text).toContain("You used a recovery code. 9 left.");
  const other = createBrowser(visit);
  await signIn(other);
  const again = await other.post("/second-factor", { recovery_code: code });
  expect(again.status).toBe(403);
  expect(again.text).toContain("That recovery code did not work");
});

test("an answer given at Countersign signs in the browser that asked for it", async () => {
  const { code } = await enrolledCustomer();
  const browser = createBrowser(visit);
  await signIn(browser);
  const challenge = visit.lastChallenge();
  const away = await browser.post("/second-factor/continue");
  expect(away.location).toMatch(/^http:\/\/localhost:8787\/enter\//);
  expect(visit.calls.at(-1)?.body).toEqual({
    page: "prompt",
    challenge,
    return_url: `${SHOP_URL}/second-factor/return`,
  });
  const back = await visit.answerPrompt(away.location, "/prompt", { totp: code() });
  expect(back).toBe(`/second-factor/return?challenge=${challenge}`);
  expect((await browser.follow(await browser.get(back))).text).toContain("Fresh today, mara");
});

test("coming back without having answered signs nobody in", async () => {
  await enrolledCustomer();
  const browser = createBrowser(visit);
  await signIn(browser);
  const back = await browser.get(`/second-factor/return?challenge=${visit.lastChallenge()}`);
  expect(back.status).toBe(403);
  expect(back.text).toContain("You have not confirmed yet");
  expect((await browser.get("/security")).location).toBe("/sign-in");
});

test("declining at Countersign signs nobody in, and offers another try with a new challenge", async () => {
  const { code } = await enrolledCustomer();
  const browser = createBrowser(visit);
  await signIn(browser);
  const declined = visit.lastChallenge();
  const away = await browser.post("/second-factor/continue");
  const back = await visit.answerPrompt(away.location, "/prompt/cancel", {});
  expect(back).toContain("error=access_denied");
  expect((await browser.follow(await browser.get(back))).text).toContain("You came back without confirming");
  expect(visit.lastChallenge()).not.toBe(declined);
  const page = await browser.follow(await browser.post("/second-factor", { totp: code() }));
  expect(page.text).toContain("Fresh today, mara");
});

test("an answered challenge of another session signs nobody in, and is not even asked about", async () => {
  const { code } = await enrolledCustomer();
  const victim = createBrowser(visit);
  await signIn(victim);
  const away = await victim.post("/second-factor/continue");
  const address = await visit.answerPrompt(away.location, "/prompt", { totp: code() });
  const thief = createBrowser(visit);
  await signIn(thief);
  const back = await thief.follow(await thief.get(address));
  expect(back.text).toContain("That answer was to another question");
  expect(visit.calls.filter(({ path }) => path === "/v1/challenges/redeem")).toHaveLength(0);
  const stranger = createBrowser(visit);
  expect((await stranger.get(address)).location).toBe("/sign-in");
});

test("a challenge's id is in no page, so that nobody can finish what another person was talked into answering", async () => {
  await enrolledCustomer();
  const browser = createBrowser(visit);
  const question = await signIn(browser);
  const wrong = await browser.post("/second-factor", { totp: "000000" });
  const away = await browser.post("/second-factor/continue");
  const seen = [question, wrong, away].map((page) => page.text + JSON.stringify([...page.headers])).join();
  expect(visit.lastChallenge()).toMatch(/^ch_/);
  expect(seen).not.toContain(visit.lastChallenge());
});

test("too many wrong codes are told with the time to wait, and a right one does not help before", async () => {
  const { code } = await enrolledCustomer();
  const browser = createBrowser(visit);
  await signIn(browser);
  for (let miss = 0; miss < 5; miss++) await browser.post("/second-factor", { totp: "000000" });
  const locked = await browser.post("/second-factor", { totp: code() });
  expect(locked.status).toBe(429);
  expect(locked.headers.get("retry-after")).toBe("30");
  expect(locked.text).toContain("Please try again in 30 seconds.");
});

const OUTAGES: readonly (readonly [string, () => Response | Promise<Response>])[] = [
  ["503", () => Response.json({ code: "unavailable" }, { status: 503, headers: { "retry-after": "1" } })],
  ["500 without a body", () => new Response(null, { status: 500 })],
  ["200 that is no JSON", () => new Response("<h1>Welcome to the proxy</h1>")],
  ["200 of another shape", () => Response.json({ verified: false, enrolled: "no" })],
  ["200 about another challenge", () => Response.json({ verified: true, challenge: "ch_other", subject_id: "sub_x" })],
  ["redirect", () => Response.redirect("http://localhost:9/", 302)],
];

test.each(OUTAGES)(
  "while Countersign answers %s, neither the password nor a right code signs anybody in",
  async (_, answer) => {
    const { code } = await enrolledCustomer();
    const waiting = createBrowser(visit);
    await signIn(waiting);
    visit.outage = answer;
    const answered = await waiting.post("/second-factor", { totp: code() });
    expect(answered.status).toBe(503);
    expect(answered.text).toContain("We cannot check that right now");
    const fresh = createBrowser(visit);
    expect((await signIn(fresh)).status).toBe(503);
    for (const browser of [waiting, fresh]) expect((await browser.get("/security")).location).toBe("/sign-in");
  },
);

test("the session changes its cookie at the password and at the second step, and the old ones are worth nothing", async () => {
  const { code } = await enrolledCustomer();
  const browser = createBrowser(visit);
  await browser.get("/sign-in");
  const anonymous = browser.cookie();
  await signIn(browser);
  const half = browser.cookie();
  await browser.post("/second-factor", { totp: code() });
  const whole = browser.cookie();
  expect(new Set([anonymous, half, whole]).size).toBe(3);
  for (const cookie of [anonymous, half]) {
    const page = await fetch(`${visit.listening}/security`, { headers: { cookie }, redirect: "manual" });
    expect(page.headers.get("location")).toBe("/sign-in");
  }
});

test("a form without the session's token changes nothing", async () => {
  const browser = await signedIn(await enrolledCustomer());
  const other = createBrowser(visit);
  await other.get("/sign-in");
  expect(other.csrf()).toMatch(/^[\w-]{43}$/);
  for (const csrf of ["", "x".repeat(43), other.csrf()]) {
    const refused = await browser.post("/basket", { csrf, product: "rye" });
    expect(refused.status).toBe(403);
  }
  expect((await browser.get("/")).text).toContain("Still empty.");
});

test("a signed-in session changes the address only after a fresh code, once for each change", async () => {
  const enrolled = await enrolledCustomer();
  const browser = await signedIn(enrolled);
  const address = { address: "1 Mill Lane" };
  expect((await browser.post("/security/address", address)).location).toBe("/security");
  await browser.post("/security/confirm", { action: "change_address" });
  expect(visit.calls.at(-1)?.body).toMatchObject({ acr: "urn:countersign:acr:otp" });
  const form = await browser.follow(await browser.post("/second-factor", { totp: enrolled.code() }));
  expect(form.text).toContain("Thank you, that was you.");
  expect((await browser.post("/security/delete")).location).toBe("/security");
  await browser.post("/security/address", address);
  await browser.post("/security/address", { address: "2 Thief Street" });
  expect((await browser.get("/")).text).toContain("1 Mill Lane");
});

test("a recovery code is not enough for a sensitive action", async () => {
  const enrolled = await enrolledCustomer();
  const browser = await signedIn(enrolled);
  const question = await browser.follow(await browser.post("/security/confirm", { action: "delete_account" }));
  expect(question.text).not.toContain("recovery_code");
  expect((await browser.post("/second-factor", { recovery_code: enrolled.recoveryCodes[0] ?? "" })).status).toBe(403);
  expect((await browser.get("/security/delete")).location).toBe("/security");
});

test("deleting an account takes a fresh code, and erases the second step at Countersign too", async () => {
  const enrolled = await enrolledCustomer();
  const browser = await signedIn(enrolled);
  const subject = visit.lastSubject();
  await browser.post("/security/confirm", { action: "delete_account" });
  const form = await browser.follow(await browser.post("/second-factor", { totp: enrolled.code() }));
  expect(form.text).toContain("Delete the account mara?");
  expect((await browser.post("/security/delete")).text).toContain("Your account is gone");
  expect((await visit.rp.post("/v1/subjects/status", { subject })).body).toEqual({ enrolled: false, methods: [] });
  expect((await browser.get("/security")).location).toBe("/sign-in");
  expect((await signIn(createBrowser(visit))).status).toBe(403);
});

test("without a second step, a sensitive action asks for the password again", async () => {
  const browser = createBrowser(visit);
  await signUp(browser);
  expect((await browser.post("/security/confirm", { action: "change_address" })).text).toContain("no second step");
  expect((await browser.post("/security/password", { action: "change_address", password: "no" })).status).toBe(403);
  const fields = { action: "change_address", password: PASSWORD };
  expect((await browser.follow(await browser.post("/security/password", fields))).text).toContain("that was you");
  await browser.post("/security/address", { address: "1 Mill Lane" });
  expect((await browser.get("/security")).text).toContain("1 Mill Lane");
});

test("setting up a second step ends the sessions that the password alone had opened, but for the one that did it", async () => {
  const owner = createBrowser(visit);
  const subject = await signUp(owner);
  const thief = createBrowser(visit);
  await signIn(thief);
  expect((await thief.get("/")).text).toContain("Fresh today");
  await owner.post("/set-up");
  await enrolTotp(visit.service, visit.rp, subject);
  const back = await owner.follow(await owner.get("/security/return"));
  expect(back.text).toContain("Your second step is on");
  expect(back.text).toContain("Authenticator app");
  expect((await thief.get("/security")).location).toBe("/sign-in");
});

test("a customer with a passkey confirms at Countersign, and a sensitive action takes the passkey", async () => {
  const browser = createBrowser(visit);
  const { answer } = await enrolPasskey(visit.service, visit.rp, await signUp(browser));
  await browser.post("/sign-out");
  const question = await signIn(browser);
  expect(question.text).not.toContain('name="totp"');
  const confirm = async () => {
    const webauthn = JSON.stringify(answer(visit.lastReply("/v1/challenges")));
    const away = await browser.post("/second-factor/continue");
    return browser.follow(await browser.get(await visit.answerPrompt(away.location, "/prompt", { webauthn })));
  };
  expect((await confirm()).text).toContain("Fresh today, mara");
  const again = await browser.follow(await browser.post("/security/confirm", { action: "change_address" }));
  expect(visit.lastCall("/v1/challenges").body).toMatchObject({ acr: "phr" });
  expect(again.text).not.toContain('name="recovery_code"');
  expect((await confirm()).text).toContain("that was you");
});

test("the security page lists this customer's events and nobody else's", async () => {
  const browser = await signedIn(await enrolledCustomer());
  const page = await browser.get("/security");
  expect(page.text).toContain("A way to confirm was added (authenticator app)");
  const other = createBrowser(visit);
  await signUp(other, "jonas");
  expect((await other.get("/security")).text).toContain("Nothing yet.");
});

test("where a second step is required, nobody shops before one is set up and used", async () => {
  await visit.reopen({ secondFactor: "require" });
  const browser = createBrowser(visit);
  await browser.get("/sign-up");
  const page = await browser.follow(await browser.post("/sign-up", { name: "mara", password: "7 odd wharf" }));
  expect(page.text).toContain("Add a second step");
  expect((await browser.get("/security")).location).toBe("/sign-in");
  const subject = visit.lastSubject();
  expect((await browser.post("/set-up")).location).toMatch(/^http:\/\/localhost:8787\/enter\//);
  const { code } = await enrolTotp(visit.service, visit.rp, subject);
  const question = await browser.follow(await browser.get("/security/return"));
  expect(question.text).toContain("Confirm it is you");
  const inside = await browser.follow(await browser.post("/second-factor", { totp: code() }));
  expect(inside.text).toContain("Fresh today, mara");
});

test("every page forbids scripts but the password field's, frames and foreign forms, and what people typed is escaped", async () => {
  const browser = createBrowser(visit);
  await browser.get("/sign-in");
  const page = await browser.post("/sign-in", { name: '"><script>alert(1)</script>', password: "x" });
  expect(page.text).not.toContain("<script");
  expect(page.headers.get("content-security-policy")).toBe(
    `default-src 'none'; script-src ${visit.countersignUrl}; connect-src ${visit.countersignUrl}; style-src 'self'; img-src 'self'; form-action 'self' ${visit.countersignUrl}; base-uri 'none'; frame-ancestors 'none'`,
  );
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect((await browser.get("/nowhere")).headers.get("content-security-policy")).toContain("default-src 'none'");
  expect((await browser.get("/sign-in")).text).not.toMatch(/\sstyle=|\son\w+=/);
});

test("the session's cookie is out of reach for scripts and for posts from other sites", async () => {
  const response = await fetch(`${visit.listening}/sign-in`);
  expect(response.headers.get("set-cookie")).toMatch(/^shop-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
});
