import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp } from "../support/enrol.ts";
import { basicOf, openAuthorization, openidParty, postForm } from "../support/openid-party.ts";
import { MODEL_PAGES, openBrowser, RETURN_URL, viewOf } from "../support/page-browser.ts";
import type { TestRelyingParty } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const MINUTE_MS = 60_000;
/** RFC 7636 Appendix B. */
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** A request as it is pushed, with nothing wrong in it. */
const GOOD: Readonly<Record<string, string>> = {
  response_type: "code",
  redirect_uri: RETURN_URL,
  scope: "openid",
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
  login_hint: "alice",
};

type Change = Readonly<Record<string, string | undefined>>;

async function push(change: Change = {}, rp: TestRelyingParty = use.rp) {
  const fields = Object.entries({ ...GOOD, ...change }).filter((one): one is [string, string] => one[1] !== undefined);
  return postForm(use.service, "/oidc/par", Object.fromEntries(fields), basicOf(rp));
}

async function pushed(change: Change = {}, rp: TestRelyingParty = use.rp): Promise<string> {
  const answer = await push(change, rp);
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body.request_uri);
}

function authorize(requestUri: string, clientId = use.rp.clientId) {
  const query = new URLSearchParams({ client_id: clientId, request_uri: requestUri });
  return openBrowser(use.service).get(`/oidc/authorize?${query}`);
}

describe("a pushed request", () => {
  test("gets a request_uri of 256 bits for five minutes, kept by nobody", async () => {
    const answer = await push();
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 300,
    });
  });

  test("is answered alike for those we know and those we do not", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const [known, unknown] = [await push(), await push({ login_hint: "nobody" })];
    expect([unknown.status, Object.keys(unknown.body)]).toEqual([known.status, Object.keys(known.body)]);
    expect(unknown.body.expires_in).toBe(known.body.expires_in);
  });

  test.each<readonly [string, Change, string]>([
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["a hybrid response type", { response_type: "code id_token" }, "unsupported_response_type"],
    ["no response type", { response_type: undefined }, "unsupported_response_type"],
    ["another response mode", { response_mode: "fragment" }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["PKCE without a method, which means plain", { code_challenge_method: undefined }, "invalid_request"],
    ["no PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["a challenge that is no SHA-256", { code_challenge: "short" }, "invalid_request"],
    ["no openid scope", { scope: "account" }, "invalid_scope"],
    ["nobody named", { login_hint: undefined }, "invalid_request"],
    ["an empty name", { login_hint: "" }, "invalid_request"],
    ["a name that is too long", { login_hint: "x".repeat(256) }, "invalid_request"],
    ["a request object", { request: "e30.e30." }, "request_not_supported"],
    ["a request_uri", { request_uri: "https://example.com/r" }, "request_uri_not_supported"],
    ["claims", { claims: "{}" }, "invalid_request"],
    ["an odd max_age", { max_age: "-1" }, "invalid_request"],
    ["an unknown prompt", { prompt: "select_account" }, "invalid_request"],
    ["prompt none beside another", { prompt: "none login" }, "invalid_request"],
    ["levels that are not ours", { acr_values: "urn:example:gold" }, "unmet_authentication_requirements"],
    ["a state without measure", { state: "x".repeat(2049) }, "invalid_request"],
    ["a vow in other words", { enrol: "yes" }, "invalid_request"],
    ["a foreign hint", { id_token_hint: "e30.e30.x" }, "invalid_request"],
  ])("with %s is refused", async (_, change, error) => {
    const refused = await push(change);
    expect(refused.status).toBe(400);
    expect(refused.body).toEqual({ error, error_description: expect.any(String) });
  });

  test("that names a parameter twice is refused", async () => {
    const body = `${new URLSearchParams(GOOD)}&redirect_uri=https%3A%2F%2Fevil.example`;
    const headers = { ...basicOf(use.rp), "content-type": "application/x-www-form-urlencoded" };
    const response = await use.service.app.request("/oidc/par", { method: "POST", headers, body });
    expect(response.status).toBe(400);
  });

  test.each(MUTATIONS())("with the redirect URI changed to %s is refused, without a redirect", async (mutation) => {
    const refused = await push({ redirect_uri: mutation });
    expect([refused.status, refused.body.error]).toEqual([400, "invalid_request"]);
    expect(refused.headers.has("location")).toBe(false);
    expect(refused.text).not.toContain("evil");
  });

  test("puts the person's name into no address and no log", async () => {
    const requestUri = await pushed({ login_hint: "alice-the-secret" });
    const first = await authorize(requestUri);
    expect(`${requestUri}${first.location}${use.service.log.join()}`).not.toContain("alice-the-secret");
  });
});

