import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import * as client from "openid-client";
import { describe, expect, test } from "vitest";
import { readClientKeys } from "../../src/domain/client-keys.ts";
import { enrolTotp } from "../support/enrol.ts";
import { basicOf, openAuthorization, openidParty, postForm } from "../support/openid-party.ts";
import { MODEL_PAGES, RETURN_URL } from "../support/page-browser.ts";
import type { TestRelyingParty } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const REQUEST = {
  response_type: "code",
  redirect_uri: RETURN_URL,
  scope: "openid",
  code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  code_challenge_method: "S256",
  login_hint: "alice",
};

type Algorithm = "ES256" | "PS256" | "EdDSA";
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

async function signingParty(alg: Algorithm): Promise<Readonly<{ rp: TestRelyingParty; keys: Keys; jwk: JWK }>> {
  const keys = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one" };
  return { rp: await use.service.addRelyingParty({ jwks: { keys: [jwk] } }), keys, jwk };
}

type Change = Readonly<{
  claims?: JWTPayload;
  header?: Partial<JWTHeaderParameters>;
  key?: Parameters<SignJWT["sign"]>[0];
}>;

/** Claims of a good assertion, times in seconds. */
function goodClaims(rp: TestRelyingParty): JWTPayload {
  const iat = Math.floor(use.service.clock.now() / 1000);
  const me = rp.clientId;
  return { iss: me, sub: me, aud: use.service.config.publicUrl, iat, exp: iat + 60, jti: crypto.randomUUID() };
}

async function assertion(rp: TestRelyingParty, keys: Keys, { claims, header, key }: Change = {}): Promise<string> {
  return new SignJWT({ ...goodClaims(rp), ...claims })
    .setProtectedHeader({ alg: "ES256", kid: "one", ...header })
    .sign(key ?? keys.privateKey);
}

function push(fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
  return postForm(use.service, "/oidc/par", { ...REQUEST, ...fields }, headers);
}

function pushSigned(rp: TestRelyingParty, client_assertion: string) {
  return push({ client_id: rp.clientId, client_assertion, client_assertion_type: ASSERTION_TYPE });
}

