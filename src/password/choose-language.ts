import type { PasswordLanguage } from "../ports/password-estimator.ts";

/** The languages that advice can be given in, and whose words are known. */
const PASSWORD_LANGUAGES: readonly PasswordLanguage[] = ["en", "de", "fr", "es", "it"];

/** The language of a BCP 47 tag ("de-AT"), when it is one of ours. */
export function passwordLanguageOf(tag: string): PasswordLanguage | undefined {
  const primary = tag.split("-")[0]?.toLowerCase();
  return PASSWORD_LANGUAGES.find((language) => language === primary);
}
