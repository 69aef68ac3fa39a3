import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Bytes } from "../../src/domain/encoding.ts";
import { checkRecoveryCode, newRecoveryCodes, normaliseRecoveryCode } from "../../src/methods/recovery-code.ts";

const SET = [{ id: "au_9", method: "recovery_code" }] as const;
const random = (length: number): Bytes => new Uint8Array(randomBytes(length));

describe("new codes", () => {
  test("are ten by default, in six groups of four without look-alikes", () => {
    const codes = newRecoveryCodes(random);
    expect(codes).toHaveLength(10);
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){5}$/);
  });

  test("use up 120 random bits each, and every bit shows", () => {
    const drawn: number[] = [];
    const zeros = (length: number) => {
      drawn.push(length);
      return new Uint8Array(length);
    };
    const [blank] = newRecoveryCodes(zeros, 3);
    expect(drawn).toEqual([15, 15, 15]);
    const seen = new Set([blank]);
    for (let bit = 0; bit < 120; bit++) {
      const [code] = newRecoveryCodes((length) => {
        const bytes = new Uint8Array(length);
        bytes[bit >> 3] = 1 << (bit & 7);
        return bytes;
      }, 1);
      seen.add(code);
    }
    expect(seen.size).toBe(121);
  });

  test("do not repeat in a hundred thousand", () => {
    expect(new Set(newRecoveryCodes(random, 100_000)).size).toBe(100_000);
  });

  test("read back in whatever way a person types them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 15, maxLength: 15 }), (bytes) => {
        const [code = ""] = newRecoveryCodes(() => new Uint8Array(bytes), 1);
        const bare = code.replaceAll("-", "");
        for (const typed of [
          code,
          bare,
          code.toUpperCase(),
          ` ${code.replaceAll("-", " ")} `,
          code.replaceAll("-", "\u2011"),
        ]) {
          expect(normaliseRecoveryCode(typed)).toBe(bare);
        }
        expect(normaliseRecoveryCode(code.replaceAll("0", "O").replaceAll("1", "l"))).toBe(bare);
        expect(normaliseRecoveryCode(code.replaceAll("0", "o").replaceAll("1", "I"))).toBe(bare);
      }),
    );
  });
});

describe("a typed code", () => {
  const right = "abcd-efgh-jkmn-pqrs-tvwx-yz01";

  test.each([
    ["too short", right.slice(0, -1)],
    ["too long", `${right}2`],
    ["a u", right.replace("a", "u")],
    ["a Kelvin sign for k", right.replace("k", "\u212a")],
    ["a full-width letter", right.replace("a", "\uff41")],
    ["a trailing NUL", `${right}\u0000`],
    ["a line break", `${right}\n`],
    ["nothing", ""],
    ["thousands of spaces", " ".repeat(100_000) + right],
    ["a number", 1234567890],
    ["a list", [right]],
  ])("with %s is not a code", (_name, typed) => {
    expect(normaliseRecoveryCode(typed)).toBeUndefined();
  });

  test("of any kind gives 24 known characters or undefined, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.anything()), (typed) => {
        expect(normaliseRecoveryCode(typed) ?? "0".repeat(24)).toMatch(/^[0-9a-hjkmnp-tv-z]{24}$/);
      }),
    );
  });
});

describe("the check", () => {
  test("asks for the code with this MAC to be spent, and claims nothing more", () => {
    const checked = checkRecoveryCode({
      code: "ABCD EFGH JKMN PQRS TVWX YZOL",
      candidates: SET,
      macOf: (text) => `mac of ${text}`,
    });
    expect(checked).toEqual({
      ok: true,
      evidence: {
        method: "recovery_code",
        authenticatorId: "au_9",
        phishingResistant: false,
        userVerified: false,
        backupEligible: true,
        hardwareAttested: false,
        spend: { kind: "recovery_code", authenticatorId: "au_9", mac: "mac of abcdefghjkmnpqrstvwxyz01" },
      },
    });
  });

  test("computes one MAC over 24 characters for every input", () => {
    const lengths: number[] = [];
    const macOf = (text: string) => {
      lengths.push(text.length);
      return "mac";
    };
    checkRecoveryCode({ code: "abcdefghjkmnpqrstvwxyz01", candidates: SET, macOf });
    checkRecoveryCode({ code: "wrong", candidates: SET, macOf });
    checkRecoveryCode({ code: "", candidates: [], macOf });
    expect(lengths).toEqual([24, 24, 24]);
  });

  test("what stands in for a malformed code can never be one", () => {
    const standIns: string[] = [];
    checkRecoveryCode({ code: "wrong", candidates: SET, macOf: (text) => String(standIns.push(text)) });
    expect(standIns.map(normaliseRecoveryCode)).toEqual([undefined]);
  });

  test("keeps its reasons apart for the audit log", () => {
    const macOf = () => "mac";
    expect(checkRecoveryCode({ code: "wrong", candidates: SET, macOf })).toEqual({
      ok: false,
      reason: "malformed",
      authenticatorId: "au_9",
    });
    expect(checkRecoveryCode({ code: "abcdefghjkmnpqrstvwxyz01", candidates: [], macOf })).toEqual({
      ok: false,
      reason: "no_authenticator",
    });
  });
});
