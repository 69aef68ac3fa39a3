import type { Language, PageModel } from "../../src/http/pages/models.ts";
import type { Locale, Messages } from "./catalogue.ts";

const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import("./en.ts")).en,
  de: async () => (await import("./de.ts")).de,
};

const ADMIN_LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import("./admin-en.ts")).adminEn,
  de: async () => (await import("./admin-de.ts")).adminDe,
};

/** Fetches the words of one language, and of one page group, so that nobody downloads words they never see. */
export async function loadLocale(lang: Language, page: PageModel["page"]): Promise<Locale> {
  const parts = page === "admin" ? [LOADERS[lang](), ADMIN_LOADERS[lang]()] : [LOADERS[lang]()];
  return { lang, dir: "ltr", messages: Object.assign({}, ...(await Promise.all(parts))) };
}
