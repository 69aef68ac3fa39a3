import { constants, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { certificateKey, chainsToRoot } from "../../src/crypto/certificate-chain.ts";
import { createCoseVerifier, isUsableKey } from "../../src/crypto/cose-verifier.ts";
import { isSafeEd25519Point } from "../../src/crypto/edwards-point.ts";
import { COSE_ALGORITHMS, parseCoseKey } from "../../src/domain/cose-key.ts";
import { type Bytes, fromBase64url, toBase64url, toUtf8 } from "../../src/domain/encoding.ts";
import { DECOY_PUBLIC_KEY, pickDecoyPublicKey } from "../../src/methods/webauthn/decoy-key.ts";
import { createIssuer } from "../support/attestation-root.ts";
import { type Encodable, encodeCbor } from "../support/cbor.ts";
import { NOW_MS } from "../support/webauthn-ceremony.ts";
import { readSpecVectors } from "../support/webauthn-vectors.ts";

const DATA = toUtf8("signed data");
const { ES256, ES384, ES512, EdDSA, Ed448, PS256, RS256 } = COSE_ALGORITHMS;
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

type Case = Readonly<{ name: string; publicKey: string; signature: Bytes }>;

const cases: readonly Case[] = [
  ec("ES256", { namedCurve: "P-256", algorithm: ES256, curveId: 1, digest: "sha256" }),
  ec("ES384", { namedCurve: "P-384", algorithm: ES384, curveId: 2, digest: "sha384" }),
  ec("ES512", { namedCurve: "P-521", algorithm: ES512, curveId: 3, digest: "sha512" }),
  okp("EdDSA", generateKeyPairSync("ed25519"), { algorithm: EdDSA, curveId: 6 }),
  okp("Ed448", generateKeyPairSync("ed448"), { algorithm: Ed448, curveId: 7 }),
  rsa("RS256", RS256),
  rsa("PS256", PS256),
];

describe("the verifier", () => {
  test.each(cases)("accepts a signature by $name, first and cached", ({ publicKey, signature }) => {
    const verify = createCoseVerifier();
    expect(isUsableKey(publicKey)).toBe(true);
    expect(verify({ publicKey, signature, data: DATA })).toBe(true);
    expect(verify({ publicKey, signature, data: DATA })).toBe(true);
  });

  test.each(cases)("refuses other data, no signature and a spoiled one by $name, first and cached", (known) => {
    const { publicKey, signature } = known;
    const verify = createCoseVerifier();
    const spoiled = signature.map((byte, index) => (index === signature.length - 1 ? byte ^ 1 : byte));
    for (const round of ["first", "cached"]) {
      expect([round, verify({ publicKey, signature, data: toUtf8("other data") })]).toEqual([round, false]);
      expect([round, verify({ publicKey, signature: new Uint8Array(), data: DATA })]).toEqual([round, false]);
      expect([round, verify({ publicKey, signature: spoiled, data: DATA })]).toEqual([round, false]);
      expect(verify({ publicKey, signature, data: DATA })).toBe(true);
    }
  });

  test("tells keys apart while the cache drops the oldest", () => {
    const verify = createCoseVerifier({ cachedKeys: 1 });
    for (const { publicKey, signature } of [...cases, ...cases]) {
      expect(verify({ publicKey, signature, data: DATA })).toBe(true);
      for (const other of cases) {
        if (other.publicKey !== publicKey) {
          expect(verify({ publicKey: other.publicKey, signature, data: DATA })).toBe(false);
        }
      }
    }
  });

  test.each(["", "not base64url!", "oA", `${DECOY_PUBLIC_KEY}AA`])("answers false for the key '%s'", (publicKey) => {
    expect(createCoseVerifier()({ publicKey, signature: new Uint8Array(70), data: DATA })).toBe(false);
    expect(isUsableKey(publicKey)).toBe(false);
  });

  test("takes the decoys for keys like any other, of the three algorithms that are offered", () => {
    const decoys = Array.from({ length: 256 }, (_, choice) => pickDecoyPublicKey(choice));
    const kinds = new Set(decoys);
    expect([...kinds].map((key) => parseCoseKey(fromBase64url(key) ?? new Uint8Array()))).toMatchObject(
      [ES256, EdDSA, RS256].map((algorithm) => ({ ok: true, key: { algorithm } })),
    );
    expect([...kinds].every(isUsableKey)).toBe(true);
    expect(decoys.filter((key) => key === DECOY_PUBLIC_KEY)).toHaveLength(192);
  });
});

describe("Ed25519 points", () => {
  // RFC 8032 §7.1, test 1.
  const honest = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  test("of large order are safe", () => {
    expect(isSafeEd25519Point(Buffer.from(honest, "hex"))).toBe(true);
  });

  test.each([
    ["of order 1", `01${"00".repeat(31)}`],
    ["of order 2", `ec${"ff".repeat(30)}7f`],
    ["of order 4", "00".repeat(32)],
    ["of order 4, the other one", `${"00".repeat(31)}80`],
    ["of order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
    ["of order 8, the other one", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fdd7792ac07a"],
    ["not reduced", `ed${"ff".repeat(30)}7f`],
    ["off the curve", "02".repeat(32)],
    ["too short", "00".repeat(31)],
  ])("%s are not", (_, hex) => {
    expect(isSafeEd25519Point(Buffer.from(hex, "hex"))).toBe(false);
  });
});

describe("certificate chains", () => {
  const { attestationRoot, vectors } = readSpecVectors();
  const rootText = attestationRoot.certificateDer;
  const root = fromBase64url(rootText) ?? new Uint8Array();
  const pem = new X509Certificate(root).toString();
  const leaves = vectors.filter(({ fmt }) => fmt === "packed" || fmt === "apple").flatMap(leafOf);
  const [leaf, otherLeaf] = leaves;
  if (leaf === undefined || otherLeaf === undefined) throw new Error("no leaves");

  test.each([
    ["base64url DER", rootText],
    ["base64 DER", Buffer.from(root).toString("base64")],
    ["PEM", pem],
  ])("reach a root given as %s, with or without the root in the chain", (_, text) => {
    for (const chain of [[leaf], [leaf, root], [root]]) {
      expect(chainsToRoot({ chain, roots: ["nonsense", text], nowMs: NOW_MS })).toBe(true);
    }
  });

  test.each([
    ["no root", [leaf], []],
    ["a root that is nonsense", [leaf], ["nonsense"]],
    ["another root", [leaf], [toBase64url(otherLeaf)]],
    ["an issuer that is no CA", [leaf, otherLeaf, root], [pem]],
    ["the wrong order", [root, leaf], [pem]],
    ["nothing in it", [], [pem]],
    ["a certificate that is none", [Uint8Array.of(1), root], [pem]],
    ["more certificates than anybody needs", [leaf, root, root, root, root, root, root], [pem]],
  ])("with %s reach nothing", (_, chain, roots) => {
    expect(chainsToRoot({ chain, roots, nowMs: NOW_MS })).toBe(false);
  });

  test("reach the root through a CA, not through a certificate that is none, however well it signed", () => {
    const ca = createIssuer({ name: "Root", isCa: true });
    const roots = [toBase64url(ca.certificate)];
    for (const isCa of [true, false]) {
      const between = createIssuer({ name: "Between", isCa, issuer: ca });
      const end = createIssuer({ name: "End", isCa: false, issuer: between });
      const chain = [end.certificate, between.certificate];
      expect(chainsToRoot({ chain, roots, nowMs: NOW_MS })).toBe(isCa);
    }
  });

  test("whose signature was changed reach nothing", () => {
    const changed = leaf.map((byte, index) => (index === leaf.length - 1 ? byte ^ 1 : byte));
    expect(chainsToRoot({ chain: [changed], roots: [pem], nowMs: NOW_MS })).toBe(false);
  });

  test("yield the key of a certificate, or nothing for what is none", () => {
    expect(isUsableKey(certificateKey(leaf) ?? "")).toBe(true);
    expect(certificateKey(Uint8Array.of(1))).toBeUndefined();
  });
});

function ec(
  name: string,
  kind: Readonly<{ namedCurve: string; algorithm: number; curveId: number; digest: string }>,
): Case {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: kind.namedCurve });
  const { x, y } = jwkBytes(publicKey);
  const cose = new Map<number, Encodable>([
    [1, 2],
    [3, kind.algorithm],
    [-1, kind.curveId],
    [-2, x],
    [-3, y],
  ]);
  return {
    name,
    publicKey: toBase64url(encodeCbor(cose)),
    signature: Uint8Array.from(sign(kind.digest, DATA, privateKey)),
  };
}

type Pair = Readonly<{ privateKey: KeyObject; publicKey: KeyObject }>;

function okp(name: string, pair: Pair, kind: Readonly<{ algorithm: number; curveId: number }>): Case {
  const { x } = jwkBytes(pair.publicKey);
  const cose = new Map<number, Encodable>([
    [1, 1],
    [3, kind.algorithm],
    [-1, kind.curveId],
    [-2, x],
  ]);
  return {
    name,
    publicKey: toBase64url(encodeCbor(cose)),
    signature: Uint8Array.from(sign(null, DATA, pair.privateKey)),
  };
}

function rsa(name: string, algorithm: number): Case {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { e, n } = jwkBytes(publicKey);
  const cose = new Map<number, Encodable>([
    [1, 3],
    [3, algorithm],
    [-1, n],
    [-2, e],
  ]);
  const signature = sign("sha256", DATA, algorithm === PS256 ? { key: privateKey, ...PSS } : privateKey);
  return { name, publicKey: toBase64url(encodeCbor(cose)), signature: Uint8Array.from(signature) };
}

function jwkBytes(key: KeyObject): Readonly<Record<"x" | "y" | "n" | "e", Bytes>> {
  const { e, n, x, y } = key.export({ format: "jwk" });
  const bytes = (text: string | undefined) => fromBase64url(text ?? "") ?? new Uint8Array();
  return { x: bytes(x), y: bytes(y), n: bytes(n), e: bytes(e) };
}

/** The one certificate in a vector's statement: a DER SEQUENCE with a two-byte length, in a CBOR byte string. */
function leafOf(vector: ReturnType<typeof readSpecVectors>["vectors"][number]): readonly Bytes[] {
  // The shape of our own test data.
  const { attestationObject } = vector.registration.response.response as { attestationObject: string };
  const bytes = fromBase64url(attestationObject) ?? new Uint8Array();
  const label = Buffer.from(bytes).indexOf(Buffer.from("6378356381", "hex"));
  const start = Buffer.from(bytes).indexOf(Buffer.from("3082", "hex"), Math.max(label, 0));
  if (label < 0) return [];
  const length = 4 + (((bytes[start + 2] ?? 0) << 8) | (bytes[start + 3] ?? 0));
  return [bytes.subarray(start, start + length)];
}
