import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { generateSync } from "otplib/functional";
import { describe, expect, test } from "vitest";
import { totpHmac } from "../../src/crypto/hmac.ts";
import type { TotpAlgorithm, TotpAuthenticator } from "../../src/domain/authenticator.ts";
import { type Bytes, fromBase32, toBase32, toHex, toUtf8 } from "../../src/domain/encoding.ts";
import {
  checkTotp,
  measureClockSkew,
  newTotpSecret,
  normaliseTotpCode,
  type TotpWindow,
  totpCode,
} from "../../src/methods/totp.ts";
import base32Vectors from "../vectors/base32-rfc4648.json" with { type: "json" };
import hotp from "../vectors/hotp-rfc4226.json" with { type: "json" };
import totp from "../vectors/totp-rfc6238.json" with { type: "json" };

const STRICT: TotpWindow = { earlierSteps: 1, laterSteps: 0 };
const SECRET = toUtf8(hotp.secretAscii);

function authenticator(deviations: Partial<TotpAuthenticator> = {}): TotpAuthenticator {
  const key = { secret: SECRET, algorithm: "SHA1", digits: 6, periodSeconds: 30 } as const;
  return { id: "au_1", method: "totp", ...key, stepsInBudget: true, ...deviations };
}

function check(code: string, unixTime: number, policy = STRICT, candidates = [authenticator()]) {
  return checkTotp({ code, candidates, now: unixTime * 1000, policy, hmac: totpHmac });
}

function spentStep(checked: ReturnType<typeof checkTotp>): number | undefined {
  return checked.ok && checked.evidence.spend.kind === "totp_step" ? checked.evidence.spend.step : undefined;
}

function counterBytes(counter: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, counter);
  return new Uint8Array(view.buffer);
}

/** The vectors name the algorithms as we do; anything else is an error in them. */
function algorithmOf(name: string): TotpAlgorithm {
  if (name === "SHA1" || name === "SHA256" || name === "SHA512") return name;
  throw new Error("unknown algorithm in the vectors");
}

function secretOf(algorithm: TotpAlgorithm): Bytes {
  return toUtf8(totp.secrets[algorithm].ascii);
}

describe("RFC 4226", () => {
  test.each(hotp.vectors)(
    "counter $counter gives the published HMAC and code",
    ({ counter, hmacSha1Hex, hotp: code }) => {
      expect(toHex(totpHmac("SHA1", SECRET, counterBytes(BigInt(counter))))).toBe(hmacSha1Hex);
      expect(totpCode(authenticator(), counter, totpHmac)).toBe(code);
    },
  );

  const reachable = hotp.edge.vectors.filter(
    ({ counter, digits }) => BigInt(counter) <= BigInt(Number.MAX_SAFE_INTEGER) && digits !== 7,
  );
  test.each(reachable)("counter $counter: $why", ({ counter, digits, hotp: code }) => {
    const key = authenticator({ digits: digits === 8 ? 8 : 6 });
    expect(totpCode(key, Number(counter), totpHmac)).toBe(code);
  });

  test("the HMAC takes all 64 bits of the counter", () => {
    const digest = totpHmac("SHA1", SECRET, counterBytes(2n ** 64n - 1n));
    const offset = (digest.at(-1) ?? 0) & 15;
    const truncated = new DataView(digest.buffer, digest.byteOffset + offset).getUint32(0) & 0x7fffffff;
    expect(String(truncated % 1_000_000).padStart(6, "0")).toBe("094451");
  });
});

