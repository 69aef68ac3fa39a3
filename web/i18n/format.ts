import type { Locale, Message, MessageKey } from "./catalogue.ts";

export type Values = Readonly<Record<string, string | number>>;
export type Piece = Readonly<{ text: string } | { value: string; isName: boolean }>;

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/**
 * The message in the locale's words, for places that take plain text only (titles, labels, files). Names put into it
 * are isolated, so that their writing direction cannot rearrange the sentence.
 */
export function formatText(locale: Locale, key: MessageKey, values: Values = {}): string {
  return pieces(locale, key, values)
    .map((piece) => {
      if ("text" in piece) return piece.text;
      return piece.isName ? FIRST_STRONG_ISOLATE + piece.value + POP_ISOLATE : piece.value;
    })
    .join("");
}

/** The message cut at its placeholders. A placeholder without a value stays visible: tests look for it. */
export function pieces(locale: Locale, key: MessageKey, values: Values = {}): readonly Piece[] {
  return template(locale, key, values)
    .split(/(\{\w+\})/)
    .filter((part) => part !== "")
    .map((part) => toPiece(locale, part, values));
}

/** "45 seconds", "3 minutes", "2 hours": rounded up, so that waiting that long is always enough. */
export function formatDuration(locale: Locale, seconds: number): string {
  if (seconds < 90) return formatText(locale, "duration.seconds", { count: Math.max(1, Math.ceil(seconds)) });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return formatText(locale, "duration.minutes", { count: minutes });
  return formatText(locale, "duration.hours", { count: Math.ceil(minutes / 60) });
}

function template(locale: Locale, key: MessageKey, values: Values): string {
  const message: Message | undefined = locale.messages[key];
  if (message === undefined) throw new Error(`no message ${key} in ${locale.lang}`);
  if (typeof message === "string") return message;
  return message[new Intl.PluralRules(locale.lang).select(Number(values.count))] ?? message.other;
}

function toPiece(locale: Locale, part: string, values: Values): Piece {
  const value = part.startsWith("{") && part.endsWith("}") ? values[part.slice(1, -1)] : undefined;
  if (value === undefined) return { text: part };
  if (typeof value === "number") return { value: new Intl.NumberFormat(locale.lang).format(value), isName: false };
  return { value, isName: true };
}
