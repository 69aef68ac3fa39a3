import type { adminEn } from "./admin-en.ts";
import type { en } from "./en.ts";

/** Forms chosen by the `count` value with the language's plural rules; `other` stands in for those that are not there. */
export type Plural = Readonly<
  { one: string; other: string } & Partial<Record<"zero" | "two" | "few" | "many", string>>
>;
export type Message = string | Plural;

/** The same keys as the English original, each with the same kind of message. */
type SameKeys<Original> = Readonly<{ [Key in keyof Original]: Original[Key] extends string ? string : Plural }>;

export type Catalogue = SameKeys<typeof en>;
export type AdminCatalogue = SameKeys<typeof adminEn>;
export type MessageKey = keyof Catalogue | keyof AdminCatalogue;

/** All messages at hand for a page; the keys of `admin.` are there on the administration pages only. */
export type Messages = Readonly<Record<string, Message>>;

export type Locale = Readonly<{ lang: string; dir: "ltr" | "rtl"; messages: Messages }>;
