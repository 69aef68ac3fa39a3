import type { TranslationKeys } from "@zxcvbn-ts/core";
import type { PasswordLanguage } from "../ports/password-estimator.ts";
import type { WordList } from "./word-index.ts";

/** What one language brings: its lists of words and its words for advice. */
export type LanguagePackage = Readonly<{
  dictionary: Readonly<Record<string, readonly (string | number)[]>>;
  translations: TranslationKeys;
}>;

/** Loads a language's package; English is always loaded, the others when they are asked for. */
export const LOAD_LANGUAGE: Readonly<Record<PasswordLanguage, () => Promise<LanguagePackage>>> = {
  en: () => import("@zxcvbn-ts/language-en"),
  de: () => import("@zxcvbn-ts/language-de"),
  fr: () => import("@zxcvbn-ts/language-fr"),
  es: () => import("@zxcvbn-ts/language-es-es"),
  it: () => import("@zxcvbn-ts/language-it"),
};

/** Lists whose words follow each other in an order of their own. */
const SEQUENCES = [
  ...["cardinalNumbers", "ordinalNumbers", "daysOfWeek", "months", "seasons", "timePeriods", "rainbowColors"],
  ...["directions", "intermediateDirections", "sizeProgression", "militaryAlphabet", "planets", "zodiacSigns"],
  "chineseZodiac",
];

/** The lists of a package, as the index takes them. */
export function listsOf(dictionary: LanguagePackage["dictionary"]): readonly WordList[] {
  return Object.entries(dictionary).map(([name, words]) => ({
    name,
    words,
    isSequence: SEQUENCES.some((sequence) => name === sequence || name.startsWith(`${sequence}-`)),
  }));
}
