import { afterEach, describe, expect, test } from "vitest";
import { enrolTotp } from "../support/enrol.ts";
import {
  appFrom,
  auditKinds,
  newPasskey,
  openAccount,
  openEnrolment,
  openPrompt,
  signInToAccount,
} from "../support/page-answers.ts";
import { linkTo, MODEL_PAGES, openBrowser, type PostOptions, viewOf } from "../support/page-browser.ts";
import { startService, type TestService } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const POSTS = [
  "/enrol/method",
  "/enrol/totp",
  "/enrol/passkey",
  "/enrol/back",
  "/enrol/saved",
  "/enrol/finish",
  "/enrol/passkey-fault",
  "/prompt",
  "/prompt/restart",
  "/prompt/cancel",
  "/prompt/continue",
  "/prompt/passkey-fault",
  "/account/verify",
  "/account/add",
  "/account/rename",
  "/account/remove",
  "/account/recovery-codes",
  "/account/saved",
  "/account/remind-later",
  "/account/not-me",
  "/account/sign-out",
  "/account/finish",
  "/account/passkey-fault",
];

const FORGERIES: Readonly<Record<string, Readonly<{ fields?: Record<string, string>; options?: PostOptions }>>> = {
  "no token": { fields: { csrf: "" } },
  "a wrong token": { fields: { csrf: "A".repeat(43) } },
  "another site": { options: { headers: { "sec-fetch-site": "cross-site" } } },
  "a sibling host": { options: { headers: { "sec-fetch-site": "same-site" } } },
  "no page at all": { options: { headers: { "sec-fetch-site": "none" } } },
  "an old browser at another origin": {
    options: { headers: { "sec-fetch-site": "", origin: "https://evil.example" } },
  },
  "an old browser that hides its origin": { options: { headers: { "sec-fetch-site": "", origin: "null" } } },
  "another kind of body": { options: { headers: { "content-type": "text/plain" } } },
};

describe("a form from elsewhere changes nothing", () => {
  test.each(Object.entries(FORGERIES))("%s", async (_, { fields, options }) => {
    const { browser, app } = await signInToAccount(use.service, use.rp);
    const enrolment = await openEnrolment(use.service, use.rp, "bob");
    const prompt = await openPrompt(use.service, use.rp, "alice");
    const before = await auditKinds(use.service);
    const browsers = { account: browser, enrol: enrolment.browser, prompt: prompt.browser };
    for (const path of POSTS) {
      const kind = path.split("/")[1];
      const at = kind === "account" || kind === "enrol" ? browsers[kind] : browsers.prompt;
      const all = { method: "totp", authenticator: app.id, label: "x", totp: app.code(), ...fields };
      const forged = await at.post(path, all, options);
      expect(forged.status, path).toBe(400);
      viewOf(forged, "plain", "bad_request");
    }
    expect(await auditKinds(use.service)).toEqual(before);
    await browser.get("/account");
    viewOf(await browser.post("/account/remind-later"), "account", "overview");
  });

  test("not even with the token of another session", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    const other = await openEnrolment(use.service, use.rp, "bob");
    const forged = await browser.post("/account/not-me", { csrf: String(other.page.model.csrf) });
    expect(forged.status).toBe(400);
  });

  test("and a field given twice is no form", async () => {
    const { browser, page } = await openAccount(use.service, use.rp, "nobody");
    expect(page.location).toBe("/enrol");
    const { model } = await browser.get("/enrol");
    const twice = await use.service.app.request("/enrol/method", {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        cookie: `countersign-enrol=${browser.cookies.get("countersign-enrol")}`,
      },
      body: `csrf=${String(model.csrf)}&method=totp&method=webauthn`,
    });
    expect(twice.status).toBe(400);
  });

  test("an old browser that names our origin is served", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    const served = await browser.post("/account/remind-later", {}, { headers: { "sec-fetch-site": "" } });
    expect(served.status).toBe(200);
  });
});

