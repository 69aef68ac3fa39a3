import { describe, expect, test } from "vitest";
import { concatBytes, toBase64url, toUtf8 } from "../../src/domain/encoding.ts";
import type { RejectionReason } from "../../src/domain/evidence.ts";
import { pickDecoyPublicKey } from "../../src/methods/webauthn/decoy-key.ts";
import { checkAssertion } from "../../src/methods/webauthn.ts";
import type { WebauthnCrypto } from "../../src/ports/webauthn-crypto.ts";
import type { AuthenticationOverrides } from "../support/virtual-authenticator.ts";
import { assertionInput, crypto, enrol, USER_HANDLE } from "../support/webauthn-ceremony.ts";

const OTHER_HANDLE = toBase64url(new Uint8Array(64).fill(1));
const LONG_ID = toBase64url(new Uint8Array(1024).fill(1));

describe("an honest assertion", () => {
  test.each([-7, -8, -257] as const)(
    "is accepted with algorithm %i and names what has to be spent",
    async (algorithm) => {
      const { authenticate, candidate } = await enrol({ algorithm }, { counts: true });
      const checked = await checkAssertion(assertionInput(authenticate(), candidate));
      expect(checked).toEqual({
        ok: true,
        evidence: {
          method: "webauthn",
          authenticatorId: "au_test",
          phishingResistant: true,
          userVerified: true,
          backupEligible: false,
          hardwareAttested: false,
          spend: { kind: "sign_count", authenticatorId: "au_test", signCount: 1, backupState: false },
        },
      });
    },
  );

  test("reports a missing user verification, and the backup state of now", async () => {
    const { authenticate, candidate } = await enrol({}, { backupEligible: true });
    const response = authenticate({ userVerified: false, backupState: true });
    const checked = await checkAssertion(assertionInput(response, candidate));
    expect(checked).toMatchObject({
      ok: true,
      evidence: { userVerified: false, backupEligible: true, spend: { backupState: true } },
    });
  });

  test("is found among several candidates", async () => {
    const [first, second] = await Promise.all([enrol(), enrol()]);
    const candidates = [first.candidate, { ...second.candidate, id: "au_second" }];
    const checked = await checkAssertion(assertionInput(second.authenticate(), first.candidate, { candidates }));
    expect(checked).toMatchObject({ ok: true, evidence: { authenticatorId: "au_second" } });
  });

  test.each([
    ["without a user handle", { userHandle: null }],
    ["with an empty user handle", { userHandle: "" }],
    ["with unknown client data members", { clientDataExtra: { later: [1, { a: null }] } }],
    ["with a byte order mark", { clientData: (honest) => concatBytes(Uint8Array.of(0xef, 0xbb, 0xbf), honest) }],
    ["with extensions nobody asked for", { extensions: new Map([["unasked", new Map([["deep", true]])]]) }],
  ] satisfies readonly (readonly [string, AuthenticationOverrides])[])("is accepted %s", async (_, overrides) => {
    const { authenticate, candidate } = await enrol();
    expect((await checkAssertion(assertionInput(authenticate(overrides), candidate))).ok).toBe(true);
  });
});

const HOSTILE: readonly (readonly [string, AuthenticationOverrides, RejectionReason])[] = [
  ["the other ceremony's type", { type: "webauthn.create" }, "wrong_type"],
  ["another challenge", { challenge: "b3RoZXI" }, "wrong_challenge"],
  ["another origin", { origin: "https://evil.example" }, "wrong_origin"],
  ["an origin with a trailing slash", { origin: "https://login.example/" }, "wrong_origin"],
  ["an origin in upper case", { origin: "https://LOGIN.example" }, "wrong_origin"],
  ["crossOrigin true", { crossOrigin: true }, "cross_origin"],
  ["crossOrigin as text", { crossOrigin: "false" }, "cross_origin"],
  ["a topOrigin equal to the origin", { topOrigin: "https://login.example" }, "cross_origin"],
  ["a topOrigin of null", { clientDataExtra: { topOrigin: null } }, "cross_origin"],
  ["another RP ID", { rpId: "evil.example" }, "wrong_rp_id"],
  ["the user-present bit clear", { userPresent: false }, "user_absent"],
  ["backup state without eligibility", { backupState: true }, "backup_state_invalid"],
  ["backup eligibility flipped on", { backupEligible: true }, "backup_eligibility_changed"],
  ["another subject's user handle", { userHandle: OTHER_HANDLE }, "wrong_user_handle"],
  ["client data that are not JSON", { clientData: () => toUtf8("{") }, "malformed"],
  ["client data that are JSON null", { clientData: () => toUtf8("null") }, "malformed"],
  ["client data that are not UTF-8", { clientData: () => Uint8Array.of(0xff) }, "malformed"],
  ["an empty signature", { signature: () => new Uint8Array() }, "bad_signature"],
  ["a signature with a byte behind it", { signature: (s) => concatBytes(s, Uint8Array.of(0)) }, "bad_signature"],
];

