import type { Command } from "./command.ts";

export type CommandEntry = Readonly<{
  /** The words that call it. */
  name: readonly string[];
  summary: string;
  load: () => Promise<Command>;
}>;

/** Every command. Each is loaded only when it is called, so that none waits for another's imports. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: ["serve"], summary: "run the service", load: async () => (await import("./serve.ts")).serve },
  {
    name: ["migrate"],
    summary: "prepare data folder and database",
    load: async () => (await import("./migrate.ts")).migrate,
  },
  { name: ["doctor"], summary: "check this installation", load: async () => (await import("./doctor.ts")).doctor },
  { name: ["rp", "create"], summary: "register a relying party", load: async () => (await import("./rp.ts")).create },
  {
    name: ["rp", "list"],
    summary: "list relying parties and their keys",
    load: async () => (await import("./rp.ts")).list,
  },
  {
    name: ["rp", "revoke"],
    summary: "revoke a relying party with all its keys",
    load: async () => (await import("./rp.ts")).revoke,
  },
  {
    name: ["rp", "lift"],
    summary: "lift the scan alarm of a relying party's keys",
    load: async () => (await import("./rp-scan.ts")).lift,
  },
  {
    name: ["rp", "limit"],
    summary: "set how many unknown subjects a key may ask about",
    load: async () => (await import("./rp-scan.ts")).limit,
  },
  {
    name: ["rp", "key", "create"],
    summary: "make a further API key",
    load: async () => (await import("./rp-key.ts")).create,
  },
  {
    name: ["rp", "key", "revoke"],
    summary: "revoke one API key",
    load: async () => (await import("./rp-key.ts")).revoke,
  },
  { name: ["realm", "list"], summary: "list realms", load: async () => (await import("./realm.ts")).list },
  {
    name: ["realm", "passwords"],
    summary: "show or change what a realm asks of passwords",
    load: async () => (await import("./realm.ts")).passwords,
  },
  {
    name: ["realm", "limits"],
    summary: "show or change how much may be asked and guessed in a realm",
    load: async () => (await import("./realm-limits.ts")).limits,
  },
  {
    name: ["passwords", "build"],
    summary: "make the breach corpus out of a download",
    load: async () => (await import("./passwords.ts")).build,
  },
  {
    name: ["passwords", "check"],
    summary: "read a breach corpus through and look for damage",
    load: async () => (await import("./passwords.ts")).check,
  },
  {
    name: ["realm", "brand"],
    summary: "change how a realm's pages look",
    load: async () => (await import("./realm-brand.ts")).brand,
  },
  {
    name: ["admin", "invite"],
    summary: "make a one-time link for an administrator",
    load: async () => (await import("./admin-invite.ts")).invite,
  },
  {
    name: ["worker", "secrets"],
    summary: "make the secrets of a new Cloudflare Worker",
    load: async () => (await import("./worker.ts")).secrets,
  },
  {
    name: ["worker", "invite"],
    summary: "make a one-time link for an administrator of a Worker",
    load: async () => (await import("./worker.ts")).invite,
  },
  {
    name: ["keys", "rotate"],
    summary: "replace the master key while the service runs",
    load: async () => (await import("./keys.ts")).rotate,
  },
  {
    name: ["keys", "retire"],
    summary: "remove an old master key",
    load: async () => (await import("./keys.ts")).retire,
  },
  {
    name: ["keys", "rotate-signing"],
    summary: "replace the key that signs tokens and receipts",
    load: async () => (await import("./signing-keys.ts")).rotateSigning,
  },
  {
    name: ["audit", "export"],
    summary: "print the audit log as JSON lines",
    load: async () => (await import("./audit-export.ts")).exportAudit,
  },
  {
    name: ["probe"],
    summary: "try to tell from outside who has an account",
    load: async () => (await import("./probe.ts")).probe,
  },
  {
    name: ["dump-audit"],
    summary: "search the database for given people and secrets",
    load: async () => (await import("./dump-audit.ts")).dumpAudit,
  },
  {
    name: ["backup"],
    summary: "copy the database while it is in use",
    load: async () => (await import("./backup.ts")).backup,
  },
  {
    name: ["copy"],
    summary: "move the data to another database",
    load: async () => (await import("./copy.ts")).copy,
  },
];
