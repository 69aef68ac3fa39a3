export type ContentEncoding = "br" | "gzip";

/** `fast` for what is sent once, `small` for what is kept and sent again. */
export type Effort = "fast" | "small";

/** Compresses an answer's body. */
export type Compress = (
  encoding: ContentEncoding,
  bytes: Uint8Array,
  effort: Effort,
) => Promise<Uint8Array<ArrayBuffer>>;
