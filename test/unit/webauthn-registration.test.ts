import { createPrivateKey, generateKeyPairSync, hash, type KeyObject, sign } from "node:crypto";
import { SettingsService } from "@simplewebauthn/server";
import { describe, expect, test } from "vitest";
import { readCborMap } from "../../src/domain/cbor.ts";
import { type Bytes, concatBytes, fromBase64url, toBase64url } from "../../src/domain/encoding.ts";
import type { RejectionReason } from "../../src/domain/evidence.ts";
import { type AttestationInput, checkAttestation } from "../../src/methods/webauthn-registration.ts";
import { createAttestationRoot } from "../support/attestation-root.ts";
import { type Encodable, encodeCbor } from "../support/cbor.ts";
import { type RegistrationOverrides, toCose } from "../support/virtual-authenticator.ts";
import { attestationInput, register } from "../support/webauthn-ceremony.ts";
import { readSpecVectors, type SpecVector } from "../support/webauthn-vectors.ts";

describe("an honest registration", () => {
  test.each([
    [-7, "none"],
    [-8, "none"],
    [-257, "none"],
    [-7, "self"],
    [-8, "self"],
    [-257, "self"],
  ] as const)("is accepted with algorithm %i and attestation %s", async (algorithm, attestation) => {
    const response = register({ algorithm, attestation });
    expect(await checkAttestation(attestationInput(response))).toMatchObject({
      ok: true,
      credential: {
        credentialId: response.id,
        algorithm,
        signCount: 0,
        backupEligible: false,
        backupState: false,
        userVerified: true,
        transports: ["internal", "hybrid"],
        aaguid: "00000000-0000-0000-0000-000000000000",
        hardwareAttested: false,
        attestationFormat: attestation === "self" ? "packed" : "none",
      },
    });
  });

  test("keeps known transports, each once, and ignores others", async () => {
    const honest = register();
    const response = { ...honest, response: { ...honest.response, transports: ["usb", "warp", "usb", "nfc"] } };
    const checked = await checkAttestation(attestationInput(response));
    expect(checked).toMatchObject({ ok: true, credential: { transports: ["usb", "nfc"] } });
  });

  test("is accepted with extensions, further client data members and no list of transports", async () => {
    const honest = register({ extensions: new Map([["credProtect", 2]]), clientDataExtra: { later: true } });
    const { transports: _, ...response } = honest.response;
    const checked = await checkAttestation(attestationInput({ ...honest, response }));
    expect(checked).toMatchObject({ ok: true, credential: { transports: [] } });
  });
});

const P256 = toCose(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey, -7);
const P384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" });
const RSA_1024 = toCose(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey, -257);
const ED25519 = toCose(generateKeyPairSync("ed25519").publicKey, -8);
const OFF_CURVE = new Uint8Array(32).fill(2);
const SMALL_ORDER = Uint8Array.of(1, ...new Uint8Array(31));

function changed(
  key: ReadonlyMap<number, Encodable>,
  ...entries: readonly (readonly [number, Encodable])[]
): Encodable {
  return new Map([...key, ...entries]);
}

function without(key: ReadonlyMap<number, Encodable>, label: number): Encodable {
  return new Map([...key].filter(([known]) => known !== label));
}

function p384(algorithm: number): Encodable {
  const x = fromBase64url(P384.x ?? "") ?? new Uint8Array();
  const y = fromBase64url(P384.y ?? "") ?? new Uint8Array();
  return new Map<number, Encodable>([
    [1, 2],
    [3, algorithm],
    [-1, 2],
    [-2, x],
    [-3, y],
  ]);
}