describe("RFC 6238", () => {
  test.each(totp.vectors)("$algorithm at $unixTime gives the published code", (vector) => {
    const algorithm = algorithmOf(vector.algorithm);
    const candidate = authenticator({ algorithm, digits: 8, secret: secretOf(algorithm) });
    expect(totpCode(candidate, Math.floor(vector.unixTime / vector.period), totpHmac)).toBe(vector.totp);
    expect(spentStep(check(vector.totp, vector.unixTime, STRICT, [candidate]))).toBe(Number(`0x${vector.counterHex}`));
  });

  test.each(["SHA256", "SHA512"] as const)("%s does not accept the code of the 20-byte seed", (algorithm) => {
    const candidate = authenticator({ algorithm, digits: 8, secret: secretOf(algorithm) });
    expect(check(totp.wrongSeedTrap[algorithm], 59, STRICT, [candidate]).ok).toBe(false);
  });

  test.each(totp.window.cases)("$expect a code from $codeFromTime at $serverTime: $why", (vector) => {
    const accepted = vector.expect === "accept";
    expect(check(vector.code, vector.serverTime).ok).toBe(accepted);
    const forward = check(vector.code, vector.serverTime, { earlierSteps: 1, laterSteps: 1 });
    expect(forward.ok).toBe(accepted || vector.expect === "policy");
    if (forward.ok) expect(spentStep(forward)).toBe(Math.floor(vector.codeFromTime / 30));
  });

  test("without an earlier step only the current code is accepted", () => {
    const strictest: TotpWindow = { earlierSteps: 0, laterSteps: 0 };
    expect(check("005924", 1234567890, strictest).ok).toBe(true);
    expect(check("980357", 1234567890, strictest).ok).toBe(false);
  });

  test("spending the step refuses every replay of the published sequence", () => {
    let lastStep = -1;
    for (const { serverTime, code, expect: expected } of totp.replay.sequence) {
      const step = spentStep(check(code, serverTime));
      const accepted = step !== undefined && step > lastStep;
      if (accepted) lastStep = step;
      expect(accepted ? "accept" : "reject").toBe(expected);
    }
  });

  test("the codes are those that otplib's own generator makes, for any secret, step, hash and length", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.constantFrom(["SHA1", "sha1"] as const, ["SHA256", "sha256"] as const, ["SHA512", "sha512"] as const),
        fc.constantFrom(6 as const, 8 as const),
        (secret, counter, [algorithm, name], digits) => {
          const key = authenticator({ secret: new Uint8Array(secret), algorithm, digits });
          const options = { secret, counter, algorithm: name, digits };
          expect(totpCode(key, counter, totpHmac)).toBe(generateSync({ strategy: "hotp", ...options }));
        },
      ),
    );
  });

  test("in the first period of 1970 there is no earlier step", () => {
    expect(spentStep(check("755224", 0))).toBe(0);
    expect(check("287082", 0).ok).toBe(false);
  });
});

