import { type Bytes, concatBytes, toUtf8 } from "../../src/domain/encoding.ts";

export type Encodable =
  | number
  | string
  | boolean
  | Bytes
  | readonly Encodable[]
  | ReadonlyMap<number | string, Encodable>;

/** CBOR (RFC 8949) with the shortest lengths; map entries keep the order they are given in. */
export function encodeCbor(value: Encodable): Bytes {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === "string") return concatBytes(head(3, toUtf8(value).length), toUtf8(value));
  if (value instanceof Uint8Array) return concatBytes(head(2, value.length), value);
  if (isMap(value)) return concatBytes(head(5, value.size), ...[...value].flat().map(encodeCbor));
  return concatBytes(head(4, value.length), ...value.map(encodeCbor));
}

function isMap(
  value: readonly Encodable[] | ReadonlyMap<number | string, Encodable>,
): value is ReadonlyMap<number | string, Encodable> {
  return value instanceof Map;
}

function head(major: number, argument: number): Bytes {
  if (argument < 24) return Uint8Array.of((major << 5) | argument);
  if (argument < 0x100) return Uint8Array.of((major << 5) | 24, argument);
  if (argument < 0x10000) return Uint8Array.of((major << 5) | 25, argument >> 8, argument & 0xff);
  const bytes = new Uint8Array(5);
  bytes[0] = (major << 5) | 26;
  new DataView(bytes.buffer).setUint32(1, argument);
  return bytes;
}
