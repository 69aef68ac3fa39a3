import { type Bytes, fromUtf8 } from "./encoding.ts";

/** What CBOR (RFC 8949) can hold in the subset that authenticators use: definite lengths, no tags. */
export type CborValue = number | bigint | string | boolean | null | undefined | Bytes | readonly CborValue[] | CborMap;

/** A CBOR map with integer or text keys. */
export type CborMap = ReadonlyMap<number | string, CborValue>;

/** CTAP2 nests at most four levels; twice that leaves room for extensions and none for stack exhaustion. */
const MAX_DEPTH = 8;

/**
 * Reads one CBOR item at `offset`; `end` is where the next one would start. Byte strings are views of the input.
 * Undefined for anything malformed, cut short, tagged, of indefinite length, nested deeper than eight levels, or with
 * a duplicate map key or one that is neither integer nor text. Never throws.
 */
export function readCbor(bytes: Bytes, offset = 0): Readonly<{ value: CborValue; end: number }> | undefined {
  const cursor: Cursor = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset };
  try {
    const value = readItem(cursor, 0);
    return { value, end: cursor.offset };
  } catch (error) {
    if (error instanceof CborFault) return undefined;
    throw error;
  }
}

/** The single CBOR map that fills the whole input; undefined for any other input. */
export function readCborMap(bytes: Bytes): CborMap | undefined {
  const item = readCbor(bytes);
  return item !== undefined && item.end === bytes.length && isCborMap(item.value) ? item.value : undefined;
}

/** Whether a CBOR value is a map. */
export function isCborMap(value: CborValue): value is CborMap {
  return value instanceof Map;
}

/** Whether a CBOR value is a byte string. */
export function isCborBytes(value: CborValue): value is Bytes {
  return value instanceof Uint8Array;
}

type Cursor = { readonly bytes: Bytes; readonly view: DataView; offset: number };

class CborFault extends Error {}

function readItem(cursor: Cursor, depth: number): CborValue {
  if (depth > MAX_DEPTH) throw new CborFault("too deep");
  const initial = cursor.view.getUint8(advance(cursor, 1));
  const info = initial & 0x1f;
  switch (initial >> 5) {
    case 0:
      return toNumber(readArgument(cursor, info));
    case 1:
      return toNumber(-1n - readArgument(cursor, info));
    case 2:
      return readBytes(cursor, info);
    case 3:
      return readText(cursor, info);
    case 4:
      return readArray(cursor, info, depth);
    case 5:
      return readMap(cursor, info, depth);
    case 7:
      return readSimple(cursor, info);
    default:
      throw new CborFault("tagged");
  }
}

/** Moves past `count` bytes and says where they start. */
function advance(cursor: Cursor, count: number): number {
  const start = cursor.offset;
  if (count > cursor.bytes.length - start) throw new CborFault("cut short");
  cursor.offset = start + count;
  return start;
}

function readArgument(cursor: Cursor, info: number): bigint {
  if (info < 24) return BigInt(info);
  if (info === 24) return BigInt(cursor.view.getUint8(advance(cursor, 1)));
  if (info === 25) return BigInt(cursor.view.getUint16(advance(cursor, 2)));
  if (info === 26) return BigInt(cursor.view.getUint32(advance(cursor, 4)));
  if (info === 27) return cursor.view.getBigUint64(advance(cursor, 8));
  throw new CborFault("reserved or indefinite length");
}

function toNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readBytes(cursor: Cursor, info: number): Bytes {
  const length = Number(readArgument(cursor, info));
  const start = advance(cursor, length);
  return cursor.bytes.subarray(start, start + length);
}

function readText(cursor: Cursor, info: number): string {
  const bytes = readBytes(cursor, info);
  try {
    return fromUtf8(bytes);
  } catch {
    throw new CborFault("text is not UTF-8");
  }
}

function readArray(cursor: Cursor, info: number, depth: number): readonly CborValue[] {
  const length = readArgument(cursor, info);
  const items: CborValue[] = [];
  for (let index = 0n; index < length; index++) items.push(readItem(cursor, depth + 1));
  return items;
}

function readMap(cursor: Cursor, info: number, depth: number): CborMap {
  const length = readArgument(cursor, info);
  const map = new Map<number | string, CborValue>();
  for (let index = 0n; index < length; index++) {
    const key = readItem(cursor, depth + 1);
    if (typeof key !== "number" && typeof key !== "string") throw new CborFault("key is neither integer nor text");
    if (map.has(key)) throw new CborFault("duplicate key");
    map.set(key, readItem(cursor, depth + 1));
  }
  return map;
}

function readSimple(cursor: Cursor, info: number): CborValue {
  if (info === 20) return false;
  if (info === 21) return true;
  if (info === 22) return null;
  if (info === 23) return undefined;
  // Floats occur only in extension outputs, which nobody reads: their length matters, a half's value does not.
  if (info === 25) return cursor.view.getUint16(advance(cursor, 2));
  if (info === 26) return cursor.view.getFloat32(advance(cursor, 4));
  if (info === 27) return cursor.view.getFloat64(advance(cursor, 8));
  throw new CborFault("unassigned simple value");
}
