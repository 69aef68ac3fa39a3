import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase32, toUtf8 } from "../../src/domain/encoding.ts";
import {
  groupedKey,
  isUsableAccount,
  isUsableIssuer,
  neutralAccountName,
  type OtpauthKey,
  otpauthUri,
} from "../../src/methods/otpauth-uri.ts";
import vectors from "../vectors/otpauth-uri.json" with { type: "json" };

const SECRET = toUtf8("12345678901234567890");

function key(deviations: Partial<OtpauthKey>): OtpauthKey {
  return {
    issuer: "Example",
    account: "a",
    secret: SECRET,
    algorithm: "SHA1",
    digits: 6,
    periodSeconds: 30,
    ...deviations,
  };
}

describe("the key URI", () => {
  test.each(vectors.generate)("$id: $why", ({ issuer, account, uri }) => {
    expect(isUsableIssuer(issuer)).toBe(true);
    expect(isUsableAccount(account)).toBe(true);
    expect(otpauthUri(key({ issuer, account }))).toBe(uri);
  });

  test.each(vectors.mustRefuse)("refused: $why", ({ issuer, account }) => {
    expect(isUsableIssuer(issuer) && isUsableAccount(account)).toBe(false);
    expect(() => otpauthUri(key({ issuer, account }))).toThrow(TypeError);
  });

  test("names algorithm, digits and period only when they are not the default", () => {
    expect(otpauthUri(key({ algorithm: "SHA512", digits: 8, periodSeconds: 60 }))).toBe(
      "otpauth://totp/Example:a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example&algorithm=SHA512&digits=8&period=60",
    );
  });

  test("an error never repeats the label", () => {
    expect(() => otpauthUri(key({ account: "alice:private" }))).toThrow(
      /^not an account name that a key URI can carry$/,
    );
  });

  test.each(["", "  ", "\u00a0", "a\u0000", "a\u2066b", "a\u2028b", "\ud800", "x".repeat(256)])(
    "no label: %j",
    (label) => {
      expect(isUsableIssuer(label)).toBe(false);
      expect(isUsableAccount(label)).toBe(false);
    },
  );

  test("whatever is accepted survives a URL parser, and stays under 700 bytes", () => {
    const label = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(label, label, (issuer, account) => {
        fc.pre(isUsableIssuer(issuer) && isUsableAccount(account));
        const uri = otpauthUri(
          key({ issuer, account, secret: new Uint8Array(64), algorithm: "SHA512", digits: 8, periodSeconds: 60 }),
        );
        expect(uri).toMatch(/^[\x21-\x7e]{1,699}$/);
        const parsed = new URL(uri);
        const [left = "", right = "", ...more] = parsed.pathname.slice(1).split(":");
        expect([decodeURIComponent(left), decodeURIComponent(right), more.length]).toEqual([issuer, account, 0]);
        expect(parsed.searchParams.get("issuer")).toBe(issuer);
        expect(fromBase32(parsed.searchParams.get("secret") ?? "!")).toEqual(new Uint8Array(64));
        expect(parsed.hash).toBe("");
      }),
    );
  });

  test("any text is judged without throwing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(typeof isUsableIssuer(text)).toBe("boolean");
        expect(typeof isUsableAccount(text)).toBe("boolean");
      }),
    );
  });
});

test("the neutral account name is usable and tells no more than the public id", () => {
  const name = neutralAccountName("sub_01h2xcejqtf2nbrexx3vqjhp41-7q2k");
  expect(name).toBe("user 7Q2K");
  expect(isUsableAccount(name)).toBe(true);
});

test("the key is shown in groups of four that read back as the secret", () => {
  expect(groupedKey(SECRET)).toBe("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
  expect(groupedKey(toUtf8("12345678901234567890123456789012"))).toMatch(/^([A-Z2-7]{4} ){12}[A-Z2-7]{4}$/);
  expect(fromBase32(groupedKey(new Uint8Array(64)))).toEqual(new Uint8Array(64));
});
