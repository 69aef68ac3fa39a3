import { describe, expect, test } from "vitest";
import { de } from "../../web/i18n/de.ts";
import { en } from "../../web/i18n/en.ts";
import { type Ceremony, passkeyFault, passkeyTrouble } from "../../web/passkey/errors.ts";

const CANCELLED = { message: "passkey.cancelled", tone: "notice" };
const OUR_SETUP = { message: "passkey.setup_fault", tone: "problem" };
const TOO_OLD = { message: "passkey.not_supported", tone: "problem" };
const CANNOT = { message: "passkey.device_cannot", tone: "problem" };
const HERE = { message: "passkey.already_here", tone: "success" };

const ROWS: readonly (readonly [Ceremony, string, ReturnType<typeof passkeyTrouble> | object])[] = [
  ["get", "NotAllowedError", CANCELLED],
  ["create", "NotAllowedError", CANCELLED],
  ["create", "InvalidStateError", HERE],
  ["get", "InvalidStateError", CANCELLED],
  ["create", "ConstraintError", CANNOT],
  ["create", "NotSupportedError", TOO_OLD],
  ["get", "SecurityError", OUR_SETUP],
  ["create", "SecurityError", OUR_SETUP],
  ["get", "UnknownError", CANCELLED],
  ["get", "NotReadableError", CANCELLED],
  ["create", "EncodingError", CANCELLED],
  ["create", "DataError", CANCELLED],
  ["get", "OperationError", CANCELLED],
];

describe("a failed passkey ceremony", () => {
  for (const [ceremony, name, said] of ROWS) {
    test(`${ceremony}() with ${name} says ${"message" in (said ?? {}) ? Reflect.get(said ?? {}, "message") : "nothing"}`, () => {
      expect(passkeyTrouble(ceremony, new DOMException("raw", name))).toEqual(said);
    });
  }

  test("that we ended ourselves says nothing", () => {
    expect(passkeyTrouble("get", new DOMException("raw", "AbortError"))).toBeUndefined();
    expect(passkeyTrouble("create", new DOMException("raw", "AbortError"))).toBeUndefined();
  });

  test("with a TypeError is our fault", () => {
    expect(passkeyTrouble("get", new TypeError("raw"))).toEqual({ message: "passkey.our_fault", tone: "problem" });
  });

  test("is a cancellation when the error has no known name, or is no error at all", () => {
    for (const thrown of [new Error("raw"), "text", undefined, null, { name: "SecurityError" }]) {
      expect(passkeyTrouble("get", thrown)).toEqual(CANCELLED);
    }
  });

  test("is told to the operator by its name alone, unless it is the person's or the device's own answer", () => {
    const told = ROWS.map(([, name]) => passkeyFault(new DOMException("raw", name)));
    const faults = ["SecurityError", "NotSupportedError", "UnknownError", "NotReadableError"];
    const rare = ["EncodingError", "DataError", "OperationError"];
    expect(new Set(told)).toEqual(new Set([...faults, ...rare, undefined]));
    for (const name of ["AbortError", "NotAllowedError", "InvalidStateError", "ConstraintError"]) {
      expect(passkeyFault(new DOMException("raw", name)), name).toBeUndefined();
    }
    expect(passkeyFault(new TypeError("raw"))).toBe("TypeError");
    expect(passkeyFault("text")).toBe("");
  });

  test("has its sentence in every language", () => {
    for (const { message } of [CANCELLED, OUR_SETUP, TOO_OLD, CANNOT, HERE]) {
      expect(en).toHaveProperty([message]);
      expect(de).toHaveProperty([message]);
    }
  });
});
