export type ContentEncoding = "br" | "gzip";

/** Compresses an answer's body. */
export type Compress = (encoding: ContentEncoding, bytes: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>;