describe("a request_uri", () => {
  test("opens the prompt again and again until it is approved, and never after", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const requestUri = await pushed();
    expect((await authorize(requestUri)).location).toBe("/prompt");
    const url = new URL(
      `http://localhost/oidc/authorize?${new URLSearchParams({ client_id: use.rp.clientId, request_uri: requestUri })}`,
    );
    const { browser } = await openAuthorization(use.service, { url });
    const { location } = await browser.post("/prompt", { totp: app.code() });
    expect(new URL(location ?? "").searchParams.has("code")).toBe(true);
    const again = await authorize(requestUri);
    expect(again.status).toBe(400);
    viewOf(again, "plain", "link_expired");
  });

  test("opened in two windows is approved in one of them", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const shop = await openidParty(use.service, use.rp);
    const sent = await shop.push("alice");
    const [one, other] = [await openAuthorization(use.service, sent), await openAuthorization(use.service, sent)];
    const first = await one.browser.post("/prompt", { totp: app.code() });
    expect(first.location).toContain("code=");
    const second = await other.browser.post("/prompt", { totp: app.next() });
    expect(second.status).toBe(410);
    viewOf(second, "plain", "session_expired");
  });

  test("expires after five minutes", async () => {
    const requestUri = await pushed();
    use.service.clock.advance(5 * MINUTE_MS - 1);
    expect((await authorize(requestUri)).location).toBe("/prompt");
    use.service.clock.advance(1);
    viewOf(await authorize(requestUri), "plain", "link_expired");
  });

  test("is worth nothing to another client", async () => {
    const other = await use.service.addRelyingParty();
    const refused = await authorize(await pushed(), other.clientId);
    expect(refused.status).toBe(400);
    viewOf(refused, "plain", "link_expired");
  });

  test.each([
    ["an unknown one", `urn:ietf:params:oauth:request_uri:${"A".repeat(43)}`],
    ["an address elsewhere", "https://evil.example/request"],
    ["an empty one", ""],
  ])("that is %s opens nothing", async (_, requestUri) => {
    const refused = await authorize(requestUri);
    expect([refused.status, refused.location]).toEqual([400, undefined]);
  });

  test("is no link of ours, and no link is one", async () => {
    const requestUri = await pushed();
    const token = requestUri.split(":").at(-1) ?? "";
    expect((await openBrowser(use.service).get(`/enter/${token}`)).status).toBe(404);
    expect((await authorize(requestUri)).location).toBe("/prompt");
  });

  test("is not used up by a preview", async () => {
    const query = new URLSearchParams({ client_id: use.rp.clientId, request_uri: await pushed() });
    const preview = await use.service.app.request(`/oidc/authorize?${query}`, { method: "HEAD" });
    expect([preview.status, preview.headers.has("set-cookie")]).toEqual([400, false]);
  });

  test("of a revoked relying party opens nothing", async () => {
    const requestUri = await pushed();
    await use.service.deps.store.relyingParties.revoke(use.rp.clientId, use.service.clock.now());
    expect((await authorize(requestUri)).status).toBe(400);
  });
});

