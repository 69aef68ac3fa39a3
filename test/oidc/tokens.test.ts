import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { describe, expect, test } from "vitest";
import { type EnrolledTotp, enrolTotp } from "../support/enrol.ts";
import { basicOf, openAuthorization, openidParty, postForm, type Sent } from "../support/openid-party.ts";
import { auditKinds } from "../support/page-answers.ts";
import { MODEL_PAGES, RETURN_URL } from "../support/page-browser.ts";
import type { TestRelyingParty } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

type Ready = Readonly<{ app: EnrolledTotp; sent: Sent; location: string; code: string }>;

/** A code that has just been issued. */
async function codeFor(subject = "alice"): Promise<Ready> {
  const app = await enrolTotp(use.service, use.rp, subject);
  const shop = await openidParty(use.service, use.rp);
  const sent = await shop.push(subject);
  const { browser } = await openAuthorization(use.service, sent);
  const { location = "" } = await browser.post("/prompt", { totp: app.code() });
  return { app, sent, location, code: new URL(location).searchParams.get("code") ?? "" };
}

function redeem(
  { code, sent }: Pick<Ready, "code" | "sent">,
  change: Readonly<Record<string, string>> = {},
  rp: TestRelyingParty = use.rp,
) {
  const fields = { grant_type: "authorization_code", code, redirect_uri: RETURN_URL, code_verifier: sent.verifier };
  return postForm(use.service, "/oidc/token", { ...fields, ...change }, basicOf(rp));
}

function userinfo(token: unknown) {
  return use.service.app.request("/oidc/userinfo", { headers: { authorization: `Bearer ${token}` } });
}

describe("a code", () => {
  test("gives tokens once; a second use revokes them and raises an alarm", async () => {
    const ready = await codeFor();
    const first = await redeem(ready);
    expect(first.status).toBe(200);
    expect(first.headers.get("cache-control")).toBe("no-store");
    expect((await userinfo(first.body.access_token)).status).toBe(200);
    const second = await redeem(ready);
    expect([second.status, second.body.error]).toEqual([400, "invalid_grant"]);
    expect((await userinfo(first.body.access_token)).status).toBe(401);
    expect(await auditKinds(use.service)).toContain("authorization_code_replayed");
  });

  test("redeemed by sixty at once has one winner, whose access token is dead", async () => {
    const ready = await codeFor();
    const answers = await Promise.all(Array.from({ length: 60 }, () => redeem(ready)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).size).toBe(1);
    expect((await userinfo(won[0]?.body.access_token)).status).toBe(401);
  });

  test("lives sixty seconds", async () => {
    const ready = await codeFor();
    use.service.clock.advance(60_000);
    expect((await redeem(ready)).body.error).toBe("invalid_grant");
    expect(await auditKinds(use.service)).not.toContain("authorization_code_replayed");
  });

  test("is worth nothing to another client, which does not spoil it either", async () => {
    const ready = await codeFor();
    const other = await use.service.addRelyingParty();
    expect((await redeem(ready, {}, other)).body.error).toBe("invalid_grant");
    expect((await redeem(ready)).status).toBe(200);
  });

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["a wrong verifier", { code_verifier: client.randomPKCECodeVerifier() }],
    ["a verifier that is too short", { code_verifier: "short" }],
    ["the challenge itself", { code_verifier: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" }],
    ["another redirect URI", { redirect_uri: `${RETURN_URL}/` }],
  ])("with %s is refused, and burnt", async (_, change) => {
    const ready = await codeFor();
    expect((await redeem(ready, change)).body).toEqual({
      error: "invalid_grant",
      error_description: expect.any(String),
    });
    expect((await redeem(ready)).status).toBe(400);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ["no verifier", { code_verifier: "" }, "invalid_grant"],
    ["an unknown code", { code: "A".repeat(43) }, "invalid_grant"],
    ["a refresh token grant", { grant_type: "refresh_token" }, "unsupported_grant_type"],
    ["a client credentials grant", { grant_type: "client_credentials" }, "unsupported_grant_type"],
    ["a password grant", { grant_type: "password" }, "unsupported_grant_type"],
  ])("asked for with %s is refused", async (_, change, error) => {
    const refused = await redeem(await codeFor(), change);
    expect([refused.status, refused.body.error]).toEqual([400, error]);
  });

  test("is no request_uri and no link", async () => {
    const { code } = await codeFor();
    expect((await use.service.app.request(`/enter/${code}`)).status).toBe(404);
  });
});

