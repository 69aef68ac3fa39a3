import type { Language } from "../../src/http/pages/models.ts";
import type { Locale } from "./catalogue.ts";

/** The writing direction of a language. */
export function directionOf(lang: Language): Locale["dir"] {
  return lang === "ar" ? "rtl" : "ltr";
}
