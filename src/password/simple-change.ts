/**
 * Letters that people swap with look-alikes share one sign, on both sides of a comparison; so do the look-alikes
 * themselves ("1" may be an i or an l).
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({ a: "4@", b: "8", c: "(", e: "3€", g: "69", i: "1!|l", o: "0", s: "5$", t: "7+", z: "2" }).flatMap(
    ([letter, alikes]) => [...alikes].map((alike) => [alike, letter] as const),
  ),
);

/** Digits and symbols that may stand around a word: a date and two signs. More of them are a secret of their own. */
const MAX_ADDED = 10;
const MIN_WORD = 3;

/** A text reduced to what simple changes leave alone: a UTF-16 unit a sign, and whether the sign was written as a letter. */
export type Skeleton = Readonly<{ spelling: string; letters: readonly boolean[] }>;

/** Drops case, accents, separators and look-alikes. */
export function toSkeleton(text: string): Skeleton {
  let spelling = "";
  const letters: boolean[] = [];
  for (const character of text.normalize("NFKD").toLowerCase()) {
    const sign = LOOK_ALIKES.get(character) ?? (/[\p{L}\p{N}]/u.test(character) ? character : "");
    spelling += sign;
    for (let unit = 0; unit < sign.length; unit += 1) letters.push(/\p{L}/u.test(character));
  }
  return { spelling, letters };
}

/**
 * Whether a password is a word, or repeats of it, with simple changes: other case, look-alikes ("0" for "o"), accents,
 * separators, written backwards, up to ten digits or symbols around it. The whole password is compared, as NIST
 * SP 800-63B-4 §3.1.1.2 asks: a word among other words is fine. Words under three signs never match.
 */
export function isSimpleChange(password: Skeleton, { spelling }: Skeleton): boolean {
  if (spelling.length < MIN_WORD || spelling.length > password.spelling.length) return false;
  return isAllBut(spelling, password) || isAllBut(reverse(spelling), password);
}

/** Whether what remains outside the occurrences of the spelling is little and without letters. */
function isAllBut(spelling: string, password: Skeleton): boolean {
  if (!password.spelling.includes(spelling)) return false;
  let added = 0;
  for (let index = 0; index < password.spelling.length; ) {
    if (password.spelling.startsWith(spelling, index)) {
      index += spelling.length;
    } else {
      if (password.letters[index] || added === MAX_ADDED) return false;
      added += 1;
      index += 1;
    }
  }
  return true;
}

function reverse(spelling: string): string {
  return spelling.split("").reverse().join("");
}
