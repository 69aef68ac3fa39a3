import type { Language } from "./models.ts";

const LANGUAGES: readonly Language[] = ["en", "de"];

/** The best of the web UI's languages for an Accept-Language header; English when none is asked for. */
export function chooseLanguage(header: string | null): Language {
  return (
    preferredLanguages(header)
      .map((primary) => LANGUAGES.find((language) => language === primary))
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
      return { primary: tag.split("-")[0]?.toLowerCase() ?? "", quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ primary }) => primary);
}
