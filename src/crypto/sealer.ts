import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import type { Bytes } from "../domain/encoding.ts";
import { KeyringError, type MasterKey, type MasterKeys, type SealContext, type Sealer } from "../ports/keyring.ts";

const VERSION = "v1";
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const ENVELOPE = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)$/;
const SQL_NAME = /^[a-z][a-z0-9_]*$/;

/** A master key at work, with the keys derived from it so far, by "table.column". */
type LoadedKey = Readonly<{ id: string; master: KeyObject; derived: Map<string, KeyObject> }>;
type LoadedKeys = Readonly<{ primary: LoadedKey; byId: ReadonlyMap<string, LoadedKey> }>;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce and a key of its own for every column, derived by
 * HKDF-SHA-256 (RFC 5869). Good for 2^32 values a column and master key (§8.3). Throws KeyringError for unusable keys.
 */
export function createSealer(masterKeys: MasterKeys): Sealer {
  let keys = loadKeys(masterKeys);
  return {
    seal: (context, plaintext) => seal(keys.primary, context, plaintext),
    open(context, envelope) {
      const { keyId, body } = parseEnvelope(envelope);
      const key = keys.byId.get(keyId);
      if (key === undefined)
        throw new KeyringError("unknown_key", "The value is sealed under a key that is not loaded.");
      return open(key, context, body);
    },
    keyIdOf: (envelope) => parseEnvelope(envelope).keyId,
    primaryKeyId: () => keys.primary.id,
    replaceKeys(next) {
      keys = keepMeaning(keys, loadKeys(next));
    },
  };
}

/** 32 bytes of HKDF-SHA-256 with info "countersign/v1/<purpose>": independent of one another for every purpose. */
export function deriveBytes(root: KeyObject, purpose: string): Bytes {
  return new Uint8Array(hkdfSync("sha256", root, "", `countersign/v1/${purpose}`, KEY_BYTES));
}

/** The 32 bytes as a key; throws KeyringError when there are not exactly 32. */
export function rootKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== KEY_BYTES) throw new KeyringError("unusable_key", "A key must have exactly 32 bytes.");
  return createSecretKey(bytes);
}

function seal(key: LoadedKey, context: SealContext, plaintext: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, columnKey(key, context), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData(context));
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  const body = Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
  return `${VERSION}.${key.id}.${body.toString("base64url")}`;
}

function open(key: LoadedKey, context: SealContext, body: Uint8Array): Bytes {
  const decipher = createDecipheriv(CIPHER, columnKey(key, context), body.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(additionalData(context));
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  const plaintext = decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    // The engine's own error says no more than this, so it is not passed on as a cause.
    throw new KeyringError("not_authentic", "The value was changed, or was sealed for another place.");
  }
  return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
}

/** JSON makes the encoding unambiguous: no choice of names and rows yields the same text as another. */
function additionalData({ table, column, row }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([VERSION, table, column, row]));
}

function columnKey(key: LoadedKey, { table, column }: SealContext): KeyObject {
  const name = `${table}.${column}`;
  const known = key.derived.get(name);
  if (known !== undefined) return known;
  if (!SQL_NAME.test(table) || !SQL_NAME.test(column)) throw new TypeError("not the name of a table and a column");
  const derived = createSecretKey(deriveBytes(key.master, `seal/${name}`));
  key.derived.set(name, derived);
  return derived;
}

function parseEnvelope(envelope: string): { keyId: string; body: Buffer } {
  const [, keyId, encoded = ""] = ENVELOPE.exec(envelope) ?? [];
  const body = Buffer.from(encoded, "base64url");
  // Decoding overlooks stray bits in the last character: there is one text a value.
  const isCanonical = body.toString("base64url") === encoded;
  if (keyId === undefined || !isCanonical || body.length < NONCE_BYTES + TAG_BYTES) {
    throw new KeyringError("not_an_envelope", "The stored value is not a sealed value.");
  }
  return { keyId, body };
}

function loadKeys({ primary, others }: MasterKeys): LoadedKeys {
  const loaded = loadKey(primary);
  const byId = new Map([[loaded.id, loaded]]);
  for (const other of others) {
    if (byId.has(other.id)) throw new KeyringError("unusable_key", "Two master keys have the same id.");
    byId.set(other.id, loadKey(other));
  }
  return { primary: loaded, byId };
}

function loadKey({ id, bytes }: MasterKey): LoadedKey {
  if (!KEY_ID.test(id))
    throw new KeyringError("unusable_key", "A master key's id has characters that are not allowed.");
  return { id, master: rootKey(bytes), derived: new Map() };
}

/** The new set, unless an id in both stands for different keys: then old values would silently stop opening. */
function keepMeaning(current: LoadedKeys, next: LoadedKeys): LoadedKeys {
  for (const [id, key] of next.byId) {
    const known = current.byId.get(id);
    if (known !== undefined && !known.master.equals(key.master)) {
      throw new KeyringError("key_changed", "A master key's id stands for another key than before.");
    }
  }
  return next;
}
