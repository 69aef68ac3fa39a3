import {
  type Arbitrary,
  anything,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  jsonValue,
  letrec,
  oneof,
  property,
  string,
  tuple,
  uint8Array,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { readCbor } from "../../src/domain/cbor.ts";
import { parseCoseKey } from "../../src/domain/cose-key.ts";
import { type Bytes, fromBase64url, toBase64url } from "../../src/domain/encoding.ts";
import { readDerElements } from "../../src/methods/webauthn/der.ts";
import { checkAssertion } from "../../src/methods/webauthn.ts";
import { checkAttestation } from "../../src/methods/webauthn-registration.ts";
import { type Encodable, encodeCbor } from "../support/cbor.ts";
import { assertionInput, attestationInput, enrol, register } from "../support/webauthn-ceremony.ts";

describe("whatever comes in", () => {
  test("is refused without a throw when it is any value at all", async () => {
    const { candidate } = await enrol();
    const refusesAll = asyncProperty(anything(), async (response) => {
      expect((await checkAssertion(assertionInput(response, candidate))).ok).toBe(false);
      expect((await checkAttestation(attestationInput(response))).ok).toBe(false);
    });
    await assert(refusesAll, { numRuns: 500 });
  });

  test("is refused without a throw when one member of a good assertion becomes any JSON value", async () => {
    const { authenticate, candidate } = await enrol();
    const honest = authenticate();
    const members = constantFrom("clientDataJSON", "authenticatorData", "signature");
    const refusesChange = asyncProperty(members, jsonValue(), async (member, value) => {
      const response = { ...honest, response: { ...honest.response, [member]: value } };
      expect((await checkAssertion(assertionInput(response, candidate))).ok).toBe(false);
    });
    await assert(refusesChange, { numRuns: 500 });
  });

  test("is refused without a throw when the attestation object is any bytes", async () => {
    const honest = register();
    const refusesBytes = asyncProperty(uint8Array({ maxLength: 300 }), async (bytes) => {
      const attestationObject = toBase64url(bytes);
      const response = { ...honest, response: { ...honest.response, attestationObject } };
      expect((await checkAttestation(attestationInput(response))).ok).toBe(false);
    });
    await assert(refusesBytes, { numRuns: 500 });
  });
});

describe("one flipped bit", () => {
  test.each(["clientDataJSON", "authenticatorData", "signature"] as const)(
    "anywhere in %s spoils an assertion",
    async (member) => {
      const { authenticate, candidate } = await enrol({ algorithm: -8 });
      const honest = authenticate();
      for (const text of flips(honest.response[member])) {
        const response = { ...honest, response: { ...honest.response, [member]: text } };
        expect((await checkAssertion(assertionInput(response, candidate))).ok).toBe(false);
      }
    },
  );

  test("anywhere in an attestation object signed by its own key spoils a registration", async () => {
    const honest = register({ algorithm: -8, attestation: "self" });
    expect((await checkAttestation(attestationInput(honest))).ok).toBe(true);
    for (const attestationObject of flips(honest.response.attestationObject)) {
      const response = { ...honest, response: { ...honest.response, attestationObject } };
      expect((await checkAttestation(attestationInput(response))).ok).toBe(false);
    }
  });
});

describe("cut or lengthened bytes", () => {
  test("spoil an attestation object at every length", async () => {
    const honest = register({ algorithm: -8, attestation: "self" });
    const bytes = decode(honest.response.attestationObject);
    const cuts = Array.from(bytes, (_, length) => bytes.subarray(0, length));
    for (const changed of [...cuts, Uint8Array.of(...bytes, 0)]) {
      const response = { ...honest, response: { ...honest.response, attestationObject: toBase64url(changed) } };
      expect(await checkAttestation(attestationInput(response))).toEqual({ ok: false, reason: "malformed" });
    }
  });
});

describe("the parsers", () => {
  const encodable = letrec<{ item: Encodable }>((tie) => ({ item: arbitraryItem(tie("item")) })).item;

  test("read back what CBOR was written, and say where it ends", () => {
    const roundTrip = property(encodable, (value) => {
      const bytes = encodeCbor(value);
      const withMore = Uint8Array.of(...bytes, 0xff);
      expect(readCbor(withMore)).toEqual({ value, end: bytes.length });
    });
    assert(roundTrip);
  });

  test("never throw at any bytes", () => {
    const neverThrows = property(uint8Array({ maxLength: 64 }), integer({ min: 0, max: 8 }), (any, offset) => {
      const bytes = Uint8Array.from(any);
      const item = readCbor(bytes, offset);
      expect(item === undefined || item.end <= bytes.length).toBe(true);
      expect(parseCoseKey(bytes).ok).toBe(false);
      const elements = readDerElements(bytes);
      expect(elements === undefined || elements.every(({ content }) => content.length <= bytes.length)).toBe(true);
    });
    assert(neverThrows, { numRuns: 5_000 });
  });

  test("refuse nesting that would exhaust the stack, and lengths beyond the input", () => {
    expect(readCbor(new Uint8Array(60_000).fill(0x81))).toBeUndefined();
    expect(readCbor(Uint8Array.of(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toBeUndefined();
    expect(readCbor(Uint8Array.of(0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toBeUndefined();
  });

  test.each([
    ["a duplicate map key", [0xa2, 0x01, 0x01, 0x01, 0x02]],
    ["an indefinite length", [0x9f, 0x01, 0xff]],
    ["a tag", [0xc0, 0x01]],
    ["a map key that is a list", [0xa1, 0x80, 0x01]],
    ["text that is not UTF-8", [0x61, 0xff]],
  ])("refuse CBOR with %s", (_, bytes) => {
    expect(readCbor(Uint8Array.from(bytes))).toBeUndefined();
  });
});

/** Anything that the encoder can write, nested no deeper than the reader follows. */
function arbitraryItem(nested: Arbitrary<Encodable>): Arbitrary<Encodable> {
  const text = string({ unit: "grapheme" });
  const number = integer({ min: -(2 ** 31), max: 2 ** 31 });
  const bytes = uint8Array().map((any) => Uint8Array.from(any));
  const map = array(tuple(oneof(text, number), nested), { maxLength: 5 }).map((entries) => new Map(entries));
  const leaves = [number, boolean(), text, bytes] as const;
  return oneof({ maxDepth: 4, depthSize: "small" }, oneof(...leaves), array(nested, { maxLength: 5 }), map);
}

function* flips(text: string): Generator<string> {
  const bytes = decode(text);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    yield toBase64url(bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
  }
}

function decode(text: string): Bytes {
  const bytes = fromBase64url(text);
  if (bytes === undefined) throw new TypeError("not base64url");
  return bytes;
}
