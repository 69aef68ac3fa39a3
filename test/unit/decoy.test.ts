import { beforeEach, expect, test } from "vitest";
import { createKeyring, newMacRoot } from "../../src/crypto/keyring.ts";
import { createSealer } from "../../src/crypto/sealer.ts";
import { ASSUMED_SHAPES } from "../../src/domain/decoy-shape.ts";
import { DEFAULT_POLICY, type Realm } from "../../src/domain/realm.ts";
import { DECOY_ID, decoyCandidates, decoyOf } from "../../src/flows/decoy.ts";
import type { Keyring, MasterKey } from "../../src/ports/keyring.ts";

const REALM: Realm = {
  id: "default",
  name: "Test",
  rpId: "localhost",
  origins: [],
  policy: DEFAULT_POLICY,
  branding: {},
  decoyShapes: ASSUMED_SHAPES,
};
const OLD = masterKey("old", 1);
const NEW = masterKey("new", 2);
let keyring: Keyring;

beforeEach(() => {
  keyring = createKeyring({ sealer: createSealer({ primary: OLD, others: [] }), macRoot: newMacRoot() });
});

test("a decoy goes on working when the key that sealed it is gone", () => {
  const before = decoyCandidates(keyring, "lookup", "totp", REALM);
  keyring.replaceKeys({ primary: NEW, others: [OLD] });
  decoyCandidates(keyring, "lookup", "totp", REALM);
  keyring.replaceKeys({ primary: NEW, others: [] });
  expect(decoyCandidates(keyring, "lookup", "totp", REALM)).toEqual(before);
});

test("a decoy goes on working when its key was replaced at once", () => {
  const before = decoyCandidates(keyring, "lookup", "totp", REALM);
  keyring.replaceKeys({ primary: NEW, others: [] });
  expect(decoyCandidates(keyring, "lookup", "totp", REALM)).toEqual(before);
});

test("an answer is checked against the passkeys that the decoy's challenge offered", () => {
  for (let index = 0; index < 100; index++) {
    const lookup = `lookup-${index}`;
    const { credentials, methods } = decoyOf(keyring, lookup, REALM);
    const candidates = decoyCandidates(keyring, lookup, "webauthn", REALM);
    if (methods.includes("webauthn")) expect(candidates).toEqual(credentials);
    expect(candidates.length).toBeGreaterThan(0);
    for (const { id } of candidates) expect(id).toBe(DECOY_ID);
  }
});

test("the public keys of decoys are of several algorithms, and stay the same", () => {
  const keys = new Map<string, number>();
  for (let index = 0; index < 400; index++) {
    const [candidate] = decoyCandidates(keyring, `lookup-${index}`, "webauthn", REALM);
    if (candidate?.method !== "webauthn") throw new Error("not a passkey");
    expect(decoyCandidates(keyring, `lookup-${index}`, "webauthn", REALM)[0]).toEqual(candidate);
    keys.set(candidate.publicKey, (keys.get(candidate.publicKey) ?? 0) + 1);
  }
  const counts = [...keys.values()].sort((a, b) => b - a);
  expect(counts).toHaveLength(3);
  expect(counts[0]).toBeGreaterThan(200);
});

function masterKey(id: string, byte: number): MasterKey {
  return { id, bytes: new Uint8Array(32).fill(byte) };
}
