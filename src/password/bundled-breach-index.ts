import { toHex, toUtf8 } from "../domain/encoding.ts";
import type { BreachIndex } from "../ports/breach-index.ts";

/** How many entries of the common list are hashed: the first 675 of eight characters and more are among 3,000. */
const ENTRIES = 5_000;
const BATCH = 250;
const MIN_LENGTH = 8;

/**
 * A breach index over a small bundled list: the most used passwords of at least eight characters. What is on it is
 * `found`, without a count; everything else is `unavailable`, since a list this small cannot clear a password. The
 * list is hashed once, at the first look-up, in batches that let other work through.
 */
export function createBundledBreachIndex(): BreachIndex {
  let hashes: Promise<ReadonlySet<string>> | undefined;
  const list = () => {
    hashes ??= hashList();
    return hashes;
  };
  return {
    lookUp: async (sha1Hex) => ({ status: (await list()).has(sha1Hex) ? "found" : "unavailable" }),
    range: async (prefix) => {
      const suffixes = [...(await list())].filter((hash) => hash.startsWith(prefix)).map((hash) => hash.slice(5));
      const text = suffixes.toSorted().map((suffix) => `${suffix}:1`);
      return {
        status: "known",
        source: "bundled",
        lines: toUtf8(text.join("\r\n")),
        rows: text.length,
        version: VERSION,
      };
    },
  };
}

/** Of the list as a whole. */
const VERSION = "bundled-1";

/** Upper-case hexadecimal SHA-1 of a password's UTF-8 bytes: the key that breach corpora are indexed by, not a safeguard. */
export async function sha1Hex(password: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", toUtf8(password)))).toUpperCase();
}

async function hashList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const list = dictionary["passwords-common"].filter((password) => password.length >= MIN_LENGTH).slice(0, ENTRIES);
  const hashes = new Set<string>();
  for (let start = 0; start < list.length; start += BATCH) {
    for (const hash of await Promise.all(list.slice(start, start + BATCH).map(sha1Hex))) hashes.add(hash);
  }
  return hashes;
}
