import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyring, newMacRoot, openMacRoot, sealMacRoot } from "../../src/crypto/keyring.ts";
import { newMasterKey } from "../../src/crypto/master-key.ts";
import { createSealer } from "../../src/crypto/sealer.ts";
import { fromBase64url, toBase64url, toHex, toUtf8 } from "../../src/domain/encoding.ts";
import { KeyringError, type KeyringFault, type MasterKey, type SealContext } from "../../src/ports/keyring.ts";

const CONTEXT: SealContext = { table: "authenticators", column: "secret", row: "au_1" };
const SECRET = toUtf8("12345678901234567890");

function key(id: string, fill: number): MasterKey {
  return { id, bytes: new Uint8Array(32).fill(fill) };
}

function sealerOf(primary: MasterKey, ...others: MasterKey[]) {
  return createSealer({ primary, others });
}

function faultOf(action: () => unknown): KeyringFault | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof KeyringError) return error.fault;
    throw error;
  }
}

function newKeyring(macRoot = new Uint8Array(32).fill(7), primary = key("k1", 1)) {
  return createKeyring({ sealer: sealerOf(primary), macRoot });
}

describe("sealing", () => {
  test("opens what it sealed, under the same context, for any bytes and row", () => {
    const sealer = sealerOf(newMasterKey());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: "binary" }), (plaintext, row) => {
        const context = { ...CONTEXT, row };
        expect(sealer.open(context, sealer.seal(context, plaintext))).toEqual(new Uint8Array(plaintext));
      }),
    );
  });

  test("names version and key, and shows nothing of the value", () => {
    const envelope = sealerOf(key("k1", 1)).seal(CONTEXT, SECRET);
    expect(envelope).toMatch(/^v1\.k1\.[A-Za-z0-9_-]+$/);
    const body = fromBase64url(envelope.split(".")[2] ?? "");
    expect(body).toHaveLength(12 + SECRET.length + 16);
    expect(Buffer.from(body ?? []).includes(Buffer.from(SECRET))).toBe(false);
  });

  test("opens an envelope that an independent implementation made from the written format", () => {
    const envelope = "v1.k1.AAECAwQFBgcICQoLVwPY74_08kgxIJwjcPih6xaTYxTGUAc3DNW9v6QmKF0vS2m-";
    expect(sealerOf(key("k1", 1)).open(CONTEXT, envelope)).toEqual(SECRET);
  });

  test("never gives the same envelope twice", () => {
    const sealer = sealerOf(newMasterKey());
    const nonces = Array.from({ length: 2000 }, () => sealer.seal(CONTEXT, SECRET).split(".")[2]?.slice(0, 16));
    expect(new Set(nonces).size).toBe(2000);
  });

  test.each([
    ["another row", { row: "au_2" }],
    ["no row", { row: "" }],
    ["another column", { column: "label" }],
    ["another table", { table: "system_keys" }],
  ])("an envelope moved to %s does not open", (_name, moved) => {
    const sealer = sealerOf(newMasterKey());
    const envelope = sealer.seal(CONTEXT, SECRET);
    expect(faultOf(() => sealer.open({ ...CONTEXT, ...moved }, envelope))).toBe("not_authentic");
  });

  test("swapping two rows' envelopes makes both fail", () => {
    const sealer = sealerOf(newMasterKey());
    const other = { ...CONTEXT, row: "au_2" };
    const [first, second] = [sealer.seal(CONTEXT, SECRET), sealer.seal(other, SECRET)];
    expect(faultOf(() => sealer.open(CONTEXT, second))).toBe("not_authentic");
    expect(faultOf(() => sealer.open(other, first))).toBe("not_authentic");
  });

  test("no two contexts are the same, however table, column and row are cut", () => {
    const sealer = sealerOf(newMasterKey());
    const envelope = sealer.seal({ table: "a_b", column: "c", row: 'd","e' }, SECRET);
    for (const context of [
      { table: "a", column: "b_c", row: 'd","e' },
      { table: "a_b", column: "c", row: "d" },
      { table: "a_b", column: "c", row: 'd\\",\\"e' },
    ]) {
      expect(faultOf(() => sealer.open(context, envelope))).toBe("not_authentic");
    }
    expect(() => sealer.open({ table: "a_b.c", column: "", row: "" }, envelope)).toThrow(TypeError);
  });

  test("every flipped bit of the sealed bytes is noticed", () => {
    const sealer = sealerOf(newMasterKey());
    const [version, id, encoded = ""] = sealer.seal(CONTEXT, SECRET).split(".");
    const body = fromBase64url(encoded) ?? new Uint8Array();
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = body.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(faultOf(() => sealer.open(CONTEXT, `${version}.${id}.${toBase64url(changed)}`))).toBe("not_authentic");
    }
  });

  test("every truncated envelope fails", () => {
    const sealer = sealerOf(newMasterKey());
    const envelope = sealer.seal(CONTEXT, SECRET);
    for (let length = 0; length < envelope.length; length++) {
      expect(faultOf(() => sealer.open(CONTEXT, envelope.slice(0, length)))).toMatch(
        /^(not_an_envelope|not_authentic|unknown_key)$/,
      );
    }
  });

  test("any other text fails with a fault of its own, and the message repeats nothing of it", () => {
    const sealer = sealerOf(key("k1", 1));
    const anyEnvelope = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^v[12]\.k[12]\.[A-Za-z0-9_-]{0,80}$/),
      fc.tuple(fc.string(), fc.string()).map(([a, b]) => `v1.${a}.${b}`),
    );
    fc.assert(
      fc.property(anyEnvelope, (text) => {
        expect(faultOf(() => sealer.open(CONTEXT, text))).toMatch(/^(not_an_envelope|not_authentic|unknown_key)$/);
      }),
    );
    expect(() => sealer.open(CONTEXT, "v1.secretid.AAAA")).toThrow(/^The stored value is not a sealed value\.$/);
  });

  test("one envelope has one text: extra parts, padding and another version are refused", () => {
    const sealer = sealerOf(key("k1", 1));
    const envelope = sealer.seal(CONTEXT, SECRET);
    for (const text of [
      `${envelope}.`,
      `${envelope}=`,
      `${envelope}.x.y`,
      ` ${envelope}`,
      envelope.replace("v1", "v2"),
    ]) {
      expect(faultOf(() => sealer.open(CONTEXT, text))).toBe("not_an_envelope");
    }
  });

  test("another key under the same id does not open it", () => {
    const envelope = sealerOf(key("k1", 1)).seal(CONTEXT, SECRET);
    expect(faultOf(() => sealerOf(key("k1", 2)).open(CONTEXT, envelope))).toBe("not_authentic");
  });
});

