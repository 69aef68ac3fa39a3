import type { Bytes } from "../domain/encoding.ts";

/** The only source of randomness: a cryptographically secure generator. */
export type Random = Readonly<{ bytes: (length: number) => Bytes }>;
