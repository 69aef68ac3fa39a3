import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Compress } from "../ports/compress.ts";

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** The fastest levels: hexadecimal digits halve at any of them. */
export const compress: Compress = async (encoding, bytes) => {
  const packed =
    encoding === "br"
      ? await compressBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
      : await compressGzip(bytes, { level: 1 });
  return new Uint8Array(packed);
};