describe("reading changes nothing", () => {
  test("GET of every address that takes a form leads to its page", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    await browser.post("/account/add", { method: "totp" });
    const { challenge } = await openPrompt(use.service, use.rp, "alice");
    await browser.get(new URL(await linkTo(use.rp, { page: "prompt", challenge })).pathname);
    const before = await auditKinds(use.service);
    for (const path of POSTS.filter((one) => one !== "/prompt")) {
      const read = await browser.get(path);
      if (path === "/account/remove") expect(read.location, path).toBe("/account");
      else expect([read.status, read.location], path).toEqual([303, `/${path.split("/")[1]}`]);
    }
    expect(await auditKinds(use.service)).toEqual(before);
    viewOf(await browser.get("/prompt"), "prompt", "challenge");
    viewOf(await browser.get("/enrol"), "enrol", "totp");
  });
});

describe("a session", () => {
  test("ends after an hour without use", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    use.service.clock.advance(HOUR_MS - 1);
    expect((await browser.get("/account")).status).toBe(200);
    use.service.clock.advance(HOUR_MS);
    const over = await browser.get("/account");
    expect(over.status).toBe(401);
    viewOf(over, "plain", "session_expired");
  });

  test("ends after a day, used or not, from the proof on", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    for (let halfHours = 1; halfHours < 48; halfHours++) {
      use.service.clock.advance(HOUR_MS / 2);
      expect((await browser.get("/account")).status).toBe(200);
    }
    use.service.clock.advance(HOUR_MS / 2);
    expect((await browser.get("/account")).status).toBe(401);
  });

  test("is of one kind: its token opens no other page", async () => {
    const { browser } = await signInToAccount(use.service, use.rp);
    const token = browser.cookies.get("countersign-account") ?? "";
    for (const kind of ["enrol", "prompt", "admin"]) browser.cookies.set(`countersign-${kind}`, token);
    for (const path of ["/enrol", "/prompt"]) expect((await browser.get(path)).status).toBe(401);
  });

  test("is never one that the browser brought along: a planted token is replaced when a link is followed", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const browser = openBrowser(use.service);
    browser.cookies.set("countersign-account", "A".repeat(43));
    await browser.enter(await linkTo(use.rp, { page: "account", subject: "alice" }));
    expect(browser.cookies.get("countersign-account")).not.toBe("A".repeat(43));
  });

  test("without a cookie, or with somebody's guess, shows that it is over and nothing else", async () => {
    for (const cookie of ["", "countersign-account=", `countersign-account=${"B".repeat(43)}`]) {
      const over = await openBrowser(use.service).get("/account", { cookie });
      expect(over.status).toBe(401);
      expect(over.headers.getSetCookie()).toEqual([]);
      viewOf(over, "plain", "session_expired");
    }
  });
});

describe("a one-time link", () => {
  test("that is used, expired or unknown looks the same", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const path = async () => new URL(await linkTo(use.rp, { page: "account", subject: "alice" })).pathname;
    const [used, expired] = [await path(), await path()];
    expect((await openBrowser(use.service).get(used)).location).toBe("/account");
    const answers = [await openBrowser(use.service).get(used)];
    use.service.clock.advance(10 * MINUTE_MS);
    answers.push(await openBrowser(use.service).get(expired));
    answers.push(await openBrowser(use.service).get(`/enter/${"C".repeat(43)}`));
    answers.push(await openBrowser(use.service).get("/enter/x"));
    const shapes = answers.map(({ status, text, headers }) => {
      const named = [...headers].filter(([name]) => name !== "x-request-id");
      return JSON.stringify({ status, text, named });
    });
    expect(new Set(shapes).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  test("is not used up by a preview that asks with HEAD", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const path = new URL(await linkTo(use.rp, { page: "account", subject: "alice" })).pathname;
    const preview = await use.service.app.request(path, { method: "HEAD" });
    expect([preview.status, preview.headers.getSetCookie()]).toEqual([404, []]);
    expect((await openBrowser(use.service).get(path)).location).toBe("/account");
  });

  test("followed by many at once opens one session", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const path = new URL(await linkTo(use.rp, { page: "account", subject: "alice" })).pathname;
    const answers = await Promise.all(Array.from({ length: 20 }, () => openBrowser(use.service).get(path)));
    expect(answers.filter(({ location }) => location === "/account")).toHaveLength(1);
  });
});

