import { hash } from "node:crypto";
import { fromBase32, toBase32, toBase64url, toCrockford, toHex } from "../../domain/encoding.ts";

/** One way in which a dump could hold a value. `folded` ones are in lower case, and met in either. */
export type Spelling = Readonly<{ as: string; bytes: Buffer; folded: boolean }>;

/** Shorter texts and spellings are met by chance. */
const SHORTEST = 6;

/** As many characters of base64url as 256 random bits have: no digest gives such a token away, and tokens are stored so. */
const TOKEN_CHARACTERS = 43;
/** A digest may be stored cut short; this much of it is searched. */
const DIGEST_BYTES = 16;

/** Every spelling of a reference or secret that is searched for; none for a text that is too short. */
export function spellingsOf(text: string): readonly Spelling[] {
  if (text.length < SHORTEST) return [];
  const forms = formsOf(text);
  const found = [
    ...forms.flatMap(clearSpellings),
    ...forms.flatMap((form) => encodings("", Buffer.from(form))),
    ...bytesIn(text).flatMap((bytes) => [exact("the bytes it encodes", bytes), ...encodings("its bytes in ", bytes)]),
    ...(text.length < TOKEN_CHARACTERS ? forms.flatMap(digestSpellings) : []),
  ];
  const unique = new Map(found.toReversed().map((one) => [`${one.folded} ${one.bytes.toString("latin1")}`, one]));
  return [...unique.values()].toReversed().filter(({ bytes }) => bytes.length >= SHORTEST);
}

/** As given, in composed form, in lower case, and without what people put between groups of characters. */
function formsOf(text: string): readonly string[] {
  const composed = text.normalize("NFC");
  const isNumber = /^\+?[\d\s()./-]+$/.test(text);
  const bare = isNumber ? text.replaceAll(/\D/g, "") : composed.replaceAll(/[\s-]/g, "");
  return [...new Set([text, composed, composed.toLowerCase(), bare])];
}

function clearSpellings(text: string): readonly Spelling[] {
  const wide = Buffer.from(text, "utf16le");
  return [
    folded("clear", Buffer.from(text)),
    folded("UTF-16", wide),
    folded("UTF-16", Buffer.from(wide).swap16()),
    folded("percent-encoded", Buffer.from(encodeURIComponent(text))),
    folded("JSON", Buffer.from(JSON.stringify(text).slice(1, -1))),
  ];
}

/** Encoded, wherever in longer encoded bytes they stand. */
function encodings(prefix: string, bytes: Uint8Array): readonly Spelling[] {
  const base64 = aligned(bytes, 6, (padded) => Buffer.from(padded).toString("base64"));
  return [
    folded(`${prefix}hex`, Buffer.from(toHex(bytes))),
    ...base64.map((text) => exact(`${prefix}base64`, Buffer.from(text))),
    ...aligned(bytes, 6, toBase64url).map((text) => exact(`${prefix}base64url`, Buffer.from(text))),
    ...aligned(bytes, 5, toBase32).map((text) => folded(`${prefix}base32`, Buffer.from(text))),
    ...aligned(bytes, 5, toCrockford).map((text) => folded(`${prefix}Crockford base32`, Buffer.from(text))),
  ];
}

/** The characters that depend on these bytes alone, for each place that a group of characters can begin at. */
function aligned(bytes: Uint8Array, width: 5 | 6, encode: (padded: Uint8Array) => string): readonly string[] {
  const offsets = width === 6 ? [0, 1, 2] : [0, 1, 2, 3, 4];
  return offsets.map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(5)]);
    const start = Math.ceil((offset * 8) / width);
    const end = Math.floor(((offset + bytes.length) * 8) / width);
    return encode(padded).slice(start, end);
  });
}

function digestSpellings(text: string): readonly Spelling[] {
  return (["sha1", "sha256"] as const).flatMap((algorithm) => {
    const name = algorithm === "sha1" ? "SHA-1" : "SHA-256";
    const start = hash(algorithm, text, "buffer").subarray(0, DIGEST_BYTES);
    return [exact(name, start), ...encodings(`${name} in `, start)];
  });
}

/** What a secret's text stands for, where it reads as base32, hex or base64url. */
function bytesIn(text: string): readonly Uint8Array[] {
  const read = [
    fromBase32(text),
    /^([\da-f]{2})+$/i.test(text) ? Buffer.from(text, "hex") : undefined,
    /^[\w-]{22,}$/.test(text) ? Buffer.from(text, "base64url") : undefined,
  ];
  return read.flatMap((bytes) => (bytes === undefined || bytes.length < DIGEST_BYTES ? [] : [bytes]));
}

function exact(as: string, bytes: Uint8Array): Spelling {
  return { as, bytes: Buffer.from(bytes), folded: false };
}

function folded(as: string, bytes: Buffer): Spelling {
  return { as, bytes: foldCase(bytes), folded: true };
}

/** The bytes with A to Z as a to z. */
export function foldCase(bytes: Uint8Array): Buffer {
  const lower = Buffer.from(bytes);
  for (let index = 0; index < lower.length; index++) {
    const byte = lower[index] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) lower[index] = byte | 0x20;
  }
  return lower;
}
