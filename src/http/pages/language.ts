import type { Language } from "./models.ts";

/** The languages of the pages for people. */
export const LANGUAGES: readonly Language[] = ["en", "de", "fr", "es", "ar"];
/** The languages of the pages for administrators. */
export const ADMIN_LANGUAGES: readonly Language[] = ["en", "de"];

type Wishes = Readonly<{
  /** Accept-Language. */
  header: string | null;
  /** What the relying party asks for (`ui_locales`). */
  uiLocales?: readonly string[];
  offered?: readonly Language[];
}>;

/** The best of the languages offered: what the relying party asks for, then what the browser does, then English. */
export function chooseLanguage({ header, uiLocales = [], offered = LANGUAGES }: Wishes): Language {
  return (
    [...uiLocales.map(primaryOf), ...preferredLanguages(header)]
      .map((primary) => offered.find((language) => language === primary))
      .find((language) => language !== undefined) ?? "en"
  );
}

/** The primary subtags of an Accept-Language header (RFC 9110 §12.5.4), the most wished for first. */
export function preferredLanguages(header: string | null): readonly string[] {
  return (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((q) => q !== undefined);
      return { primary: primaryOf(tag), quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ primary }) => primary);
}

/** Of a language tag (RFC 5646). */
function primaryOf(tag: string): string {
  return tag.split("-")[0]?.toLowerCase() ?? "";
}