const HOSTILE_KEYS: readonly (readonly [string, Encodable, RejectionReason])[] = [
  ["a point off the curve", changed(P256, [-3, OFF_CURVE]), "bad_key"],
  ["a compressed point", changed(P256, [-3, true]), "bad_key"],
  ["a point without y", without(P256, -3), "bad_key"],
  ["a coordinate that is too short", changed(P256, [-2, new Uint8Array(31)]), "bad_key"],
  ["a P-384 key for ES256", p384(-7), "algorithm_mismatch"],
  ["a P-256 point that claims P-384", changed(P256, [-1, 2]), "algorithm_mismatch"],
  ["an EC key labelled RS256", changed(P256, [3, -257]), "algorithm_mismatch"],
  ["an EC key labelled EdDSA", changed(P256, [3, -8]), "algorithm_mismatch"],
  ["an EC key of unknown algorithm", changed(P256, [3, -9999]), "algorithm_mismatch"],
  ["no algorithm", without(P256, 3), "bad_key"],
  ["an algorithm that was not offered", p384(-35), "algorithm_mismatch"],
  ["an Ed25519 key that claims Ed448", changed(ED25519, [-1, 7]), "algorithm_mismatch"],
  ["an Ed25519 key that is no point", changed(ED25519, [-2, OFF_CURVE]), "bad_key"],
  ["an Ed25519 key of small order", changed(ED25519, [-2, SMALL_ORDER]), "bad_key"],
  ["an RSA key of 1,024 bits", RSA_1024, "bad_key"],
  ["a private part", changed(P256, [-4, new Uint8Array(32)]), "bad_key"],
  ["a key that is no map", [1, 2, 3], "malformed"],
];

const HOSTILE: readonly (readonly [string, RegistrationOverrides, RejectionReason])[] = [
  ["the other ceremony's type", { type: "webauthn.get" }, "wrong_type"],
  ["another challenge", { challenge: "b3RoZXI" }, "wrong_challenge"],
  ["another origin", { origin: "https://evil.example" }, "wrong_origin"],
  ["crossOrigin true", { crossOrigin: true }, "cross_origin"],
  ["any topOrigin", { topOrigin: "https://login.example" }, "cross_origin"],
  ["another RP ID", { rpId: "evil.example" }, "wrong_rp_id"],
  ["the user-present bit clear", { userPresent: false }, "user_absent"],
  ["backup state without eligibility", { backupState: true }, "backup_state_invalid"],
  [
    "a credential id of 1,024 bytes",
    { credentialId: new Uint8Array(1024), envelopeId: "AAAA" },
    "credential_id_invalid",
  ],
  ["an empty credential id", { credentialId: new Uint8Array(), envelopeId: "AAAA" }, "credential_id_invalid"],
  ["another id in the envelope", { envelopeId: "AAAA" }, "credential_id_invalid"],
  ["a key of extensions that is no map", { extensions: 5 }, "malformed"],
  ["an unknown format", { attestation: statement("selfmade", []) }, "bad_attestation"],
  ["the format of a dead service", { attestation: statement("android-safetynet", []) }, "bad_attestation"],
  ["format none with a statement", { attestation: statement("none", [["x", 1]]) }, "bad_attestation"],
  ["a packed statement without signature", { attestation: statement("packed", [["alg", -7]]) }, "bad_attestation"],
  [
    "no certificates where some are due",
    { attestation: statement("fido-u2f", [["sig", OFF_CURVE]]) },
    "bad_attestation",
  ],
  ["certificates that are none", { attestation: statement("apple", [["x5c", [OFF_CURVE]]]) }, "bad_attestation"],
  ["an android key that is none", { attestation: androidNonsense() }, "bad_attestation"],
];

