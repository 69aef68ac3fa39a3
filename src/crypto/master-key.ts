import { hash, randomBytes } from "node:crypto";
import { concatBytes, fromBase64url, toBase64url, toUtf8 } from "../domain/encoding.ts";
import type { MasterKey, MasterKeys } from "../ports/keyring.ts";

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** The keys that a text spells, or one sentence (without key material) on what is wrong with it. */
export type ParsedMasterKeys = Readonly<{ ok: true; keys: MasterKeys } | { ok: false; problem: string }>;

/** A new random master key. Its id is a fingerprint of it, so that two new keys never share one. */
export function newMasterKey(): MasterKey {
  return withFingerprint(new Uint8Array(randomBytes(KEY_BYTES)));
}

/**
 * Reads `id:key` or a bare `key`, separated by commas, the primary first. A key is base64url or base64 of 32 bytes; a
 * bare key's id is its fingerprint.
 */
export function parseMasterKeyText(text: string): ParsedMasterKeys {
  return parseEntries(text.split(","), ":");
}

/** Reads the master key file: one `id key` a line, the primary first; empty lines and lines after `#` do not count. */
export function parseMasterKeyFile(text: string): ParsedMasterKeys {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return parseEntries(lines, " ");
}

/** The contents of a master key file that parseMasterKeyFile reads back. */
export function formatMasterKeyFile({ primary, others }: MasterKeys): string {
  return [primary, ...others].map(({ id, bytes }) => `${id} ${toBase64url(bytes)}\n`).join("");
}

/** The text that parseMasterKeyText reads back. */
export function formatMasterKeyText({ primary, others }: MasterKeys): string {
  return [primary, ...others].map(({ id, bytes }) => `${id}:${toBase64url(bytes)}`).join(",");
}

function parseEntries(entries: readonly string[], separator: string): ParsedMasterKeys {
  const keys: MasterKey[] = [];
  for (const [index, entry] of entries.entries()) {
    const key = parseEntry(entry.trim(), separator);
    if (key === undefined) return { ok: false, problem: `entry ${index + 1} is not a key of 32 bytes in base64url` };
    if (keys.some(({ id }) => id === key.id)) return { ok: false, problem: `entry ${index + 1} repeats a key id` };
    keys.push(key);
  }
  const [primary, ...others] = keys;
  return primary === undefined
    ? { ok: false, problem: "there is no key in it" }
    : { ok: true, keys: { primary, others } };
}

function parseEntry(entry: string, separator: string): MasterKey | undefined {
  const at = entry.indexOf(separator);
  const id = at < 0 ? undefined : entry.slice(0, at);
  const bytes = decodeKey(entry.slice(at + 1).trim());
  if (bytes?.length !== KEY_BYTES) return undefined;
  if (id === undefined) return withFingerprint(bytes);
  return KEY_ID.test(id) ? { id, bytes } : undefined;
}

/** Plain base64 with padding counts too: it is what `openssl rand -base64 32` prints. */
function decodeKey(text: string): Uint8Array | undefined {
  return fromBase64url(text.replaceAll("+", "-").replaceAll("/", "_").replace(/=$/, ""));
}

function withFingerprint(bytes: Uint8Array): MasterKey {
  const fingerprint = hash("sha256", concatBytes(toUtf8("countersign/v1/key-id\0"), bytes), "hex");
  return { id: `k${fingerprint.slice(0, 12)}`, bytes };
}
