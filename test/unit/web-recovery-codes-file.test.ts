import { expect, test } from "vitest";
import { de } from "../../web/i18n/de.ts";
import { en } from "../../web/i18n/en.ts";
import { recoveryCodesFile } from "../../web/ui/recovery-codes-file.ts";

const ENGLISH = { lang: "en", dir: "ltr", messages: en } as const;
const GERMAN = { lang: "de", dir: "ltr", messages: de } as const;
const VIEW = { codes: ["aaaa-bbbb", "cccc-dddd"], createdAt: "2026-11-23T23:30:00Z", serviceName: "My Shop / Köln" };

test("the file of recovery codes names the service and the day, numbers the codes and holds nothing else", () => {
  const { name, text } = recoveryCodesFile(ENGLISH, VIEW);
  expect(name).toBe("recovery-codes-my-shop-köln-2026-11-23.txt");
  expect(text).toBe(
    [
      "Recovery codes for \u2068My Shop / Köln\u2069",
      "Made on \u2068November 23, 2026\u2069",
      "",
      " 1. aaaa-bbbb",
      " 2. cccc-dddd",
      "",
      "Each code works once. Tell them to nobody: support will never ask for one.",
      "",
    ].join("\n"),
  );
});

test("the file is in the page's language", () => {
  expect(recoveryCodesFile(GERMAN, VIEW).text).toContain("Erzeugt am \u206823. November 2026\u2069");
});

test("a service name cannot leave the folder or hide the file", () => {
  for (const serviceName of ["../../etc/passwd", "...", "con\u0000", "\u202Etxt.exe", ""]) {
    expect(recoveryCodesFile(ENGLISH, { ...VIEW, serviceName }).name).toMatch(
      /^recovery-codes-[a-z-]+-2026-11-23\.txt$/,
    );
  }
});
