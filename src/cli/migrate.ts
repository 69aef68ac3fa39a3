import type { Command } from "./command.ts";
import { databaseName, withService } from "./open-service.ts";

/** Brings the database up to date; so does every other command that opens it. */
export const migrate: Command = {
  usage: "migrate",
  description: "Makes the data folder, the master key and the database where they are missing, and applies migrations.",
  options: {},
  positionals: 0,
  run: (invocation) =>
    withService(invocation, async ({ config }) => invocation.print(`Up to date: ${databaseName(config)}`)),
};