describe("headers", () => {
  const services: TestService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
  });

  test("of every page keep it to ourselves, out of frames and out of caches", async () => {
    const { page } = await openPrompt(use.service, use.rp, "nobody");
    const { "x-request-id": _, ...headers } = Object.fromEntries(page.headers);
    expect(headers).toEqual({
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
        "connect-src 'self'; form-action 'self' http://localhost:3000; object-src 'none'; base-uri 'none'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'; report-uri /csp-report",
      "content-type": "text/html; charset=utf-8",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy":
        "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), " +
        "geolocation=(), payment=(), usb=()",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  });

  test("on https bind the cookie to our host, and browsers to https", async () => {
    const service = await startService({
      env: { COUNTERSIGN_PUBLIC_URL: "https://id.example.com" },
      pages: MODEL_PAGES,
    });
    services.push(service);
    const rp = await service.addRelyingParty();
    const entered = await openBrowser(service).get(
      new URL(await linkTo(rp, { page: "enrol", subject: "alice" })).pathname,
    );
    expect(entered.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-countersign-enrol=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ]);
    expect(entered.headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
    const { browser, app } = await signInToAccount(service, rp, "bob");
    expect([...browser.cookies.keys()]).toEqual(["__Host-countersign-account"]);
    viewOf(await browser.post("/account/rename", { authenticator: app.id, label: "Phone" }), "account", "overview");
  });
});

describe("language", () => {
  test.each([
    ["de-AT,en;q=0.5", "de"],
    ["nl,de;q=0.3,en;q=0.2", "de"],
    ["fr-CA,de;q=0.3", "fr"],
    ["ar-EG", "ar"],
    ["es", "es"],
    ["en-GB,de;q=0.9", "en"],
    ["nl", "en"],
    ["de;q=0", "en"],
    ["", "en"],
  ])("%j is answered in %s", async (wish, lang) => {
    const { browser } = await openPrompt(use.service, use.rp, "nobody");
    expect((await browser.get("/prompt", { "accept-language": wish })).model.lang).toBe(lang);
    expect((await openBrowser(use.service).get("/prompt", { "accept-language": wish })).model.lang).toBe(lang);
  });
});

test("no address holds a secret, a code, an id of a person or of an authenticator, but for the one-time links", async () => {
  const { browser, page } = await openAccount(use.service, use.rp, "alice@example.com");
  const secrets = ["alice", ...browser.cookies.values(), String(page.model.csrf)];
  const setup = await browser.post("/enrol/method", { method: "totp", csrf: await tokenAt("/enrol") }, { plain: true });
  expect(setup.location).toBe("/enrol");
  const totp = await browser.get("/enrol");
  const app = appFrom(use.service, totp);
  secrets.push(viewOf(totp, "enrol", "totp").totp.key.join(""), app.code());
  const codes = await browser.post("/enrol/totp", { totp: app.code() }, { plain: true });
  secrets.push(...viewOf(codes, "enrol", "recovery_codes").recoveryCodes.codes);
  await browser.post("/enrol/finish", {}, { plain: true });
  await browser.get("/account");
  await browser.post("/account/add", { method: "webauthn" }, { plain: true });
  await browser.post("/enrol/passkey", newPasskey(browser.device, await browser.get("/enrol")), { plain: true });
  await browser.post("/enrol/finish", {}, { plain: true });
  const { authenticators, signal } = viewOf(await browser.get("/account"), "account", "overview");
  secrets.push(...authenticators.map(({ id }) => id), ...(signal?.credentialIds ?? []), String(signal?.userHandle));
  await browser.get("/account/remove?n=1");
  const prompt = await openPrompt(use.service, use.rp, "alice@example.com");
  const answered = await prompt.browser.post("/prompt", { totp: app.next() }, { plain: true });
  expect(answered.status).toBe(303);
  secrets.push(...browser.cookies.values(), ...prompt.browser.cookies.values());
  const addresses = [...browser.visited, ...prompt.browser.visited].filter((path) => !path.startsWith("/enter/"));
  expect(addresses.length).toBeGreaterThan(15);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(4);
    for (const address of addresses) expect(address).not.toContain(secret);
    expect(use.service.log.join("\n")).not.toContain(secret);
  }

  async function tokenAt(path: string): Promise<string> {
    return String((await browser.get(path)).model.csrf);
  }
});
