import { formatMasterKeyText, newMasterKey } from "../crypto/master-key.ts";
import { announceInvitation } from "../runtime/announced-invitation.ts";
import { readConfig } from "../runtime/read-config.ts";
import { type Command, EXIT, type Invocation, neededText } from "./command.ts";
import { timeText } from "./open-service.ts";

const PUBLIC_URL = { type: "string", help: "where people will reach the Worker" } as const;

/** Prints the secrets of a new Worker, in the form that wrangler reads; the link for its first administrator on stderr. */
export const secrets: Command = {
  usage: "worker secrets --public-url <url>",
  description:
    "Prints the secrets of a new Worker for a file: .dev.vars on this machine, or one for wrangler deploy --secrets-file. The link that makes the first administrator goes to stderr. Keep the master key: without it the database is lost.",
  options: { "public-url": PUBLIC_URL },
  positionals: 0,
  run: async (invocation) => {
    const publicUrl = publicUrlIn(invocation);
    invocation.print(`COUNTERSIGN_MASTER_KEY=${formatMasterKeyText({ primary: newMasterKey(), others: [] })}`);
    invocation.print(`COUNTERSIGN_PUBLIC_URL=${publicUrl}`);
    invocation.print(`COUNTERSIGN_INVITATION=${announce(invocation, publicUrl)}`);
    return EXIT.ok;
  },
};

/** Prints a further invitation for a Worker that runs already. */
export const invite: Command = {
  usage: "worker invite --public-url <url>",
  description:
    "Prints a value for the Worker's secret COUNTERSIGN_INVITATION, which lets nobody in by itself. The link that makes its reader an owner, once and within 24 hours, goes to stderr.",
  options: { "public-url": PUBLIC_URL },
  positionals: 0,
  run: async (invocation) => {
    invocation.print(announce(invocation, publicUrlIn(invocation)));
    return EXIT.ok;
  },
};

/** Held to the same rules as the setting. */
function publicUrlIn({ values }: Invocation): string {
  return readConfig({ COUNTERSIGN_PUBLIC_URL: neededText(values, "public-url") }).publicUrl;
}

function announce({ warn }: Invocation, publicUrl: string): string {
  const { setting, url, expiresAtMs } = announceInvitation(publicUrl, Date.now());
  warn(`Administrator: ${url}\nIt works once, until ${timeText(expiresAtMs)}.`);
  return setting;
}
