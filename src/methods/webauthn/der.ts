import type { Bytes } from "../../domain/encoding.ts";

/** One DER element (X.690): its class (0 universal, 2 context), tag number and content. */
export type DerElement = Readonly<{ tagClass: number; tag: number; content: Bytes }>;

/** The DER elements that fill `bytes` exactly; undefined for anything else. */
export function readDerElements(bytes: Bytes): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const tag = readTag(bytes, offset);
    const length = tag === undefined ? undefined : readLength(bytes, tag.end);
    if (tag === undefined || length === undefined) return undefined;
    offset = length.end + length.value;
    if (offset > bytes.length) return undefined;
    elements.push({ tagClass: tag.tagClass, tag: tag.number, content: bytes.subarray(length.end, offset) });
  }
  return elements;
}

/** The elements inside the one element that fills `bytes`; undefined when there is not exactly one. */
export function readDerContainer(bytes: Bytes): readonly DerElement[] | undefined {
  const elements = readDerElements(bytes);
  const only = elements?.[0];
  return elements?.length === 1 && only !== undefined ? readDerElements(only.content) : undefined;
}

function readTag(
  bytes: Bytes,
  offset: number,
): Readonly<{ tagClass: number; number: number; end: number }> | undefined {
  const first = bytes[offset] ?? 0;
  const tagClass = first >> 6;
  if ((first & 0x1f) !== 0x1f) return { tagClass, number: first & 0x1f, end: offset + 1 };
  // High tag numbers come in groups of seven bits; two groups reach every tag of Android's key description.
  const high = bytes[offset + 1];
  const low = bytes[offset + 2];
  if (high === undefined) return undefined;
  if ((high & 0x80) === 0) return { tagClass, number: high, end: offset + 2 };
  if (low === undefined || (low & 0x80) !== 0) return undefined;
  return { tagClass, number: ((high & 0x7f) << 7) | low, end: offset + 3 };
}

function readLength(bytes: Bytes, offset: number): Readonly<{ value: number; end: number }> | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, end: offset + 1 };
  const count = first & 0x7f;
  const end = offset + 1 + count;
  if (count === 0 || count > 3 || end > bytes.length) return undefined;
  return { value: bytes.subarray(offset + 1, end).reduce((total, byte) => total * 256 + byte, 0), end };
}
