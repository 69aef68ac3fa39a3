import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildCreationOptions, buildRequestOptions } from "../../src/methods/webauthn/options.ts";
import { providerName } from "../../src/methods/webauthn/provider-names.ts";
import { CHALLENGE, RP_ID, USER_HANDLE } from "../support/webauthn-ceremony.ts";

describe("creation options", () => {
  test("ask for no attestation, offer three algorithms and exclude what is enrolled", () => {
    const options = buildCreationOptions({
      rpId: RP_ID,
      rpName: "Example",
      userHandle: USER_HANDLE,
      userName: "neutral",
      displayName: "Neutral",
      challenge: CHALLENGE,
      excludeCredentials: [
        { id: "AAAA", transports: ["usb", "warp"] },
        { id: "BBBB", transports: [] },
      ],
      userVerification: "required",
      hints: ["security-key"],
      authenticatorAttachment: "cross-platform",
    });
    expect(options).toEqual({
      rp: { id: RP_ID, name: "Example" },
      user: { id: USER_HANDLE, name: "neutral", displayName: "Neutral" },
      challenge: CHALLENGE,
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
      timeout: 600_000,
      excludeCredentials: [
        { id: "AAAA", type: "public-key", transports: ["usb"] },
        { id: "BBBB", type: "public-key" },
      ],
      authenticatorSelection: {
        authenticatorAttachment: "cross-platform",
        residentKey: "preferred",
        requireResidentKey: false,
        userVerification: "required",
      },
      hints: ["security-key"],
      attestation: "none",
      extensions: { credProps: true },
    });
  });
});

describe("request options", () => {
  test("name the allowed credentials, or none for a usernameless ceremony", () => {
    const base = { rpId: RP_ID, challenge: CHALLENGE, userVerification: "preferred" } as const;
    const named = buildRequestOptions({ ...base, allowCredentials: [{ id: "AAAA", transports: ["internal"] }] });
    const usernameless = buildRequestOptions({ ...base, allowCredentials: [] });
    const allowCredentials = [{ id: "AAAA", type: "public-key", transports: ["internal"] }];
    expect(named).toEqual({ ...base, timeout: 600_000, allowCredentials });
    expect(usernameless).toEqual({ ...base, timeout: 600_000, allowCredentials: [] });
  });
});

describe("provider names", () => {
  const file = readFileSync(new URL("../vectors/aaguid-names.json", import.meta.url), "utf8");
  const { entries }: { entries: readonly { aaguid: string; name: string }[] } = JSON.parse(file);

  test.each(entries)("$aaguid is $name, in either case", ({ aaguid, name }) => {
    expect(providerName(aaguid)).toBe(name);
    expect(providerName(aaguid.toUpperCase())).toBe(name);
  });

  test.each(["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "", "constructor"])(
    "'%s' has no name",
    (aaguid) => {
      expect(providerName(aaguid)).toBeUndefined();
    },
  );
});
