import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp, openChallenge, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function publishedKeys(): Promise<JSONWebKeySet> {
  const response = await use.service.app.request("/.well-known/jwks.json");
  expect(response.headers.get("cache-control")).toBe("public, max-age=300");
  return response.json();
}

async function verifyReceipt(receipt: string, audience = use.rp.clientId) {
  const keys = createLocalJWKSet(await publishedKeys());
  const currentDate = new Date(use.service.clock.now());
  const issuer = "http://localhost:8787";
  return jwtVerify(receipt, keys, { audience, issuer, currentDate, algorithms: ["ES256"] });
}

test("a receipt says what the verdict says, to one relying party, for five minutes", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const body = { subject: "alice", totp: totp.code(), first_factor: true, receipt: true };
  const verified = await use.rp.post("/v1/verify", body);
  const receipt = textIn(verified, "receipt");
  const { payload, protectedHeader } = await verifyReceipt(receipt);
  const iat = use.service.clock.now() / 1000;
  expect(payload).toEqual({
    iss: "http://localhost:8787",
    aud: use.rp.clientId,
    sub: verified.body.subject_id,
    iat,
    exp: iat + 300,
    jti: expect.stringMatching(/^[\w-]{22}$/),
    acr: "urn:countersign:acr:otp",
    amr: ["mfa", "otp", "pwd"],
    auth_time: iat,
  });
  expect(protectedHeader).toEqual({ alg: "ES256", kid: expect.any(String), typ: "countersign-receipt+jwt" });
});

test("a receipt is given only when asked for, and never with a refusal", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const refused = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong(), receipt: true });
  expect(refused.text).not.toContain("receipt");
  const plain = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
  expect(plain.body).not.toHaveProperty("receipt");
});

test("a receipt is worthless to another relying party, when expired, and when changed", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const other = await use.service.addRelyingParty();
  const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code(), receipt: true });
  const receipt = textIn(verified, "receipt");
  await expect(verifyReceipt(receipt, other.clientId)).rejects.toThrow(/aud/);
  const [head, claims = "", signature] = receipt.split(".");
  const forged = Buffer.from(claims, "base64url").toString().replace("acr:otp", "acr:all");
  const changed = [head, Buffer.from(forged).toString("base64url"), signature].join(".");
  await expect(verifyReceipt(changed)).rejects.toThrow(/signature/);
  use.service.clock.advance(300_000);
  await expect(verifyReceipt(receipt)).rejects.toThrow(/exp/);
});

test("every receipt has an id of its own", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const ids = new Set<unknown>();
  for (let turn = 0; turn < 5; turn++) {
    const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next(), receipt: true });
    ids.add((await verifyReceipt(textIn(verified, "receipt"))).payload.jti);
  }
  expect(ids.size).toBe(5);
});

test("the published keys hold nothing private", async () => {
  const { keys } = await publishedKeys();
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "crv", "kid", "kty", "use", "x", "y"]]);
  const passkey = await enrolPasskey(use.service, use.rp, "alice");
  const opened = await openChallenge(use.rp, "alice");
  const body = { challenge: opened.body.challenge, webauthn: passkey.answer(opened), receipt: true };
  const receipt = textIn(await use.rp.post("/v1/verify", body), "receipt");
  expect(decodeProtectedHeader(receipt).kid).toBe(keys[0]?.kid);
});

describe("an inspected receipt", () => {
  async function aReceipt(): Promise<string> {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    return textIn(await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code(), receipt: true }), "receipt");
  }

  test("states what was verified, as often as it is looked at", async () => {
    const receipt = await aReceipt();
    const { subject_id } = (await use.rp.post("/v1/challenges", { subject: "alice" })).body;
    for (let again = 0; again < 2; again++) {
      const inspected = await use.rp.post("/v1/receipts/inspect", { receipt });
      expect(inspected.status).toBe(200);
      expect(inspected.body).toEqual({
        verified: true,
        subject_id,
        acr: "urn:countersign:acr:otp",
        amr: ["otp"],
        auth_time: new Date(use.service.clock.now()).toISOString(),
        expires_at: new Date(use.service.clock.now() + 300_000).toISOString(),
      });
    }
  });

  test("counts once when asked to, also by sixty at a time", async () => {
    const body = { receipt: await aReceipt(), single_use: true };
    const answers = await Promise.all(Array.from({ length: 60 }, () => use.rp.post("/v1/receipts/inspect", body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(59);
  });

  test("is refused alike when it is another's, forged, expired or no receipt at all", async () => {
    const receipt = await aReceipt();
    const other = await use.service.addRelyingParty();
    const iat = Math.floor(use.service.clock.now() / 1000);
    const claims = { iss: "http://localhost:8787", aud: use.rp.clientId, sub: "sub_x", iat, exp: iat + 300 };
    const idToken = await use.service.deps.signer.sign("JWT", { ...claims, acr: "phr", amr: [], auth_time: iat });
    const answers = [await other.post("/v1/receipts/inspect", { receipt })];
    for (const refused of [`${receipt.slice(0, -4)}AAAA`, idToken, "a.b.c", "x"]) {
      answers.push(await use.rp.post("/v1/receipts/inspect", { receipt: refused }));
    }
    use.service.clock.advance(300_000);
    answers.push(await use.rp.post("/v1/receipts/inspect", { receipt }));
    for (const { status, body } of answers) expect([status, body.code]).toEqual([403, "answer_rejected"]);
  });
});
