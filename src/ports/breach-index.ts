/**
 * What is known about a password in past breaches. `clear` is a claim about a large corpus; an index too small to make
 * it says `unavailable` for what it does not hold. `count` is how often the password was seen, where that is known.
 */
export type BreachReport = Readonly<{
  status: "clear" | "found" | "unavailable";
  count?: number;
}>;

/** Where an answer comes from: a small list in the program, a corpus on disk, or another service. */
export type BreachSource = "bundled" | "corpus" | "upstream";

/** All that is listed under the first five digits of a hash. */
export type BreachRange =
  | Readonly<{
      status: "known";
      source: BreachSource;
      /** `SUFFIX:COUNT` in capitals with CRLF between them, as the range protocol has them; no padding. */
      lines: Uint8Array<ArrayBuffer>;
      rows: number;
      /** Changes whenever the lines may have. */
      version: string;
    }>
  | Readonly<{ status: "unavailable" }>;

/** Never rejects: an outage is `unavailable`. */
export type BreachIndex = Readonly<{
  /** Looks a password up by the upper-case hexadecimal SHA-1 of its UTF-8 bytes (40 characters). */
  lookUp: (sha1Hex: string) => Promise<BreachReport>;
  /** The range of a prefix of five upper-case digits. */
  range: (prefix: string) => Promise<BreachRange>;
}>;
