/**
 * What is known about a password in past breaches. `clear` is a claim about a large corpus; an index too small to make
 * it says `unavailable` for what it does not hold. `count` is how often the password was seen, where that is known.
 */
export type BreachReport = Readonly<{
  status: "clear" | "found" | "unavailable";
  count?: number;
}>;

/** Looks a password up by the upper-case hexadecimal SHA-1 of its UTF-8 bytes (40 characters). Never rejects: an outage is `unavailable`. */
export type BreachIndex = Readonly<{
  lookUp: (sha1Hex: string) => Promise<BreachReport>;
}>;
