/** Text forms of bytes: base64url (RFC 4648 §5, no padding), base32 (§6, no padding), hex and Crockford's base32. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** An alphabet of 2^width characters. `codes`: character codes by value; `values`: values by ASCII code, -1 for none. */
type Alphabet = Readonly<{ width: number; codes: Uint8Array; values: Int8Array }>;

const BASE64URL = alphabetOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6);
const BASE32 = alphabetOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, "abcdefghijklmnopqrstuvwxyz");
const CROCKFORD = alphabetOf("0123456789abcdefghjkmnpqrstvwxyz", 5);
const HEX = alphabetOf("0123456789abcdef", 4);

/** Output characters made by one call of String.fromCharCode, far below every engine's limit of arguments. */
const CHUNK = 8192;
const utf8 = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { fatal: true });

/** UTF-8 bytes of a string. */
export function toUtf8(text: string): Bytes {
  return utf8.encode(text);
}

/** The string that UTF-8 bytes spell, without a leading byte order mark; throws TypeError when they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes);
}

/** base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return encodeBits(bytes, BASE64URL);
}

/** Bytes of canonical, unpadded base64url; undefined for anything else. */
export function fromBase64url(text: string): Bytes | undefined {
  return decodeBits(text, BASE64URL);
}

/** RFC 4648 base32 in upper case, without padding. */
export function toBase32(bytes: Uint8Array): string {
  return encodeBits(bytes, BASE32);
}

/** Bytes of canonical base32: upper or lower case, spaces, hyphens and full padding allowed; undefined for anything else. */
export function fromBase32(text: string): Bytes | undefined {
  const compact = text.replace(/[ -]/g, "");
  const bare = compact.replace(/={1,6}$/, "");
  if (compact.length !== bare.length && compact.length % 8 !== 0) return undefined;
  return decodeBits(bare, BASE32);
}

/** Crockford's base32 in lower case: the alphabet of our ids, without look-alikes. */
export function toCrockford(bytes: Uint8Array): string {
  return encodeBits(bytes, CROCKFORD);
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return encodeBits(bytes, HEX);
}

/** One array with the bytes of all parts, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether two arrays hold the same bytes. Not constant in time: never for secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** `alias` gives, in order from value 0, further characters that are read but never written. */
function alphabetOf(characters: string, width: number, alias = ""): Alphabet {
  const codes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  const values = new Int8Array(128).fill(-1);
  for (let value = 0; value < characters.length; value++) values[characters.charCodeAt(value)] = value;
  for (let value = 0; value < alias.length; value++) values[alias.charCodeAt(value)] = value;
  return { width, codes, values };
}

/** Collects character codes and makes the string at once: twice as fast as adding characters one by one. */
function encodeBits(bytes: Uint8Array, { width, codes }: Alphabet): string {
  const out = new Array<number>(Math.ceil((bytes.length * 8) / width));
  const mask = (1 << width) - 1;
  let buffer = 0;
  let bits = 0;
  let offset = 0;
  for (let index = 0; index < bytes.length; index++) {
    // At most 5 bits are left over from the byte before.
    buffer = ((buffer << 8) | (bytes[index] ?? 0)) & 0xffff;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      out[offset++] = codes[(buffer >>> bits) & mask] ?? 0;
    }
  }
  if (bits > 0) out[offset] = codes[(buffer << (width - bits)) & mask] ?? 0;
  return textOf(out);
}

function textOf(codes: readonly number[]): string {
  if (codes.length <= CHUNK) return String.fromCharCode(...codes);
  let text = "";
  for (let start = 0; start < codes.length; start += CHUNK) {
    text += String.fromCharCode(...codes.slice(start, start + CHUNK));
  }
  return text;
}

/** Refuses characters outside the alphabet, impossible lengths and non-zero trailing bits: one text per value. */
function decodeBits(text: string, { width, values }: Alphabet): Bytes | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * width) / 8));
  let buffer = 0;
  let bits = 0;
  let offset = 0;
  for (let index = 0; index < text.length; index++) {
    const value = values[text.charCodeAt(index)] ?? -1;
    if (value < 0) return undefined;
    buffer = (buffer << width) | value;
    bits += width;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = buffer >>> bits;
      buffer &= (1 << bits) - 1;
    }
  }
  return bits >= width || buffer !== 0 ? undefined : bytes;
}
