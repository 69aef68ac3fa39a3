import { describe, expect, test } from "vitest";
import { createKeyring, newMacRoot } from "../../src/crypto/keyring.ts";
import { createSealer } from "../../src/crypto/sealer.ts";
import { ASSUMED_SHAPES, haveDrifted, type SubjectShape, shapesOf } from "../../src/domain/decoy-shape.ts";
import { decoyOf } from "../../src/flows/decoy.ts";

const MASTER = { id: "k1", bytes: new Uint8Array(32).fill(1) };
const keyring = createKeyring({ sealer: createSealer({ primary: MASTER, others: [] }), macRoot: newMacRoot() });

const APP: SubjectShape = { methods: ["totp", "recovery_code"], credentials: [] };
const KEY: SubjectShape = {
  methods: ["webauthn", "recovery_code"],
  credentials: [{ length: 48, transports: ["nfc", "usb"] }],
};
const TWO_KEYS: SubjectShape = { ...KEY, credentials: [...KEY.credentials, { length: 16, transports: [] }] };

function population(app: number, key: number, twoKeys: number): readonly SubjectShape[] {
  return [...repeat(APP, app), ...repeat(KEY, key), ...repeat(TWO_KEYS, twoKeys)];
}

function repeat<T>(one: T, times: number): readonly T[] {
  return Array.from({ length: times }, () => one);
}

const looks = (shape: SubjectShape) =>
  JSON.stringify([shape.methods, shape.credentials.map(({ length, transports }) => [length, transports])]);

/** What the decoys of so many strangers look like, one for each. */
function strangers(decoyShapes: ReturnType<typeof shapesOf>, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const { methods, credentials } = decoyOf(keyring, `stranger-${index}`, { decoyShapes });
    const shown = credentials.map(({ credentialId, transports }) => ({
      length: Buffer.from(credentialId, "base64url").length,
      transports,
    }));
    return looks({ methods, credentials: shown });
  });
}

function shareOf(shape: SubjectShape, all: readonly string[]): number {
  return all.filter((one) => one === looks(shape)).length / all.length;
}

describe("the shapes of decoys", () => {
  test("are those of the population in its proportions, with how passkeys are and how many", () => {
    const all = strangers(shapesOf(population(700, 200, 100)), 10_000);
    expect(shareOf(APP, all)).toBeCloseTo(0.7, 1);
    expect(shareOf(KEY, all)).toBeCloseTo(0.2, 1);
    expect(shareOf(TWO_KEYS, all)).toBeCloseTo(0.1, 1);
  });

  test("before there is a population are the assumed ones", () => {
    expect(shapesOf([]).map(looks).sort()).toEqual(ASSUMED_SHAPES.map(looks).sort());
    expect(haveDrifted(ASSUMED_SHAPES, shapesOf([]))).toBe(false);
  });

  test("a change of proportions changes the decoys of hardly more subjects than it has to", () => {
    const before = strangers(shapesOf(population(700, 200, 100)), 5_000);
    const after = strangers(shapesOf(population(600, 300, 100)), 5_000);
    const changed = before.filter((shape, index) => shape !== after[index]).length / before.length;
    expect(changed).toBeGreaterThan(0.05);
    expect(changed).toBeLessThan(0.2);
  });

  test("the same proportions change nobody's, whoever was sampled", () => {
    const before = strangers(shapesOf(population(700, 200, 100)), 500);
    const shuffled = [...repeat(TWO_KEYS, 100), ...repeat(APP, 700), ...repeat(KEY, 200)];
    expect(strangers(shapesOf(shuffled), 500)).toEqual(before);
  });

  test("have drifted once a sixth of the population is another, and not by chance of sampling", () => {
    const inUse = shapesOf(population(700, 200, 100));
    expect(haveDrifted(inUse, shapesOf(population(660, 225, 115)))).toBe(false);
    expect(haveDrifted(inUse, shapesOf(population(500, 400, 100)))).toBe(true);
    expect(haveDrifted(inUse, shapesOf(repeat(KEY, 1000)))).toBe(true);
  });

  test("are at most as many as a realm's row can hold", () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...KEY,
      credentials: [{ length: index + 1, transports: ["usb"] }],
    }));
    expect(shapesOf(many)).toHaveLength(64);
  });
});