describe("a wrong registration", () => {
  test.each(HOSTILE_KEYS)("with %s is refused", async (_, publicKey, reason) => {
    expect(await checkAttestation(attestationInput(register({ publicKey })))).toEqual({ ok: false, reason });
  });

  test.each(HOSTILE)("with %s is refused", async (_, overrides, reason) => {
    expect(await checkAttestation(attestationInput(register(overrides)))).toEqual({ ok: false, reason });
  });

  test("with self attestation by another algorithm than the key's is refused", async () => {
    const attestation = statement("packed", [
      ["alg", -257],
      ["sig", OFF_CURVE],
    ]);
    const checked = await checkAttestation(attestationInput(register({ algorithm: -7, attestation })));
    expect(checked).toEqual({ ok: false, reason: "bad_attestation" });
  });

  test("with the user-verified bit clear is refused when verification is required", async () => {
    const response = register({ userVerified: false });
    const required = await checkAttestation(attestationInput(response, { userVerification: "required" }));
    const preferred = await checkAttestation(attestationInput(response));
    expect(required).toEqual({ ok: false, reason: "user_unverified" });
    expect(preferred).toMatchObject({ ok: true, credential: { userVerified: false } });
  });

  test("with a challenge that carries padding is refused even if its bytes are right", async () => {
    const challenge = toBase64url(new Uint8Array(32));
    const response = register({ challenge: `${challenge}=` });
    const checked = await checkAttestation(attestationInput(response, { challenge }));
    expect(checked).toEqual({ ok: false, reason: "wrong_challenge" });
  });

  test.each([
    ["no attested credential", (data: Uint8Array<ArrayBuffer>) => clearAttested(data).subarray(0, 37)],
    ["bytes behind the key", (data: Uint8Array<ArrayBuffer>) => concatBytes(data, Uint8Array.of(0))],
    ["a key cut short", (data: Uint8Array<ArrayBuffer>) => data.subarray(0, data.length - 1)],
  ])("with %s is refused", async (_, authenticatorData) => {
    const checked = await checkAttestation(attestationInput(register({ authenticatorData })));
    expect(checked).toEqual({ ok: false, reason: "malformed" });
  });

  test.each([
    ["an attestation object over 64 KiB", { attestationObject: toBase64url(new Uint8Array(65_537)) }],
    ["an attestation object that is no map", { attestationObject: "gA" }],
    ["transports that are no list", { transports: "usb" }],
    ["transports that are no texts", { transports: [1] }],
  ])("with %s is refused", async (_, changes) => {
    const honest = register();
    const response = { ...honest, response: { ...honest.response, ...changes } };
    expect(await checkAttestation(attestationInput(response))).toEqual({ ok: false, reason: "malformed" });
  });
});

