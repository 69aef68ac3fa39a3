import type { Language, PageModel } from "../../src/http/pages/models.ts";
import type { Locale, Messages } from "./catalogue.ts";
import { directionOf } from "./direction.ts";

const LOADERS: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import("./en.ts")).en,
  de: async () => (await import("./de.ts")).de,
  fr: async () => (await import("./fr.ts")).fr,
  es: async () => (await import("./es.ts")).es,
  ar: async () => (await import("./ar.ts")).ar,
};

const loadAdminEn = async () => (await import("./admin-en.ts")).adminEn;
/** The administration pages come in fewer languages; the server chooses among these. */
const ADMIN_LOADERS: Readonly<Partial<Record<Language, () => Promise<Messages>>>> = {
  de: async () => (await import("./admin-de.ts")).adminDe,
};

/** Fetches the words of one language, and of one page group, so that nobody downloads words they never see. */
export async function loadLocale(lang: Language, page: PageModel["page"]): Promise<Locale> {
  const loadAdmin = ADMIN_LOADERS[lang] ?? loadAdminEn;
  const parts = page === "admin" ? [LOADERS[lang](), loadAdmin()] : [LOADERS[lang]()];
  return { lang, dir: directionOf(lang), messages: Object.assign({}, ...(await Promise.all(parts))) };
}
