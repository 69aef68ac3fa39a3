import { foldCase, spellingsOf } from "./spellings.ts";

/** Somewhere a sought text was met: which one, spelled how. */
export type Hit = Readonly<{ text: number; as: string }>;

/** Looks through bytes for every spelling of every text at once. */
export type Search = Readonly<{
  /** Every place where one begins. */
  hitsIn: (bytes: Uint8Array) => readonly Hit[];
  /** Bytes looked through in pieces must overlap by this much. */
  overlap: number;
}>;

type Needle = Hit & Readonly<{ bytes: Buffer }>;

/** A search for the texts, by their position in the list. */
export function searchFor(texts: readonly string[]): Search {
  const spellings = texts.flatMap((text, index) => spellingsOf(text).map((spelling) => ({ index, spelling })));
  const needles = (wanted: boolean): readonly Needle[] =>
    spellings
      .filter(({ spelling }) => spelling.folded === wanted)
      .map(({ index, spelling: { as, bytes } }) => ({ text: index, as, bytes }));
  const [exact, folded] = [finderOf(needles(false)), finderOf(needles(true))];
  return {
    hitsIn: (bytes) => [...exact(bytes), ...folded(foldCase(bytes))],
    overlap: spellings.reduce((longest, { spelling }) => Math.max(longest, spelling.bytes.length - 1), 0),
  };
}

const FILTER_BITS = 22;

/** Finds many needles in one pass: four bytes at a time against a filter, and what passes against the needles. */
function finderOf(needles: readonly Needle[]): (haystack: Uint8Array) => readonly Hit[] {
  const filter = new Uint8Array(2 ** FILTER_BITS / 8);
  const byStart = new Map<number, Needle[]>();
  for (const needle of needles) {
    const start = needle.bytes.readInt32LE(0);
    const bit = slotOf(start);
    filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
    const alike = byStart.get(start);
    if (alike) alike.push(needle);
    else byStart.set(start, [needle]);
  }
  return (haystack) => {
    const found: Hit[] = [];
    let window = 0;
    for (let index = 0; index < haystack.length; index++) {
      window = (window >>> 8) | ((haystack[index] ?? 0) << 24);
      const bit = slotOf(window);
      if (((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) continue;
      const at = index - 3;
      for (const needle of byStart.get(window) ?? [])
        if (isAt(haystack, at, needle.bytes)) found.push({ text: needle.text, as: needle.as });
    }
    return found;
  };
}

function slotOf(window: number): number {
  return Math.imul(window, 0x9e37_79b1) >>> (32 - FILTER_BITS);
}

function isAt(haystack: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at < 0 || at + needle.length > haystack.length) return false;
  for (let index = 0; index < needle.length; index++) if (haystack[at + index] !== needle[index]) return false;
  return true;
}