describe("authorizing", () => {
  test("without a pushed request opens nothing and sends nobody anywhere", async () => {
    const query = new URLSearchParams({ ...GOOD, client_id: use.rp.clientId });
    const refused = await openBrowser(use.service).get(`/oidc/authorize?${query}`);
    expect([refused.status, refused.location]).toEqual([400, undefined]);
    viewOf(refused, "plain", "bad_request");
  });

  test("with a parameter named twice opens nothing", async () => {
    const query = new URLSearchParams({ client_id: use.rp.clientId, request_uri: await pushed() });
    for (const twice of [`${query}&request_uri=x`, `client_id=x&${query}`]) {
      const refused = await openBrowser(use.service).get(`/oidc/authorize?${twice}`);
      expect([refused.status, refused.location]).toEqual([400, undefined]);
    }
  });

  test("takes parameters from the pushed request alone", async () => {
    const query = new URLSearchParams({
      client_id: use.rp.clientId,
      request_uri: await pushed({ login_hint: "alice" }),
      redirect_uri: "https://evil.example",
      login_hint: "mallory",
      state: "evil",
    });
    const browser = openBrowser(use.service);
    await browser.get(`/oidc/authorize?${query}`);
    await browser.get("/prompt");
    const { location } = await browser.post("/prompt/cancel");
    expect(location).toBe(`${RETURN_URL}?error=access_denied&iss=${encodeURIComponent(use.service.config.publicUrl)}`);
  });

  test("by a posted form works too", async () => {
    const fields = { client_id: use.rp.clientId, request_uri: await pushed() };
    const response = await use.service.app.request("/oidc/authorize", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/prompt"]);
  });

  test("with prompt=none answers login_required, since nobody is kept signed in", async () => {
    const refused = await authorize(await pushed({ prompt: "none", state: "s" }));
    const answer = new URL(refused.location ?? "");
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({ error: "login_required", state: "s" });
  });

  test("for a passkey with only an app enrolled answers unmet_authentication_requirements, never less", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const refused = await authorize(await pushed({ acr_values: "phr" }));
    const answer = new URL(refused.location ?? "");
    expect(answer.searchParams.get("error")).toBe("unmet_authentication_requirements");
    expect(answer.searchParams.has("code")).toBe(false);
  });

  test("takes any of the levels asked for, and none below", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    await enrolPasskey(use.service, use.rp, "bob");
    const acr_values = "phr urn:countersign:acr:otp";
    for (const login_hint of ["alice", "bob"]) {
      const browser = openBrowser(use.service);
      const query = new URLSearchParams({
        client_id: use.rp.clientId,
        request_uri: await pushed({ acr_values, login_hint }),
      });
      await browser.get(`/oidc/authorize?${query}`);
      const { methods } = viewOf(await browser.get("/prompt"), "prompt", "challenge").challenge;
      expect(methods).toEqual(login_hint === "bob" ? ["webauthn"] : ["totp"]);
    }
  });

  test("that took longer than max_age allows answers unmet_authentication_requirements", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const shop = await openidParty(use.service, use.rp);
    const { browser } = await openAuthorization(use.service, await shop.push("alice", { max_age: "30" }));
    await browser.post("/prompt", { recovery_code: app.recoveryCodes[0] ?? "" });
    use.service.clock.advance(31_000);
    const { location } = await browser.post("/prompt/continue");
    expect(new URL(location ?? "").searchParams.get("error")).toBe("unmet_authentication_requirements");
  });

  test("speaks the language that the relying party asks for, before the browser's", async () => {
    const browser = openBrowser(use.service);
    const query = new URLSearchParams({
      client_id: use.rp.clientId,
      request_uri: await pushed({ ui_locales: "xx de-AT en" }),
    });
    await browser.get(`/oidc/authorize?${query}`);
    expect((await browser.get("/prompt", { "accept-language": "en" })).model.lang).toBe("de");
  });

  test("is refused to a source that asks too often", async () => {
    const query = new URLSearchParams({ client_id: use.rp.clientId, request_uri: await pushed() });
    const browser = openBrowser(use.service, "203.0.113.9");
    const statuses = [];
    for (let tries = 0; tries < 61; tries++) statuses.push((await browser.get(`/oidc/authorize?${query}`)).status);
    expect(statuses.at(0)).toBe(303);
    expect(statuses.at(-1)).toBe(429);
  });

  test("never lets our pages into a frame, and sends no referrer", async () => {
    const first = await authorize(await pushed());
    for (const name of ["content-security-policy", "x-frame-options", "referrer-policy"]) {
      expect(first.headers.has(name)).toBe(true);
    }
    expect(first.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(first.headers.get("referrer-policy")).toBe("no-referrer");
  });
});

