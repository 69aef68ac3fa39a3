import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { KEPT_MS, LEAD_MS, ROTATED_AFTER_MS } from "../../src/crypto/signing-schedule.ts";
import { enrolTotp, textIn } from "../support/enrol.ts";
import { MODEL_PAGES, openBrowser } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

/** A node asks the store again after this. */
const CACHED_MS = 60_000;

async function jwks(): Promise<JSONWebKeySet> {
  return (await use.service.app.request("/.well-known/jwks.json")).json();
}

function sign(): Promise<string> {
  const iat = Math.floor(use.service.clock.now() / 1000);
  return use.service.deps.signer.sign("JWT", { iat, exp: iat + 300 });
}

async function check(token: string, keys: JSONWebKeySet): Promise<void> {
  await jwtVerify(token, createLocalJWKSet(keys), { currentDate: new Date(use.service.clock.now()) });
}

function kidOf(token: string): string | undefined {
  return decodeProtectedHeader(token).kid;
}

describe("discovery", () => {
  test("says what we do, under our own address", async () => {
    const response = await use.service.app.request("/.well-known/openid-configuration");
    const document = await response.json();
    expect(document).toMatchObject({
      issuer: "http://localhost:8787",
      authorization_endpoint: "http://localhost:8787/oidc/authorize",
      pushed_authorization_request_endpoint: "http://localhost:8787/oidc/par",
      token_endpoint: "http://localhost:8787/oidc/token",
      userinfo_endpoint: "http://localhost:8787/oidc/userinfo",
      jwks_uri: "http://localhost:8787/.well-known/jwks.json",
      require_pushed_authorization_requests: true,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      acr_values_supported: ["phrh", "phr", "urn:countersign:acr:otp", "urn:countersign:acr:recovery"],
    });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  test.each<Record<string, string>>([
    { host: "evil.example" },
    { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
    { forwarded: "host=evil.example" },
  ])("and every other answer takes no word of a forged header: %o", async (headers) => {
    const paths = [
      "/.well-known/openid-configuration",
      "/.well-known/webauthn",
      "/oidc/authorize?client_id=x",
      "/enter/x",
    ];
    for (const path of paths) {
      const response = await use.service.app.request(`http://evil.example${path}`, { headers });
      const seen = `${await response.text()}${JSON.stringify([...response.headers])}`;
      expect(seen).not.toContain("evil.example");
    }
  });

  test("names endpoints that answer nothing but what they are for", async () => {
    for (const path of ["/oidc/par", "/oidc/token"]) {
      expect((await use.service.app.request(path)).status).toBe(405);
      const headers = { "content-type": "application/json" };
      const json = await use.service.app.request(path, { method: "POST", headers, body: "{}" });
      expect([json.status, (await json.json()).error]).toEqual([400, "invalid_request"]);
    }
    expect((await openBrowser(use.service).get("/oidc/authorize")).status).toBe(400);
  });
});

describe("signing keys", () => {
  test("rotate by themselves, published before they sign and after", async () => {
    const first = await sign();
    use.service.clock.advance(ROTATED_AFTER_MS);
    const overlapping = await sign();
    const published = await jwks();
    expect(published.keys).toHaveLength(2);
    expect(kidOf(overlapping)).toBe(kidOf(first));
    use.service.clock.advance(LEAD_MS);
    const next = await sign();
    expect(kidOf(next)).not.toBe(kidOf(first));
    // With the set that everybody had before the change.
    await check(next, published);
    expect((await jwks()).keys).toHaveLength(2);
    use.service.clock.advance(KEPT_MS);
    expect((await jwks()).keys.map(({ kid }) => kid)).toEqual([kidOf(next)]);
    expect(await use.service.deps.store.systemKeys.list("signing")).toHaveLength(1);
  });

  test("rotate during traffic without a single token that could not be checked by a set fetched five minutes before", async () => {
    let held = await jwks();
    use.service.clock.advance(1);
    await use.service.deps.signer.rotate();
    const seen = new Set<string | undefined>();
    for (let minute = 0; minute < 90; minute++) {
      const token = await sign();
      seen.add(kidOf(token));
      await check(token, held);
      if (minute % 5 === 0) held = await jwks();
      use.service.clock.advance(CACHED_MS);
    }
    expect(seen.size).toBe(2);
  });

  test("that are compromised are replaced at once, and what they signed is refused", async () => {
    const stolen = await sign();
    expect(await use.service.deps.signer.verify("JWT", stolen)).toBeDefined();
    const kid = await use.service.deps.signer.replace();
    expect((await jwks()).keys.map((key) => key.kid)).toEqual([kid]);
    expect(await use.service.deps.signer.verify("JWT", stolen)).toBeUndefined();
    expect(kidOf(await sign())).toBe(kid);
  });

  test("tell the kinds of tokens apart", async () => {
    const app = await enrolTotp(use.service, use.rp, "alice");
    const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: app.code(), receipt: true });
    const receipt = textIn(verified, "receipt");
    expect(await use.service.deps.signer.verify("JWT", receipt)).toBeUndefined();
    expect(await use.service.deps.signer.verify("countersign-receipt+jwt", receipt)).toBeDefined();
  });
});