describe("a well-shaped but wrong assertion", () => {
  test.each(HOSTILE)("with %s is refused, at the cost of one signature verification", async (_, overrides, reason) => {
    const { authenticate, candidate } = await enrol();
    const counting = countingCrypto();
    const input = assertionInput(authenticate(overrides), candidate, { crypto: counting.crypto });
    expect(await checkAssertion(input)).toEqual({ ok: false, reason, authenticatorId: "au_test" });
    expect(counting.verifications()).toBe(1);
  });

  test("of an unknown credential is refused, at the cost of one signature verification", async () => {
    const { authenticate, candidate } = await enrol();
    const counting = countingCrypto();
    const input = assertionInput(authenticate(), candidate, { candidates: [], crypto: counting.crypto });
    expect(await checkAssertion(input)).toEqual({ ok: false, reason: "unknown_credential" });
    expect(counting.verifications()).toBe(1);
  });

  test.each([0, 200, 255])("for a decoy candidate (choice %i) is refused like a bad signature", async (choice) => {
    const { authenticate, candidate } = await enrol();
    const decoy = { ...candidate, publicKey: pickDecoyPublicKey(choice) };
    const checked = await checkAssertion(assertionInput(authenticate(), decoy));
    expect(checked).toEqual({ ok: false, reason: "bad_signature", authenticatorId: "au_test" });
  });

  test("by another credential's key is refused", async () => {
    const [first, second] = await Promise.all([enrol(), enrol()]);
    const forged = { ...second.authenticate(), id: first.candidate.credentialId, rawId: first.candidate.credentialId };
    const checked = await checkAssertion(assertionInput(forged, first.candidate));
    expect(checked).toEqual({ ok: false, reason: "bad_signature", authenticatorId: "au_test" });
  });

  test("with the user-verified bit clear is refused when verification is required", async () => {
    const { authenticate, candidate } = await enrol();
    const response = authenticate({ userVerified: false });
    const checked = await checkAssertion(assertionInput(response, candidate, { userVerification: "required" }));
    expect(checked).toMatchObject({ ok: false, reason: "user_unverified" });
  });

  test("with backup eligibility flipped off is refused", async () => {
    const { authenticate, candidate } = await enrol({ backupEligible: true });
    const checked = await checkAssertion(assertionInput(authenticate({ backupEligible: false }), candidate));
    expect(checked).toMatchObject({ ok: false, reason: "backup_eligibility_changed" });
  });

  test("without the user handle is refused when only the handle says who it is", async () => {
    const { authenticate, candidate } = await enrol();
    const anonymous = assertionInput(authenticate({ userHandle: null }), candidate, { requireUserHandle: true });
    const named = assertionInput(authenticate({ userHandle: USER_HANDLE }), candidate, { requireUserHandle: true });
    expect(await checkAssertion(anonymous)).toMatchObject({ ok: false, reason: "wrong_user_handle" });
    expect((await checkAssertion(named)).ok).toBe(true);
  });

  test.each([
    [10, 10],
    [10, 9],
    [10, 0],
  ])(
    "with a counter stored as %i and received as %i is refused and names the authenticator",
    async (stored, received) => {
      const { authenticate, candidate } = await enrol();
      const response = authenticate({ signCount: received });
      const checked = await checkAssertion(assertionInput(response, { ...candidate, signCount: stored }));
      expect(checked).toEqual({ ok: false, reason: "counter_regressed", authenticatorId: "au_test" });
    },
  );

  test("with an empty challenge is refused even when the empty challenge is expected", async () => {
    const { authenticate, candidate } = await enrol();
    const checked = await checkAssertion(assertionInput(authenticate({ challenge: "" }), candidate, { challenge: "" }));
    expect(checked).toMatchObject({ ok: false, reason: "wrong_challenge" });
  });
});