describe("an ID token", () => {
  test("is checked by oauth4webapi, signature included", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const issuer = new URL(use.service.config.publicUrl);
    const fetchHere = async (
      url: string,
      { headers, method, body }: { headers: Record<string, string>; method: string; body?: unknown },
    ) =>
      use.service.app.request(url, { headers, method, body: body instanceof URLSearchParams ? body.toString() : null });
    const options = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetchHere } as const;
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    const me = {
      client_id: use.rp.clientId,
      [oauth.clockSkew]: Math.round((use.service.clock.now() - Date.now()) / 1000),
    };
    const auth = oauth.ClientSecretPost(use.rp.clientSecret);
    const verifier = oauth.generateRandomCodeVerifier();
    const nonce = oauth.generateRandomNonce();
    const state = oauth.generateRandomState();
    const parameters = {
      response_type: "code",
      redirect_uri: RETURN_URL,
      scope: "openid",
      login_hint: "alice",
      max_age: "60",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      nonce,
      state,
    };
    const par = await oauth.pushedAuthorizationRequest(as, me, auth, parameters, options);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, me, par);
    const url = new URL(as.authorization_endpoint ?? "");
    url.search = new URLSearchParams({ client_id: me.client_id, request_uri }).toString();
    const { browser } = await openAuthorization(use.service, { url });
    const { location = "" } = await browser.post("/prompt", { totp: app.code() });
    const answer = oauth.validateAuthResponse(as, me, new URL(location), state);
    const response = await oauth.authorizationCodeGrantRequest(as, me, auth, answer, RETURN_URL, verifier, options);
    const checks = { expectedNonce: nonce, requireIdToken: true, maxAge: 60 };
    const tokens = await oauth.processAuthorizationCodeResponse(as, me, response, checks);
    await oauth.validateApplicationLevelSignature(as, response, options);
    expect(oauth.getValidatedIdTokenClaims(tokens)?.acr).toBe("urn:countersign:acr:otp");
    const info = await oauth.userInfoRequest(as, me, tokens.access_token, options);
    const { sub } = await oauth.processUserInfoResponse(as, me, oauth.skipSubjectCheck, info);
    expect(sub).toMatch(/^sub_/);
  });

  test("says its type, and is worth nothing to another relying party, when expired, and when changed", async () => {
    const ready = await codeFor();
    const { body } = await redeem(ready);
    const token = String(body.id_token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", kid: expect.any(String), typ: "JWT" });
    const jwks: JSONWebKeySet = await (await use.service.app.request("/.well-known/jwks.json")).json();
    const keys = createLocalJWKSet(jwks);
    const check = (text: string, audience: string, ms = 0) =>
      jwtVerify(text, keys, { audience, currentDate: new Date(use.service.clock.now() + ms) });
    await check(token, use.rp.clientId);
    await expect(check(token, "rp_other")).rejects.toThrow(/aud/);
    await expect(check(token, use.rp.clientId, 300_000)).rejects.toThrow(/exp/);
    await expect(check(`${token.slice(0, -4)}AAAA`, use.rp.clientId)).rejects.toThrow(/signature/);
    expect(JSON.stringify(jwks)).not.toContain('"d"');
  });

  test("names the person differently to each relying party", async () => {
    const ready = await codeFor();
    const other = await use.service.addRelyingParty();
    const { subject_id } = (await other.post("/v1/challenges", { subject: "alice" })).body;
    const { body } = await redeem(ready);
    const [, claims = ""] = String(body.id_token).split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString()).sub).not.toBe(subject_id);
  });
});

describe("userinfo", () => {
  test("gives `sub` for five minutes, by GET and by POST", async () => {
    const { body } = await redeem(await codeFor());
    const headers = { authorization: `Bearer ${body.access_token}` };
    const posted = await use.service.app.request("/oidc/userinfo", { method: "POST", headers });
    expect(await posted.json()).toEqual({ sub: expect.stringMatching(/^sub_[0-9a-z]{26}$/) });
    use.service.clock.advance(5 * 60_000 - 1);
    expect((await userinfo(body.access_token)).status).toBe(200);
    use.service.clock.advance(1);
    expect((await userinfo(body.access_token)).status).toBe(401);
  });

  test("refuses what is no token, and a token of a revoked relying party", async () => {
    const { body } = await redeem(await codeFor());
    const forged = await userinfo(`${"A".repeat(43)}.${"A".repeat(43)}`);
    expect(forged.headers.get("www-authenticate")).toBe('Bearer realm="countersign", error="invalid_token"');
    const bare = await use.service.app.request("/oidc/userinfo");
    expect([bare.status, bare.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="countersign"']);
    await use.service.deps.store.relyingParties.revoke(use.rp.clientId, use.service.clock.now());
    expect((await userinfo(body.access_token)).status).toBe(401);
  });

  test("a token dies with the subject", async () => {
    const { body } = await redeem(await codeFor());
    await use.rp.post("/v1/subjects/delete", { subject: "alice", reason: "asked" });
    expect((await userinfo(body.access_token)).status).toBe(401);
  });
});
