const SERVICE_NAME = "countersign";
const MAX_CONTEXT = 32;
const MAX_WORDS = 256;
const MAX_LENGTH = 256;

/**
 * The words that a password must not be made of: this service's name, every context string, and its parts (of an
 * e-mail address: the local part, its parts, the labels of the domain). In lower case, without repeats. Of more than
 * 32 strings the first 32 count, of each its first 256 UTF-16 units,
 * and of all words the first 256.
 */
export function contextWords(context: readonly string[]): readonly string[] {
  const words = context
    .slice(0, MAX_CONTEXT)
    .flatMap((text) => split(text.slice(0, MAX_LENGTH).normalize("NFC").toLowerCase()));
  return [...new Set([SERVICE_NAME, ...words])].slice(0, MAX_WORDS);
}

function split(text: string): readonly string[] {
  const sides = text.split("@");
  const parts = text.split(/[^\p{L}\p{N}\p{M}]+/u);
  return [text.trim(), ...sides, ...parts].filter((word) => word !== "");
}
