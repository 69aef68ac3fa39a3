import { describe, expect, test } from "vitest";
import { adminDe } from "../../web/i18n/admin-de.ts";
import { adminEn } from "../../web/i18n/admin-en.ts";
import { ar } from "../../web/i18n/ar.ts";
import type { Locale, Message, MessageKey, Messages } from "../../web/i18n/catalogue.ts";
import { de } from "../../web/i18n/de.ts";
import { en } from "../../web/i18n/en.ts";
import { es } from "../../web/i18n/es.ts";
import { formatDuration, formatText, pieces } from "../../web/i18n/format.ts";
import { fr } from "../../web/i18n/fr.ts";
import { pseudoLocale } from "../../web/i18n/pseudo.ts";

const ENGLISH: Messages = { ...en, ...adminEn };
const GERMAN: Messages = { ...de, ...adminDe };
const LOCALES: readonly Locale[] = [
  { lang: "en", dir: "ltr", messages: ENGLISH },
  { lang: "de", dir: "ltr", messages: GERMAN },
  { lang: "fr", dir: "ltr", messages: fr },
  { lang: "es", dir: "ltr", messages: es },
  { lang: "ar", dir: "rtl", messages: ar },
];

function forms(message: Message | undefined): readonly string[] {
  if (message === undefined) return [];
  return typeof message === "string" ? [message] : Object.values(message);
}

function placeholders(message: Message | undefined): readonly (readonly string[])[] {
  return forms(message).map((form) => [...form.matchAll(/\{\w+\}/g)].map(([name]) => name).sort());
}

function localeOf(lang: "en" | "de"): Locale {
  return { lang, dir: "ltr", messages: lang === "en" ? ENGLISH : GERMAN };
}

describe("the catalogues", () => {
  test("have the same keys in every language", () => {
    for (const { lang, messages } of LOCALES) {
      const keys = Object.keys(lang === "en" || lang === "de" ? ENGLISH : en);
      expect(Object.keys(messages).sort(), lang).toEqual(keys.sort());
    }
  });

  test("have a form for every number that their language tells apart", () => {
    for (const { lang, messages } of LOCALES) {
      const plurals = Object.entries(messages).filter(([, message]) => typeof message !== "string");
      const needed = new Set([1, 2, 3, 10, 11, 99, 100].map((count) => new Intl.PluralRules(lang).select(count)));
      for (const [key, message] of plurals) {
        for (const form of needed) expect(Object.keys(message), `${lang} ${key}`).toContain(form);
      }
    }
  });

  test("have the same placeholders in every language and every form", () => {
    for (const { lang, messages } of LOCALES) {
      for (const [key, message] of Object.entries(messages)) {
        const expected = placeholders(ENGLISH[key]).at(-1) ?? [];
        for (const [index, found] of placeholders(message).entries()) {
          // "One code" and "two codes" may say the number as a word.
          const isWord =
            typeof message !== "string" && ["zero", "one", "two"].includes(Object.keys(message)[index] ?? "");
          const needed = isWord ? expected.filter((name) => name !== "{count}") : expected;
          expect([needed, expected], `${lang} ${key}`).toContainEqual(found);
        }
      }
    }
  });

  test("say passkey, security key, authenticator app and recovery code, never the names of standards", () => {
    for (const { lang, messages } of LOCALES) {
      for (const [key, message] of Object.entries(messages)) {
        for (const form of forms(message)) {
          expect(form, `${lang} ${key}`).not.toMatch(/FIDO|WebAuthn|TOTP|\bOTP\b|\b2FA\b|\bMFA\b|backup code|token/i);
          expect(form.trim(), `${lang} ${key}`).not.toBe("");
        }
      }
    }
  });

  test("hold no markup", () => {
    for (const { messages } of LOCALES) {
      for (const message of Object.values(messages)) expect(forms(message).join()).not.toMatch(/[<>&]/);
    }
  });
});

describe("a message", () => {
  test("takes the form that its number asks for", () => {
    expect(formatText(localeOf("en"), "account.codes_left", { count: 1 })).toBe("1 code left.");
    expect(formatText(localeOf("en"), "account.codes_left", { count: 0 })).toBe("0 codes left.");
    expect(formatText(localeOf("de"), "account.codes_left", { count: 1 })).toBe("Noch 1 Code.");
    expect(formatText(localeOf("de"), "account.codes_left", { count: 10 })).toBe("Noch 10 Codes.");
    const arabic: Locale = { lang: "ar", dir: "rtl", messages: ar };
    const said = [1, 2, 3, 11, 100].map((count) => formatText(arabic, "account.codes_left", { count }));
    expect(new Set(said.map((text) => text.replace(/\d+/, ""))).size).toBe(5);
  });

  test("isolates the names put into it", () => {
    expect(formatText(localeOf("en"), "remove.title", { label: "\u202Eflow" })).toBe(
      "Remove “\u2068\u202Eflow\u2069”?",
    );
  });

  test("takes a name that looks like a placeholder as text", () => {
    const parts = pieces(localeOf("en"), "title.with_party", { heading: "{party}", party: "Shop" });
    expect(parts).toEqual([{ value: "{party}", isName: true }, { text: " · " }, { value: "Shop", isName: true }]);
  });

  test("that nobody wrote is a bug", () => {
    const empty: Locale = { lang: "en", dir: "ltr", messages: {} };
    expect(() => formatText(empty, "brand.name")).toThrow("no message brand.name");
  });
});

test("a waiting time is rounded up, in the unit that people would use", () => {
  const english = localeOf("en");
  expect(formatDuration(english, 0)).toBe("1 second");
  expect(formatDuration(english, 29.2)).toBe("30 seconds");
  expect(formatDuration(english, 91)).toBe("2 minutes");
  expect(formatDuration(english, 3600)).toBe("60 minutes");
  expect(formatDuration(english, 3601 * 2)).toBe("3 hours");
  expect(formatDuration(localeOf("de"), 60 * 5)).toBe("5 Minuten");
});

test("the made-up locale is at least 40 % longer and keeps the placeholders", () => {
  const { messages, dir } = pseudoLocale(ENGLISH, "rtl");
  expect(dir).toBe("rtl");
  for (const key of Object.keys(ENGLISH) as MessageKey[]) {
    const original = forms(ENGLISH[key]);
    forms(messages[key]).forEach((form, index) => {
      expect(form.length, key).toBeGreaterThanOrEqual(1.4 * (original[index]?.length ?? 0));
    });
    expect(placeholders(messages[key]), key).toEqual(placeholders(ENGLISH[key]));
  }
});
