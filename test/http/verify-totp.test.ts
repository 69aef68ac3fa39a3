import { afterEach, beforeEach, expect, test } from "vitest";
import { totpHmac } from "../../src/crypto/hmac.ts";
import { fromBase32 } from "../../src/domain/encoding.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";
import { startService, type TestRelyingParty, type TestService } from "../support/service.ts";

let service: TestService;
let rp: TestRelyingParty;

beforeEach(async () => {
  service = await startService();
  rp = await service.addRelyingParty();
});
afterEach(() => service.close());

function codeNow(secret: string, offsetMs = 0): string {
  const key = {
    secret: fromBase32(secret) ?? new Uint8Array(),
    algorithm: "SHA1",
    digits: 6,
    periodSeconds: 30,
  } as const;
  return totpCode(key, stepAt(service.clock.now() + offsetMs, 30), totpHmac);
}

test("an enrolled code verifies once, and the confirming code is used up", async () => {
  const started = await rp.post("/v1/enrolments", { subject: "alice", method: "totp" });
  expect(started.status, started.text).toBe(201);
  const { enrolment, totp } = started.body as { enrolment: string; totp: { secret: string } };
  const code = codeNow(totp.secret);
  const confirmed = await rp.post(`/v1/enrolments/${enrolment}/confirm`, { totp: code });
  expect(confirmed.status, confirmed.text).toBe(201);
  expect(confirmed.body.recovery_codes).toHaveLength(10);
  expect((await rp.post("/v1/verify", { subject: "alice", totp: code })).status).toBe(403);
  service.clock.advance(30_000);
  const verified = await rp.post("/v1/verify", {
    subject: "alice",
    totp: codeNow(totp.secret),
    receipt: true,
    first_factor: true,
  });
  expect(verified.status, verified.text).toBe(200);
  expect(verified.body).toMatchObject({
    verified: true,
    method: "totp",
    acr: "urn:countersign:acr:otp",
    amr: ["mfa", "otp", "pwd"],
  });
  expect((await rp.post("/v1/verify", { subject: "alice", totp: codeNow(totp.secret) })).status).toBe(403);
});
