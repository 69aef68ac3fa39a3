import type { Locale, Message, Messages } from "./catalogue.ts";

const ACCENTED: Readonly<Record<string, string>> = {
  a: "á",
  c: "ç",
  e: "é",
  i: "í",
  n: "ñ",
  o: "ö",
  u: "ü",
  y: "ý",
  A: "Å",
  C: "Ç",
  E: "É",
  I: "Î",
  N: "Ñ",
  O: "Ø",
  U: "Û",
};
const STRETCH = 0.4;

/**
 * A made-up locale for looking at layouts: every text accented and at least 40 % longer, placeholders untouched. `rtl` lays
 * the page out from right to left. It is still English: readable, so that one sees what is cut off.
 */
export function pseudoLocale(messages: Messages, dir: Locale["dir"]): Locale {
  const entries = Object.entries(messages).map(([key, message]) => [key, stretchMessage(message)] as const);
  return { lang: "en", dir, messages: Object.fromEntries(entries) };
}

function stretchMessage(message: Message): Message {
  if (typeof message === "string") return stretch(message);
  return { one: stretch(message.one), other: stretch(message.other) };
}

function stretch(text: string): string {
  const accented = text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith("{") ? part : part.replace(/[a-zA-Z]/g, (letter) => ACCENTED[letter] ?? letter)))
    .join("");
  const filler = "one two three four five ".repeat(Math.ceil(text.length / 24));
  return `[${accented} ${filler.slice(0, Math.ceil(text.length * STRETCH)).trim()}…]`;
}
