/** One list of words, the most used first: a word's rank is its place in it. */
export type WordList = Readonly<{
  name: string;
  words: readonly (string | number)[];
  /** Words that have an order of their own, such as the days of the week. */
  isSequence: boolean;
}>;

/** Where a word stands: the number of a list, and the rank in it. */
export type WordEntry = Readonly<{ list: number; rank: number }>;

/** The words of all lists, spelt letter by letter. */
export type WordIndex = Readonly<{
  lists: readonly Pick<WordList, "name" | "isSequence">[];
  /** Adds a list and answers with its number. */
  add: (list: WordList) => number;
  /** Where a UTF-16 unit leads from a place; 0 when no word goes on like that. */
  step: (place: number, unit: number) => number;
  /** The entries of the word that ends at a place. */
  entriesAt: (place: number) => readonly WordEntry[];
}>;

/** The place where every word starts. */
export const START = 1;

const NONE: readonly WordEntry[] = [];

/**
 * An index shared by all languages: a trie whose steps are one hash table over typed arrays, about 20 bytes a step, so
 * that a look at every part of a password costs one probe a character however many lists there are, and leaves no
 * garbage.
 */
export function createWordIndex(expectedSteps = 256): WordIndex {
  const lists: Pick<WordList, "name" | "isSequence">[] = [];
  const steps = createSteps(expectedSteps);
  const entries = createEntries(expectedSteps);
  const spell = (text: string) => {
    let place = START;
    for (let at = 0; at < text.length; at += 1) place = steps.extend(place, text.charCodeAt(at));
    return place;
  };
  return {
    lists,
    add: ({ name, words, isSequence }) => {
      const list = lists.push({ name, isSequence }) - 1;
      let rank = 0;
      for (const word of words) {
        rank += 1;
        entries.add(spell(String(word).toLowerCase()), { list, rank });
      }
      return list;
    },
    step: steps.follow,
    entriesAt: entries.at,
  };
}

/** Open addressing with linear probing; at most two thirds full. A place is the number of the step that leads to it. */
function createSteps(expected: number) {
  let bits = Math.ceil(Math.log2(expected * 2));
  let table = emptyTable(bits);
  let last = START;
  const slotOf = (from: number, unit: number) => {
    const { froms, units } = table;
    const mask = froms.length - 1;
    let slot = (Math.imul(from, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> (32 - bits);
    while (froms[slot] !== 0 && (froms[slot] !== from || units[slot] !== unit)) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = () => {
    const { froms, units, places } = table;
    bits += 1;
    table = emptyTable(bits);
    froms.forEach((from, old) => {
      if (from !== 0) place(slotOf(from, units[old] ?? 0), { from, unit: units[old] ?? 0, to: places[old] ?? 0 });
    });
  };
  const place = (slot: number, { from, unit, to }: Readonly<{ from: number; unit: number; to: number }>) => {
    table.froms[slot] = from;
    table.units[slot] = unit;
    table.places[slot] = to;
  };
  return {
    follow: (from: number, unit: number): number => table.places[slotOf(from, unit)] ?? 0,
    extend: (from: number, unit: number): number => {
      const slot = slotOf(from, unit);
      const known = table.places[slot] ?? 0;
      if (known !== 0) return known;
      last += 1;
      place(slot, { from, unit, to: last });
      if (last * 3 > table.froms.length * 2) grow();
      return last;
    },
  };
}

function emptyTable(bits: number) {
  const size = 2 ** bits;
  return { froms: new Int32Array(size), units: new Uint16Array(size), places: new Int32Array(size) };
}

/** Entries of one place are a chain: most places have none, few more than two. */
function createEntries(expected: number) {
  let firsts = new Int32Array(expected);
  let rows = new Int32Array(expected * FIELDS);
  let last = 0;
  return {
    add: (place: number, { list, rank }: WordEntry): void => {
      if (place >= firsts.length) firsts = copyOf(firsts, Math.max(place + 1, firsts.length * 2));
      last += 1;
      if ((last + 1) * FIELDS > rows.length) rows = copyOf(rows, rows.length * 2);
      rows.set([list, rank, firsts[place] ?? 0], last * FIELDS);
      firsts[place] = last;
    },
    at: (place: number): readonly WordEntry[] => {
      let row = firsts[place] ?? 0;
      if (row === 0) return NONE;
      const found: WordEntry[] = [];
      for (; row !== 0; row = rows[row * FIELDS + 2] ?? 0)
        found.push({ list: rows[row * FIELDS] ?? 0, rank: rows[row * FIELDS + 1] ?? 0 });
      return found;
    },
  };
}

/** List, rank, next entry of the same place. */
const FIELDS = 3;

function copyOf(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(numbers);
  return copy;
}
