/**
 * Letters that people swap with look-alikes share one sign, on both sides of a comparison; so do the look-alikes
 * themselves ("1" may be an i or an l), and letters with a stroke, which no decomposition takes off.
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: "4@",
    b: "8",
    c: "(",
    d: "đ",
    e: "3€",
    g: "69",
    i: "1!|lłı",
    o: "0ø",
    s: "5$",
    t: "7+",
    z: "2",
  }).flatMap(([letter, alikes]) => [...alikes].map((alike) => [alike, letter] as const)),
);

/** Digits and symbols that may stand around a word: a date and two signs. More of them are a secret of their own. */
const MAX_ADDED = 10;
const MIN_WORD = 3;

/** Signs compared; only text made of ligatures has more. It bounds what a comparison costs. */
const MAX_SIGNS = 512;

/** A text reduced to what simple changes leave alone: a UTF-16 unit a sign, and whether the sign was written as a letter. */
export type Skeleton = Readonly<{ spelling: string; letters: readonly boolean[] }>;

/** Drops case, accents, separators and look-alikes. */
export function toSkeleton(text: string): Skeleton {
  let spelling = "";
  const letters: boolean[] = [];
  for (const character of text.normalize("NFKD").toLowerCase()) {
    const letter = /\p{L}/u.test(character);
    const sign = LOOK_ALIKES.get(character) ?? (letter || /\p{N}/u.test(character) ? character : "");
    if (spelling.length + sign.length > MAX_SIGNS) break;
    spelling += sign;
    for (let unit = 0; unit < sign.length; unit += 1) letters.push(letter);
  }
  return { spelling, letters };
}

/**
 * Whether a password is made of the words alone, with simple changes: other case, look-alikes ("0" for "o"), accents,
 * separators, repeats, written backwards, up to ten digits or symbols around them. The whole password is compared, as
 * NIST SP 800-63B-4 §3.1.1.2 asks: a listed word among other words is fine. Words under three signs never count.
 */
export function isMadeOf(password: Skeleton, words: readonly Skeleton[]): boolean {
  const covered = new Set<number>();
  for (const { spelling } of words) {
    if (spelling.length < MIN_WORD) continue;
    cover(password.spelling, spelling, covered);
    cover(password.spelling, reverse(spelling), covered);
  }
  if (covered.size === 0) return false;
  const rest = password.letters.filter((_, index) => !covered.has(index));
  return rest.length <= MAX_ADDED && !rest.includes(true);
}

/** Adds the places of all occurrences of the word in the text. */
function cover(text: string, word: string, covered: Set<number>): void {
  let end = 0;
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
    for (let index = Math.max(start, end); index < start + word.length; index += 1) covered.add(index);
    end = start + word.length;
  }
}

function reverse(spelling: string): string {
  return spelling.split("").reverse().join("");
}
