import type { RecoveryCodesView } from "../../src/http/pages/models.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { formatText } from "../i18n/format.ts";

/** The plain-text file of a set of recovery codes: service, date and the numbered codes, and no other secret. */
export function recoveryCodesFile(locale: Locale, view: RecoveryCodesView): Readonly<{ name: string; text: string }> {
  const day = view.createdAt.slice(0, 10);
  const date = new Intl.DateTimeFormat(locale.lang, { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(view.createdAt),
  );
  const lines = [
    formatText(locale, "codes.file_heading", { service: view.serviceName }),
    formatText(locale, "codes.file_created", { date }),
    "",
    ...view.codes.map((code, index) => `${String(index + 1).padStart(2)}. ${code}`),
    "",
    formatText(locale, "codes.file_note"),
    "",
  ];
  return { name: `recovery-codes-${fileNamePart(view.serviceName)}-${day}.txt`, text: lines.join("\n") };
}

/** Letters and digits of any script, the rest as hyphens: safe in a file name everywhere. */
function fileNamePart(name: string): string {
  const part = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
  return part.toLowerCase().slice(0, 40) || "account";
}
