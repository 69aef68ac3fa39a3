import { describe, expect, test } from "vitest";
import type { Bytes } from "../../src/domain/encoding.ts";
import { findPlaceOfKey } from "../../src/methods/webauthn/android-key-description.ts";
import { der, integer, sequence } from "../support/attestation-root.ts";

const HASH = new Uint8Array(32).fill(5);
const PURPOSE_SIGN = der(0xa1, der(0x31, integer(2)));
const PURPOSE_ENCRYPT = der(0xa1, der(0x31, integer(0)));
const GENERATED = der([0xbf, 0x85, 0x3e], integer(0));
const IMPORTED = der([0xbf, 0x85, 0x3e], integer(2));
const ALL_APPLICATIONS = der([0xbf, 0x84, 0x58], der(0x05));
const HONEST = [PURPOSE_SIGN, GENERATED];

describe("an android key description", () => {
  test.each([
    ["in the trusted environment", [], HONEST, "trusted_environment"],
    ["in the trusted environment, whatever software adds", [IMPORTED], HONEST, "trusted_environment"],
    ["in software", HONEST, [], "software"],
    ["in software when only the purpose is enforced", [GENERATED], [PURPOSE_SIGN], "software"],
    ["nowhere when it was imported", [], [PURPOSE_SIGN, IMPORTED], undefined],
    ["nowhere when one list says that it was imported", [IMPORTED, PURPOSE_SIGN], [GENERATED], undefined],
    ["nowhere when it is not for signing", [], [PURPOSE_ENCRYPT, GENERATED], undefined],
    ["nowhere when nothing is said", [], [], undefined],
    ["nowhere when any application may use it", [], [...HONEST, ALL_APPLICATIONS], undefined],
    ["nowhere when software lets any application use it", [ALL_APPLICATIONS], HONEST, undefined],
    ["nowhere when a list holds something else", [integer(1)], HONEST, undefined],
  ] as const)("places the key %s", (_, software, trusted, place) => {
    expect(findPlaceOfKey(describeKey(HASH, software, trusted), HASH)).toBe(place);
  });

  test("of another challenge or cut short places the key nowhere", () => {
    const honest = describeKey(HASH, [], HONEST);
    expect(findPlaceOfKey(honest, new Uint8Array(32))).toBeUndefined();
    for (let length = 0; length < honest.length; length++) {
      expect(findPlaceOfKey(honest.subarray(0, length), HASH)).toBeUndefined();
    }
  });
});

function describeKey(challenge: Bytes, software: readonly Bytes[], trusted: readonly Bytes[]): Bytes {
  const versions = [integer(3), der(0x0a, Uint8Array.of(1)), integer(4), der(0x0a, Uint8Array.of(1))];
  return sequence(...versions, der(0x04, challenge), der(0x04), sequence(...software), sequence(...trusted));
}
