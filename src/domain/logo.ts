import { type Bytes, concatBytes, fromUtf8 } from "./encoding.ts";
import { isPlainSvg } from "./plain-svg.ts";

/** Bytes that a logo may have. */
export const LOGO_MAX_BYTES = 64 * 1024;
const MAX_SIDE = 2048;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** What an image needs to be drawn; everything else, such as texts and places, is left out. */
const KEPT_CHUNKS = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];

export type LogoType = "image/png" | "image/svg+xml";
export type Logo = Readonly<{ type: LogoType; bytes: Bytes }>;

/**
 * An uploaded file as a logo: a PNG written anew with nothing but its picture, or an SVG that draws and does no more.
 * Undefined for anything else, and for more than 64 KiB.
 */
export function readLogo(file: Uint8Array): Logo | undefined {
  if (file.length > LOGO_MAX_BYTES) return undefined;
  if (SIGNATURE.every((byte, index) => file[index] === byte)) {
    const bytes = rewritePng(file);
    return bytes && { type: "image/png", bytes };
  }
  const text = textOf(file);
  return text !== undefined && isPlainSvg(text) ? { type: "image/svg+xml", bytes: new Uint8Array(file) } : undefined;
}

/** PNG (W3C) §5: the signature, then chunks whose check sums hold, IHDR first and IEND last. */
function rewritePng(file: Uint8Array): Bytes | undefined {
  const chunks = chunksOf(file);
  if (chunks?.[0]?.type !== "IHDR" || chunks.at(-1)?.type !== "IEND" || !isSized(chunks[0].all)) return undefined;
  if (!chunks.some(({ type }) => type === "IDAT")) return undefined;
  const kept = chunks.filter(({ type }) => KEPT_CHUNKS.includes(type)).map(({ all }) => all);
  return concatBytes(Uint8Array.from(SIGNATURE), ...kept);
}

type Chunk = Readonly<{ type: string; all: Uint8Array }>;

function chunksOf(file: Uint8Array): readonly Chunk[] | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < file.length; ) {
    if (at + 12 > file.length) return undefined;
    const end = at + 12 + view.getUint32(at);
    if (end > file.length || crc32(file.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return undefined;
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    chunks.push({ type, all: file.subarray(at, end) });
    at = end;
  }
  return chunks;
}

function isSized(header: Uint8Array): boolean {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const sides = header.length === 25 ? [view.getUint32(8), view.getUint32(12)] : [0];
  return sides.every((side) => side > 0 && side <= MAX_SIDE);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function textOf(file: Uint8Array): string | undefined {
  try {
    return fromUtf8(file);
  } catch {
    return undefined;
  }
}