describe("rotation", () => {
  test("a new primary key seals at once, while old envelopes still open", () => {
    const sealer = sealerOf(key("k1", 1));
    const old = sealer.seal(CONTEXT, SECRET);
    sealer.replaceKeys({ primary: key("k2", 2), others: [key("k1", 1)] });
    const fresh = sealer.seal(CONTEXT, SECRET);
    expect([sealer.primaryKeyId(), sealer.keyIdOf(old), sealer.keyIdOf(fresh)]).toEqual(["k2", "k1", "k2"]);
    expect(sealer.open(CONTEXT, old)).toEqual(SECRET);
    expect(sealer.open(CONTEXT, fresh)).toEqual(SECRET);
  });

  test("a key that was taken away opens nothing any more", () => {
    const sealer = sealerOf(key("k1", 1));
    const old = sealer.seal(CONTEXT, SECRET);
    sealer.replaceKeys({ primary: key("k2", 2), others: [] });
    expect(faultOf(() => sealer.open(CONTEXT, old))).toBe("unknown_key");
  });

  test("a keyring follows its sealer, and its MACs do not change", () => {
    const sealer = sealerOf(key("k1", 1));
    const keyring = createKeyring({ sealer, macRoot: new Uint8Array(32).fill(7) });
    const before = toHex(keyring.mac("recovery_code", "au_1", "code"));
    sealer.replaceKeys({ primary: key("k2", 2), others: [key("k1", 1)] });
    expect(keyring.primaryKeyId()).toBe("k2");
    expect(toHex(keyring.mac("recovery_code", "au_1", "code"))).toBe(before);
  });

  test("a set that is refused changes nothing", () => {
    const sealer = sealerOf(key("k1", 1));
    const old = sealer.seal(CONTEXT, SECRET);
    const sets = [
      { set: { primary: key("k2", 2), others: [key("k1", 9)] }, fault: "key_changed" },
      { set: { primary: key("k2", 2), others: [key("k2", 2)] }, fault: "unusable_key" },
      { set: { primary: key("k.2", 2), others: [] }, fault: "unusable_key" },
      { set: { primary: { id: "k2", bytes: new Uint8Array(16) }, others: [] }, fault: "unusable_key" },
    ];
    for (const { set, fault } of sets) expect(faultOf(() => sealer.replaceKeys(set))).toBe(fault);
    expect(sealer.primaryKeyId()).toBe("k1");
    expect(sealer.open(CONTEXT, old)).toEqual(SECRET);
  });

  test("new master keys are 32 bytes and have ids that do not repeat", () => {
    const keys = Array.from({ length: 100 }, newMasterKey);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(100);
    for (const { bytes } of keys) expect(bytes).toHaveLength(32);
  });
});