describe("the check", () => {
  test("says what a code is worth: one factor that can be relayed", () => {
    expect(check("005924", 1234567890)).toEqual({
      ok: true,
      evidence: {
        method: "totp",
        authenticatorId: "au_1",
        phishingResistant: false,
        userVerified: false,
        backupEligible: true,
        hardwareAttested: false,
        spend: { kind: "totp_step", authenticatorId: "au_1", step: 41152263, inBudget: true },
      },
    });
  });

  test("finds the authenticator that made the code, also with other digits, period and algorithm", () => {
    const other = authenticator({
      id: "au_2",
      secret: secretOf("SHA256"),
      algorithm: "SHA256",
      digits: 8,
      periodSeconds: 60,
    });
    const code = totpCode(other, Math.floor(1234567890 / 60), totpHmac);
    const checked = check(code, 1234567890, STRICT, [authenticator(), other]);
    expect(checked).toMatchObject({ ok: true, evidence: { authenticatorId: "au_2", spend: { step: 20576131 } } });
  });

  test("a code that fits two steps spends the later one, so that it cannot be used again", () => {
    const constantHmac = () => new Uint8Array(20);
    const checked = checkTotp({
      code: "000000",
      candidates: [authenticator()],
      now: 3_000_000,
      policy: STRICT,
      hmac: constantHmac,
    });
    expect(spentStep(checked)).toBe(100);
  });

  test.each([
    ["right", "005924"],
    ["right, from the earlier step", "980357"],
    ["wrong", "111111"],
    ["malformed", "not a code"],
    ["empty", ""],
  ])("computes every step of every candidate when the code is %s", (_name, code) => {
    let computed = 0;
    const counting: typeof totpHmac = (algorithm, secret, counter) => {
      computed += 1;
      return totpHmac(algorithm, secret, counter);
    };
    const candidates = [authenticator(), authenticator({ id: "au_2", secret: secretOf("SHA256") })];
    checkTotp({ code, candidates, now: 1234567890_000, policy: STRICT, hmac: counting });
    expect(computed).toBe(4);
  });

  test("keeps its reasons apart for the audit log", () => {
    expect(check("111111", 1234567890)).toEqual({ ok: false, reason: "wrong_code", authenticatorId: "au_1" });
    expect(check("11111", 1234567890)).toEqual({ ok: false, reason: "malformed", authenticatorId: "au_1" });
    expect(check("111111", 1234567890, STRICT, [])).toEqual({ ok: false, reason: "no_authenticator" });
    const two = [authenticator(), authenticator({ id: "au_2" })];
    expect(check("111111", 1234567890, STRICT, two)).toEqual({ ok: false, reason: "wrong_code" });
  });

  test("accepts a code exactly when it is the code of an accepted step", () => {
    const time = fc.integer({ min: 60, max: 4_000_000_000 });
    fc.assert(
      fc.property(time, fc.integer({ min: -5, max: 5 }), (unixTime, offset) => {
        const step = Math.floor(unixTime / 30) + offset;
        const code = totpCode(authenticator(), Math.max(0, step), totpHmac);
        const accepted = [0, -1].map((near) => totpCode(authenticator(), Math.floor(unixTime / 30) + near, totpHmac));
        expect(check(code, unixTime).ok).toBe(accepted.includes(code));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the format", () => {
  test.each(totp.formatEdge.cases)("$input is $expect", ({ input, normalised }) => {
    expect(normaliseTotpCode(input, 6)).toBe(normalised);
  });

  test("no-break and narrow spaces do not count, and leading zeros stay", () => {
    expect(normaliseTotpCode("005\u00a0924", 6)).toBe("005924");
    expect(normaliseTotpCode("0059\u202f2400", 8)).toBe("00592400");
  });

  test("any input gives the expected digits or undefined, and never throws", () => {
    const digitsAndMore = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9 -]{0,12}$/), fc.anything());
    fc.assert(
      fc.property(digitsAndMore, (input) => {
        expect(normaliseTotpCode(input, 6) ?? "000000").toMatch(/^[0-9]{6}$/);
        expect(check(typeof input === "string" ? input : "", 1234567890)).toHaveProperty("ok");
      }),
    );
  });
});

describe("clock skew", () => {
  const now = 1234567890_000;
  const skewOf = (code: string, policy = STRICT) =>
    measureClockSkew({ code, key: authenticator(), now, policy, hmac: totpHmac });
  const codeAt = (offset: number) => totpCode(authenticator(), 41152263 + offset, totpHmac);

  test.each([-120, -8, -2, 1, 9, 120])("a code %i steps away tells by how much the clock is off", (offset) => {
    expect(skewOf(codeAt(offset))).toBe(offset * 30);
  });

  test("a code inside the accepted window, beyond an hour, wrong or malformed tells nothing", () => {
    for (const offset of [-1, 0, -121, 121]) expect(skewOf(codeAt(offset))).toBeUndefined();
    expect(skewOf(codeAt(1), { earlierSteps: 1, laterSteps: 1 })).toBeUndefined();
    expect(skewOf("12345")).toBeUndefined();
  });
});

describe("secrets", () => {
  test.each([
    ["SHA1", 20],
    ["SHA256", 32],
    ["SHA512", 64],
  ] as const)("a %s secret has %i bytes, never below the vectors' recommendation", (algorithm, length) => {
    const secret = newTotpSecret(algorithm, (size) => new Uint8Array(randomBytes(size)));
    expect(secret).toHaveLength(length);
    const recommended = base32Vectors.secretSizes.cases.find(({ bytes }) => bytes === length);
    expect(toBase32(secret)).toHaveLength(recommended?.base32Length ?? 0);
    expect(fromBase32(toBase32(secret))).toEqual(secret);
  });
});
