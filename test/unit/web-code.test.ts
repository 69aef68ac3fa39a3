import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanCode, completeCode } from "../../web/challenge/code.ts";
import { msUntil } from "../../web/prompt/expiry.ts";

test("a code is the same with spaces, hyphens and full-width digits", () => {
  for (const typed of ["123456", "123 456", " 123-456 ", "123\u00A0456", "1 2 3 4 5 6", "１２３４５６", "123–456"]) {
    expect(completeCode(typed, 6)).toBe("123456");
  }
});

test("a code keeps its leading zeros", () => {
  expect(completeCode("000 001", 6)).toBe("000001");
});

test("a code is not complete while digits are missing, too many, or no digits", () => {
  for (const typed of ["", "12345", "1234567", "12345a", "+12345", "１２３４５"]) {
    expect(completeCode(typed, 6)).toBeUndefined();
  }
  expect(completeCode("12345678", 8)).toBe("12345678");
});

test("cleaning twice changes nothing more, whatever was pasted", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (typed) => {
      expect(cleanCode(cleanCode(typed))).toBe(cleanCode(typed));
    }),
  );
});

test("the page waits for the end of the challenge only when the browser's clock can be right", () => {
  const now = Date.parse("2026-11-23T10:00:00Z");
  expect(msUntil("2026-11-23T10:05:00Z", now)).toBe(300_000);
  expect(msUntil("2026-11-23T10:00:00Z", now)).toBeUndefined();
  expect(msUntil("2026-11-25T10:00:00Z", now)).toBeUndefined();
  expect(msUntil("no time", now)).toBeUndefined();
});