describe("attestation by certificate", () => {
  const spec = readSpecVectors();

  test.each([
    ["names an algorithm that its certificate's key cannot have", "packed-es256", "63616c6726", "63616c673822"],
    ["names an RSA algorithm over an EC key", "packed-es256", "63616c6726", "63616c67390100"],
    ["is android's and names another algorithm", "android-key-es256", "63616c6726", "63616c673822"],
  ])("is refused when it %s", async (_, id, from, to) => {
    const response = patched(id, from, to);
    expect(await checkAttestation(response)).toEqual({ ok: false, reason: "bad_attestation" });
  });

  test.each([
    "packed-self-es256",
    "packed-es256",
    "packed-rs256",
    "apple-es256",
    "fido-u2f-es256",
    "android-key-es256",
  ])("is refused when %s was made over other client data", async (id) => {
    const { clientDataJSON } = innerOf(id);
    const clientData = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString());
    const other = Buffer.from(JSON.stringify({ ...clientData, other: true })).toString("base64url");
    expect((await checkAttestation(inputFor(id, innerOf(id)))).ok).toBe(true);
    const checked = await checkAttestation(inputFor(id, { ...innerOf(id), clientDataJSON: other }));
    expect(checked).toEqual({ ok: false, reason: "bad_attestation" });
  });

  test("counts as hardware under the maker's own root only", async () => {
    const [maker, other] = [createAttestationRoot(), createAttestationRoot()];
    const response = register({ algorithm: -8, attestation: maker.attestation });
    for (const [trustedRoots, hardwareAttested] of [
      [[maker.pem], true],
      [[other.pem, maker.pem], true],
      [[other.pem], false],
      [[], false],
    ] as const) {
      const checked = await checkAttestation(attestationInput(response, { trustedRoots }));
      expect(checked).toMatchObject({ ok: true, credential: { attestationFormat: "packed", hardwareAttested } });
    }
  });

  test("is refused when an android certificate was made for another ceremony, although the key signed this one", async () => {
    const id = "android-key-es256";
    const clientData = JSON.parse(Buffer.from(innerOf(id).clientDataJSON, "base64url").toString());
    const other = Buffer.from(JSON.stringify({ ...clientData, other: true }));
    const attestationObject = restated(id, (statement, authData) => {
      const signed = Buffer.concat([authData, hash("sha256", other, "buffer")]);
      const sig = Uint8Array.from(sign("sha256", signed, credentialKeyOf(id)));
      return new Map([...statement, ["sig", sig]]);
    });
    const changed = { clientDataJSON: other.toString("base64url"), attestationObject };
    const checked = await checkAttestation(inputFor("android-key-es256", changed));
    expect(checked).toEqual({ ok: false, reason: "bad_attestation" });
  });

  test("is refused when a U2F statement brings a second certificate", async () => {
    const id = "fido-u2f-es256";
    const root = fromBase64url(spec.attestationRoot.certificateDer) ?? new Uint8Array();
    const more = restated(id, (statement) => new Map([...statement, ["x5c", [...listOf(statement.get("x5c")), root]]]));
    const same = restated(id, (statement) => statement);
    expect((await checkAttestation(inputFor(id, { ...innerOf(id), attestationObject: same }))).ok).toBe(true);
    const checked = await checkAttestation(inputFor(id, { ...innerOf(id), attestationObject: more }));
    expect(checked).toEqual({ ok: false, reason: "bad_attestation" });
  });

  test("never sends the library out for revocation lists: it has no roots to walk to", () => {
    for (const identifier of ["packed", "tpm", "apple"] as const) {
      expect(SettingsService.getRootCertificates({ identifier })).toEqual([]);
    }
  });

  function patched(id: string, from: string, to: string): AttestationInput {
    const inner = innerOf(id);
    const hex = Buffer.from(inner.attestationObject, "base64url").toString("hex");
    expect(hex).toContain(from);
    const attestationObject = Buffer.from(hex.replace(from, to), "hex").toString("base64url");
    return inputFor(id, { ...inner, attestationObject });
  }

  type Statement = ReadonlyMap<number | string, Encodable>;

  /** The vector's attestation object with another statement. */
  function restated(id: string, change: (statement: Statement, authData: Bytes) => Statement): string {
    const object = readCborMap(fromBase64url(innerOf(id).attestationObject) ?? new Uint8Array());
    // The shape of our own test data.
    const authData = object?.get("authData") as Bytes;
    const attStmt = change(object?.get("attStmt") as Statement, authData);
    const fmt = find(id).fmt;
    return toBase64url(encodeCbor(new Map<string, Encodable>(Object.entries({ fmt, attStmt, authData }))));
  }

  function listOf(value: Encodable | undefined): readonly Encodable[] {
    return Array.isArray(value) ? value : [];
  }

  type Inner = Readonly<{ attestationObject: string; clientDataJSON: string }>;

  function innerOf(id: string): Inner {
    // The shape of our own test data.
    return find(id).registration.response.response as Inner;
  }

  function inputFor(id: string, inner: Inner): AttestationInput {
    const { coseAlg, registration } = find(id);
    const { origin, rpId } = spec;
    const response = { ...registration.response, response: inner };
    const expected = { challenge: registration.expectedChallenge, rpId, origins: [origin], algorithms: [coseAlg] };
    return attestationInput(response, expected);
  }

  function credentialKeyOf(id: string): KeyObject {
    const { keysHex, registration } = find(id);
    const d = Buffer.from(keysHex.credential_private_key ?? "", "hex").toString("base64url");
    return createPrivateKey({ key: { ...registration.decoded.credentialPublicKeyJwk, d }, format: "jwk" });
  }

  function find(id: string): SpecVector {
    const vector = spec.vectors.find((candidate) => candidate.id === id);
    if (vector === undefined) throw new Error("no such vector");
    return vector;
  }
});

function statement(
  format: string,
  entries: readonly (readonly [string, Encodable])[],
): RegistrationOverrides["attestation"] {
  return { format, statement: () => new Map(entries) };
}

function androidNonsense(): RegistrationOverrides["attestation"] {
  return statement("android-key", [
    ["alg", -7],
    ["sig", OFF_CURVE],
    ["x5c", [OFF_CURVE]],
  ]);
}

function clearAttested(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return data.map((byte, index) => (index === 32 ? byte & ~0x40 : byte));
}
