import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Compress } from "../ports/compress.ts";

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** Hexadecimal digits halve at any level, the fastest too; text gains by more. */
const LEVELS = { fast: { br: 1, gzip: 1 }, small: { br: 6, gzip: 6 } } as const;

/** Compresses off the main thread. */
export const compress: Compress = async (encoding, bytes, effort) => {
  const level = LEVELS[effort][encoding];
  const packed =
    encoding === "br"
      ? await compressBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: level } })
      : await compressGzip(bytes, { level });
  return new Uint8Array(packed);
};
