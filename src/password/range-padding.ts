const LEAST_ROWS = 800;
const MOST_ROWS = 1_000;
const SUFFIX_DIGITS = 35;
const HEX = "0123456789ABCDEF";

/**
 * Rows with count 0 up to a number between 800 and 1,000, so that an answer's length says nothing of the question. The
 * same seed gives the same rows: whoever asks again learns no more, and caches work.
 */
export function paddingLines(rows: number, seed: string): string {
  const next = generator(seed);
  const wanted = LEAST_ROWS + (next() % (MOST_ROWS - LEAST_ROWS + 1));
  const lines: string[] = [];
  for (let row = rows; row < wanted; row += 1) lines.push(`${suffix(next)}:0`);
  return lines.join("\r\n");
}

function suffix(next: () => number): string {
  let digits = "";
  while (digits.length < SUFFIX_DIGITS) {
    let number = next();
    for (let digit = 0; digit < 7; digit += 1) {
      digits += HEX[number & 0xf];
      number >>>= 4;
    }
  }
  return digits;
}

/** A small generator (mulberry32) over a hash of the seed: padding is no secret, it only has to look like the rest. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