describe("a client secret", () => {
  test("comes in the header or in the body, not in both", async () => {
    const { clientId, clientSecret } = use.rp;
    const inBody = { client_id: clientId, client_secret: clientSecret };
    expect((await push({}, basicOf(use.rp))).status).toBe(201);
    expect((await push({ client_id: clientId }, basicOf(use.rp))).status).toBe(201);
    expect((await push(inBody)).status).toBe(201);
    expect((await push(inBody, basicOf(use.rp))).status).toBe(401);
    expect((await push({ client_id: "rp_other" }, basicOf(use.rp))).status).toBe(401);
  });

  test("wrong, of an unknown client and of a revoked one is refused alike", async () => {
    const revoked = await use.service.addRelyingParty();
    await use.service.deps.store.relyingParties.revoke(revoked.clientId, use.service.clock.now());
    const wrong = { ...use.rp, clientSecret: "cs_secret_wrong" };
    const unknown = { ...use.rp, clientId: "rp_00000000000000000000000000" };
    const answers = await Promise.all([wrong, unknown, revoked].map((rp) => push({}, basicOf(rp))));
    for (const { status, body, headers } of answers) {
      expect([status, body.error]).toEqual([401, "invalid_client"]);
      expect(headers.get("www-authenticate")).toMatch(/^Basic /);
    }
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test.each([
    "Basic",
    "Basic ",
    "Basic !!!",
    "Basic Zm9v",
    "Bearer abc",
    `Basic ${btoa(":")}`,
    `Basic ${btoa("%E0%A4%A:x")}`,
  ])("that is %s is refused", async (authorization) => {
    expect((await push({}, { authorization })).status).toBe(401);
  });

  test("is no longer one once the client signs", async () => {
    const { rp } = await signingParty("ES256");
    expect((await push({ client_id: rp.clientId, client_secret: "" })).status).toBe(401);
    expect((await push({ client_id: rp.clientId, client_secret: "x" })).status).toBe(401);
  });
});

describe("a client assertion", () => {
  test.each<Algorithm>(["ES256", "PS256", "EdDSA"])("signed with %s carries openid-client all the way", async (alg) => {
    const { rp, keys } = await signingParty(alg);
    const app = await enrolTotp(use.service, rp, "alice");
    const now = () => use.service.clock.now();
    const onOurClock = client.PrivateKeyJwt(
      { key: await importable(keys, alg), kid: "one" },
      {
        [client.modifyAssertion]: (header, payload) => {
          header.alg = alg;
          const iat = Math.floor(now() / 1000);
          Object.assign(payload, { iat, nbf: iat, exp: iat + 60 });
        },
      },
    );
    const shop = await openidParty(use.service, rp, onOurClock);
    const sent = await shop.push("alice");
    const { browser } = await openAuthorization(use.service, sent);
    const { location } = await browser.post("/prompt", { totp: app.code() });
    expect((await shop.redeem(location, sent)).claims()?.aud).toBe(rp.clientId);
  });

  test("counts once, also under sixty parallel uses", async () => {
    const { rp, keys } = await signingParty("ES256");
    const signed = await assertion(rp, keys);
    const answers = await Promise.all(Array.from({ length: 60 }, () => pushSigned(rp, signed)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await pushSigned(rp, await assertion(rp, keys))).status).toBe(201);
  });

  test.each<readonly [string, (rp: TestRelyingParty, now: number) => JWTPayload]>([
    ["for somebody else", () => ({ aud: "https://other.example" })],
    ["for the token endpoint", () => ({ aud: "http://localhost:8787/oidc/token" })],
    ["for several, us among them", () => ({ aud: ["http://localhost:8787", "https://other.example"] })],
    ["for us in a list", () => ({ aud: ["http://localhost:8787"] })],
    ["by another issuer", () => ({ iss: "rp_other" })],
    ["about another client", () => ({ sub: "rp_other" })],
    ["without an identifier", () => ({ jti: undefined })],
    ["without an end", () => ({ exp: undefined })],
    ["that has ended", (_, now) => ({ exp: now - 11 })],
    ["without measure", (_, now) => ({ exp: now + 3700 })],
    ["issued 61 seconds ahead", (_, now) => ({ iat: now + 61 })],
    ["not valid for 61 seconds yet", (_, now) => ({ nbf: now + 61 })],
  ])("%s is refused", async (_, change) => {
    const { rp, keys } = await signingParty("ES256");
    const claims = change(rp, Math.floor(use.service.clock.now() / 1000));
    const refused = await pushSigned(rp, await assertion(rp, keys, { claims }));
    expect([refused.status, refused.body.error]).toEqual([401, "invalid_client"]);
  });

  test("issued up to ten seconds ahead of our clock is taken", async () => {
    const { rp, keys } = await signingParty("ES256");
    const ahead = Math.floor(use.service.clock.now() / 1000) + 10;
    expect((await pushSigned(rp, await assertion(rp, keys, { claims: { iat: ahead, nbf: ahead } }))).status).toBe(201);
  });

  test("with alg none, with the public key as a secret, and by keys in its header is refused", async () => {
    const { rp, keys, jwk } = await signingParty("ES256");
    const mallory = await generateKeyPair("ES256", { extractable: true });
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unsigned = `${encode({ alg: "none" })}.${encode(goodClaims(rp))}.`;
    const secret = new TextEncoder().encode(JSON.stringify(jwk));
    const symmetric = await assertion(rp, keys, { header: { alg: "HS256" }, key: secret });
    const embedded = await assertion(rp, mallory, { header: { jwk: await exportJWK(mallory.publicKey) } });
    const remote = await assertion(rp, mallory, { header: { jku: "https://evil.example/jwks.json" } });
    const signed = await assertion(rp, keys);
    const relabelled = [encode({ alg: "PS256", kid: "one" }), ...signed.split(".").slice(1)].join(".");
    for (const forged of [unsigned, symmetric, embedded, remote, relabelled, "", "a.b.c", `${signed}x`]) {
      const refused = await pushSigned(rp, forged);
      expect([refused.status, refused.body.error]).toEqual([401, "invalid_client"]);
    }
  });

  test("by a client that has only a secret is refused", async () => {
    const keys = await generateKeyPair("ES256", { extractable: true });
    expect((await pushSigned(use.rp, await assertion(use.rp, keys))).status).toBe(401);
  });
});

describe("client keys", () => {
  test("are public, usable, and told apart", async () => {
    const { jwk } = await signingParty("ES256");
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const { kid: _, ...nameless } = jwk;
    expect(readClientKeys({ keys: [jwk, { ...jwk, kid: "two" }] })?.keys).toHaveLength(2);
    for (const refused of [
      { keys: [await exportJWK(privateKey)] },
      { keys: [] },
      { keys: [jwk, jwk] },
      { keys: [nameless, jwk] },
      { keys: [{ kty: "oct", k: "AA" }] },
      { keys: [{ kty: "RSA", e: "AQAB", n: "A".repeat(171) }] },
      { keys: [{ ...jwk, use: "enc" }] },
      { keys: "x" },
      [],
      null,
    ]) {
      expect(readClientKeys(refused)).toBeUndefined();
    }
  });
});

/** openid-client names Ed25519 keys by the newer name; the algorithm in the header is what we say. */
async function importable({ privateKey }: Keys, _: Algorithm): Promise<CryptoKey> {
  if (!(privateKey instanceof CryptoKey)) throw new Error("not a web key");
  return privateKey;
}
