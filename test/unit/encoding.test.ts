import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  fromBase32,
  fromBase64url,
  fromUtf8,
  sameBytes,
  toBase32,
  toBase64url,
  toCrockford,
  toHex,
  toUtf8,
} from "../../src/domain/encoding.ts";
import vectors from "../vectors/base32-rfc4648.json" with { type: "json" };

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array));
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[A-Za-z0-9_=-]{0,20}$/));

describe("RFC 4648 §10", () => {
  test.each(vectors.vectors)("base32 of %j reads and writes as published", ({ utf8, hex, base32, base32NoPad }) => {
    expect(toHex(toUtf8(utf8))).toBe(hex);
    expect(toBase32(toUtf8(utf8))).toBe(base32NoPad);
    expect(fromBase32(base32)).toEqual(toUtf8(utf8));
    expect(fromBase32(base32NoPad)).toEqual(toUtf8(utf8));
  });

  test.each(vectors.decodeEdge.cases)("base32 $input: $why", ({ input, expectHex }) => {
    const decoded = fromBase32(input);
    expect(decoded && toHex(decoded)).toBe(expectHex);
  });

  test.each(["", "f", "fo", "foo", "foob", "fooba", "foobar"])("base64url of %j is the platform's", (text) => {
    expect(toBase64url(toUtf8(text))).toBe(Buffer.from(text).toString("base64url"));
  });
});

describe("base64url", () => {
  test("agrees with the platform for any bytes, and reads back", () => {
    fc.assert(
      fc.property(bytes, (array) => {
        expect(toBase64url(array)).toBe(Buffer.from(array).toString("base64url"));
        expect(fromBase64url(toBase64url(array))).toEqual(array);
      }),
    );
  });

  test("writes long values too", () => {
    const long = new Uint8Array(1_000_000).fill(0xa7);
    expect(toBase64url(long)).toBe(Buffer.from(long).toString("base64url"));
  });

  test.each(["A", "AB=", "AAAAA", "AB", "AAB", "A+", "A/", "AA==", "AA ", " AA", "AA\n", "ÄA", "A\u0141", "𝐀A"])(
    "%j is refused: not canonical, unpadded base64url",
    (text) => {
      expect(fromBase64url(text)).toBeUndefined();
    },
  );

  test("has one text per value: what is read is written back the same", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const decoded = fromBase64url(text);
        if (decoded !== undefined) expect(toBase64url(decoded)).toBe(text);
      }),
    );
  });
});

describe("base32", () => {
  test("reads back what it wrote, in either case and in groups", () => {
    fc.assert(
      fc.property(bytes, (array) => {
        const text = toBase32(array);
        for (const typed of [text, text.toLowerCase(), text.replace(/.{4}/g, "$& "), text.replace(/.{4}/g, "$&-")]) {
          expect(fromBase32(typed)).toEqual(array);
        }
      }),
    );
  });

  test("any other text gives bytes of its canonical form or undefined, and never throws", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const decoded = fromBase32(text);
        if (decoded !== undefined) expect(toBase32(decoded)).toBe(text.replace(/[ =-]/g, "").toUpperCase());
      }),
    );
  });

  test("letters that only become ASCII in upper case are refused", () => {
    expect(fromBase32("M\u017fXW6YTB")).toBeUndefined();
    expect(fromBase32("M\u0131XW6YTB")).toBeUndefined();
  });
});

describe("the other forms", () => {
  test("hex agrees with the platform", () => {
    fc.assert(
      fc.property(bytes, (array) => {
        expect(toHex(array)).toBe(Buffer.from(array).toString("hex"));
      }),
    );
  });

  test("Crockford's base32 is base32 in another alphabet, without i, l, o and u", () => {
    const crockford = "0123456789abcdefghjkmnpqrstvwxyz";
    const rfc = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    fc.assert(
      fc.property(bytes, (array) => {
        const translated = [...toBase32(array)].map((character) => crockford[rfc.indexOf(character)]).join("");
        expect(toCrockford(array)).toBe(translated);
      }),
    );
  });

  test("UTF-8 reads back, drops a leading byte order mark, and refuses what is not UTF-8", () => {
    expect(fromUtf8(toUtf8("Straße 🔐"))).toBe("Straße 🔐");
    expect(fromUtf8(toUtf8("\ufeff{}"))).toBe("{}");
    expect(() => fromUtf8(new Uint8Array([0xc3, 0x28]))).toThrow(TypeError);
  });

  test("joining and comparing see every byte", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const joined = concatBytes(a, b);
        expect(toHex(joined)).toBe(toHex(a) + toHex(b));
        expect(sameBytes(joined, concatBytes(joined))).toBe(true);
        expect(sameBytes(a, b)).toBe(toHex(a) === toHex(b));
      }),
    );
    expect(sameBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2, 3]))).toBe(false);
  });
});