describe("a malformed assertion", () => {
  const short = (honest: Uint8Array<ArrayBuffer>) => honest.subarray(0, 36);
  const trailing = (honest: Uint8Array<ArrayBuffer>) => concatBytes(honest, Uint8Array.of(0));
  const withFlag = (flag: number) => (honest: Uint8Array<ArrayBuffer>) =>
    honest.map((byte, index) => (index === 32 ? byte | flag : byte));

  test.each([
    ["short authenticator data", { authenticatorData: short }],
    ["bytes behind the authenticator data", { authenticatorData: trailing }],
    ["the ED flag without extensions", { authenticatorData: withFlag(0x80) }],
    ["the AT flag without a credential", { authenticatorData: withFlag(0x40) }],
    ["extensions that are no map", { extensions: [1, 2] }],
  ] satisfies readonly (readonly [string, AuthenticationOverrides])[])("with %s is refused", async (_, overrides) => {
    const { authenticate, candidate } = await enrol();
    const checked = await checkAssertion(assertionInput(authenticate(overrides), candidate));
    expect(checked).toEqual({ ok: false, reason: "malformed" });
  });

  test("with attested credential data is refused, although correctly signed", async () => {
    const { authenticate, candidate } = await enrol();
    const attested = concatBytes(new Uint8Array(16), Uint8Array.of(0, 1, 1), Uint8Array.of(0xa0));
    const authenticatorData = (honest: Uint8Array<ArrayBuffer>) => concatBytes(withFlag(0x40)(honest), attested);
    const checked = await checkAssertion(assertionInput(authenticate({ authenticatorData }), candidate));
    expect(checked).toEqual({ ok: false, reason: "malformed" });
  });

  test.each([
    ["a rawId that differs from the id", { rawId: "AAAA" }],
    ["an id of 1,024 bytes", { id: LONG_ID, rawId: LONG_ID }],
    ["an empty id", { id: "", rawId: "" }],
    ["a padded id", { id: "AA==", rawId: "AA==" }],
    ["another credential type", { type: "password" }],
    ["no response", { response: undefined }],
    ["a response that is a list", { response: [] }],
  ])("with %s is refused", async (_, changes) => {
    const { authenticate, candidate } = await enrol();
    const checked = await checkAssertion(assertionInput({ ...authenticate(), ...changes }, candidate));
    expect(checked).toEqual({ ok: false, reason: "malformed" });
  });

  test.each([
    ["client data over 8 KiB", { clientDataJSON: toBase64url(new Uint8Array(8193)) }],
    ["authenticator data over 4 KiB", { authenticatorData: toBase64url(new Uint8Array(4097)) }],
    ["a signature over 2 KiB", { signature: toBase64url(new Uint8Array(2049)) }],
    ["a user handle over 64 bytes", { userHandle: toBase64url(new Uint8Array(65)) }],
    ["a user handle that is no text", { userHandle: 7 }],
    ["a signature in plain base64", { signature: "+/+/" }],
  ])("with %s is refused", async (_, changes) => {
    const { authenticate, candidate } = await enrol();
    const honest = authenticate();
    const response = { ...honest, response: { ...honest.response, ...changes } };
    expect(await checkAssertion(assertionInput(response, candidate))).toEqual({ ok: false, reason: "malformed" });
  });
});

function countingCrypto(): Readonly<{ crypto: WebauthnCrypto; verifications: () => number }> {
  let count = 0;
  const verifySignature: WebauthnCrypto["verifySignature"] = (check) => {
    count += 1;
    return crypto.verifySignature(check);
  };
  return { crypto: { ...crypto, verifySignature }, verifications: () => count };
}