describe("the MAC root", () => {
  test("comes back from storage under the master key, and from no other", () => {
    const macRoot = newMacRoot();
    const stored = sealMacRoot(sealerOf(key("k1", 1)), macRoot);
    expect(macRoot).toHaveLength(32);
    expect(openMacRoot(sealerOf(key("k2", 2), key("k1", 1)), stored)).toEqual(macRoot);
    expect(faultOf(() => openMacRoot(sealerOf(key("k2", 2)), stored))).toBe("unknown_key");
  });

  test("of another length is refused", () => {
    expect(faultOf(() => newKeyring(new Uint8Array(31)))).toBe("unusable_key");
  });
});

describe("keyed hashes", () => {
  test("are HMAC-SHA-256 under HKDF-SHA-256, as written down: stored lookups depend on every byte of it", () => {
    // Computed by an independent implementation.
    const expected = "c3017aa19aee289d136e7cbde7246e203796d0ec0be1495df49f1a9402a57c3b";
    expect(toHex(newKeyring().mac("subject_lookup", "default", "alice"))).toBe(expected);
  });

  test("do not depend on the master key, and depend on the root", () => {
    const mac = (keyring: ReturnType<typeof newKeyring>) => toHex(keyring.mac("token", "x"));
    expect(mac(newKeyring(undefined, key("k9", 9)))).toBe(mac(newKeyring()));
    expect(mac(newKeyring(new Uint8Array(32).fill(8)))).not.toBe(mac(newKeyring()));
  });

  test("of the same parts are unrelated for every purpose", () => {
    const keyring = newKeyring();
    const purposes = [
      "subject_lookup",
      "subject_id",
      "recovery_code",
      "token",
      "device",
      "idempotency",
      "source",
      "decoy",
      "audit",
    ] as const;
    expect(new Set(purposes.map((purpose) => toHex(keyring.mac(purpose, "x")))).size).toBe(purposes.length);
  });

  test("tell apart any two ways to cut the same text", () => {
    const keyring = newKeyring();
    const parts = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = toHex(keyring.mac("token", ...a)) === toHex(keyring.mac("token", ...b));
        expect(same).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(keyring.mac("token", "ab", "c")).not.toEqual(keyring.mac("token", "a", "bc"));
    expect(keyring.mac("token", "ab")).not.toEqual(keyring.mac("token", "ab", ""));
  });

  test("take text as its UTF-8 bytes, and refuse text that has none", () => {
    const keyring = newKeyring();
    expect(keyring.mac("token", "é")).toEqual(keyring.mac("token", toUtf8("é")));
    expect(() => keyring.mac("token", "\ud800")).toThrow(TypeError);
  });
});

describe("plain hashes and comparisons", () => {
  test("a token's hash is SHA-256 (FIPS 180-4 example) in base64url", () => {
    expect(newKeyring().hash("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  });

  test("texts are the same exactly when they are equal, whatever their lengths", () => {
    const { sameText } = newKeyring();
    const token = toBase64url(randomBytes(32));
    expect(sameText(token, token)).toBe(true);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        expect(sameText(a, b)).toBe(a === b);
      }),
    );
  });
});

test("no fault's message holds key material or the value", () => {
  const secretKey = key("k1", 0x41);
  const actions = [
    () => sealerOf(secretKey).open(CONTEXT, sealerOf(key("k1", 2)).seal(CONTEXT, SECRET)),
    () => sealerOf(secretKey).replaceKeys({ primary: key("k1", 3), others: [] }),
    () => sealerOf(secretKey, secretKey),
  ];
  for (const action of actions)
    expect(action).toThrow(/^(The value was changed|A master key's id stands|Two master keys)[a-z ,']+\.$/);
});
