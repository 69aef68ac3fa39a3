import { readFileSync } from "node:fs";
import { DEFAULT_REALM_ID } from "../domain/realm.ts";
import { brandRealm } from "../flows/brand-realm.ts";
import { type Command, RefusedError, textOf } from "./command.ts";
import { commandLine, refusal, withService } from "./open-service.ts";

/** Changes how a realm's pages look. */
export const brand: Command = {
  usage:
    "realm brand [--realm <id>] [--name <text>] [--logo <file>] [--accent <#rrggbb>] [--privacy-url <url>] [--support-url <url>] [--account-url <url>]",
  description:
    "Changes how the pages of a realm look. What is not named stays; an empty text takes it away. Contrast is enforced.",
  options: {
    realm: { type: "string", help: "which one; default when not given" },
    name: { type: "string", help: "what people see it called" },
    logo: { type: "string", help: "a PNG, or an SVG of shapes alone, of at most 64 KiB" },
    accent: { type: "string", help: "the colour of buttons and links" },
    "privacy-url": { type: "string", help: "where the privacy statement is" },
    "support-url": { type: "string", help: "where people find help" },
    "account-url": { type: "string", help: "where passkey managers send people who want to look after their passkeys" },
  },
  positionals: 0,
  run: (invocation) => {
    const { values, print } = invocation;
    const change = {
      name: textOf(values, "name"),
      logo: fileNamed(textOf(values, "logo")),
      accent: textOf(values, "accent"),
      privacyUrl: textOf(values, "privacy-url"),
      supportUrl: textOf(values, "support-url"),
      accountUrl: textOf(values, "account-url"),
    };
    const realmId = textOf(values, "realm") ?? DEFAULT_REALM_ID;
    return withService(invocation, async ({ deps }) => {
      const branded = await brandRealm(deps, commandLine(deps), { realmId, change });
      if (!branded.ok) throw refusal(branded.denial);
      print("Saved. Running servers show it within seconds.");
    });
  },
};

function fileNamed(path: string | undefined): Uint8Array | undefined {
  if (path === undefined) return undefined;
  if (path === "") return new Uint8Array();
  try {
    return readFileSync(path);
  } catch {
    throw new RefusedError("The logo cannot be read.");
  }
}