describe("the subject", () => {
  test("is who was named: another's answer opens nothing", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const mallory = await enrolTotp(use.service, use.rp, "mallory");
    const shop = await openidParty(use.service, use.rp);
    const { browser } = await openAuthorization(use.service, await shop.push("alice"));
    const refused = await browser.post("/prompt", { totp: mallory.code() });
    expect([refused.status, refused.location]).toEqual([403, undefined]);
  });

  test("agrees with id_token_hint, or the request is refused", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const shop = await openidParty(use.service, use.rp);
    const sent = await shop.push("alice");
    const { browser } = await openAuthorization(use.service, sent);
    const { location } = await browser.post("/prompt", { totp: app.code() });
    const { id_token = "" } = await shop.redeem(location, sent);
    expect((await push({ id_token_hint: id_token })).status).toBe(201);
    expect((await push({ id_token_hint: id_token, login_hint: "mallory" })).body.error).toBe("invalid_request");
    const other = await use.service.addRelyingParty();
    expect((await push({ id_token_hint: id_token }, other)).body.error).toBe("invalid_request");
  });

  test("that nobody knows looks the same at every step", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const shop = await openidParty(use.service, use.rp);
    const seen = [];
    for (const subject of ["alice", "nobody"]) {
      const { browser, page } = await openAuthorization(use.service, await shop.push(subject));
      const refused = await browser.post("/prompt", { totp: "000000" });
      seen.push([page.status, page.model.view, refused.status, refused.model.view]);
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});

describe("a relying party that may send its requests by the browser", () => {
  const NAIVE = { allowInsecureAuthorize: true };

  function send(rp: TestRelyingParty, change: Readonly<Record<string, string>> = {}) {
    const query = new URLSearchParams({ ...GOOD, client_id: rp.clientId, state: "s", ...change });
    return openBrowser(use.service).get(`/oidc/authorize?${query}`);
  }

  test("gets the prompt without pushing, and vouches for nothing", async () => {
    const rp = await use.service.addRelyingParty(NAIVE);
    const first = await send(rp, { login_hint: "newcomer", enrol: "true", first_factor: "true" });
    expect([first.status, first.location]).toEqual([303, "/prompt"]);
  });

  test("is told by redirect what is wrong, but never at another address", async () => {
    const rp = await use.service.addRelyingParty(NAIVE);
    const told = new URL((await send(rp, { code_challenge_method: "plain" })).location ?? "");
    expect(Object.fromEntries(told.searchParams)).toMatchObject({ error: "invalid_request", state: "s" });
    for (const redirect_uri of MUTATIONS()) {
      const refused = await send(rp, { redirect_uri });
      expect([refused.status, refused.location]).toEqual([400, undefined]);
    }
  });
});

/** Thirty ways in which an address can be almost the registered one. */
function MUTATIONS(): readonly string[] {
  return [
    "http://localhost:3000/callback/",
    "http://localhost:3000/callback?",
    "http://localhost:3000/callback#",
    "http://localhost:3000/callback?x=1",
    "http://localhost:3000/callback#evil",
    "http://localhost:3000/callbac",
    "http://localhost:3000/callback2",
    "http://localhost:3000/Callback",
    "http://localhost:3000/callback%20",
    "http://localhost:3000/callback ",
    " http://localhost:3000/callback",
    "http://localhost:3000//callback",
    "http://localhost:3000/./callback",
    "http://localhost:3000/x/../callback",
    "http://localhost:3000/%63allback",
    "http://localhost:3000/callback%00",
    "http://localhost:3000/callback\n",
    "http://localhost:3000\\callback",
    "http://localhost:3001/callback",
    "http://localhost/callback",
    "https://localhost:3000/callback",
    "HTTP://localhost:3000/callback",
    "http://LOCALHOST:3000/callback",
    "http://localhost.:3000/callback",
    "http://localhost.evil.example:3000/callback",
    "http://127.0.0.1:3000/callback",
    "http://evil@localhost:3000/callback",
    "http://localhost:3000@evil.example/callback",
    "//localhost:3000/callback",
    "javascript:alert(1)//localhost:3000/callback",
  ];
}
