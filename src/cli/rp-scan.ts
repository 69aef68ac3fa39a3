import { readReason } from "../domain/administrator.ts";
import { readLimit } from "../flows/admin-relying-parties.ts";
import { liftScanAlarm, limitUnknown } from "../flows/relying-parties.ts";
import { type Command, neededText, RefusedError, textOf, UsageError } from "./command.ts";
import { commandLine, withService } from "./open-service.ts";

/** Lets the keys go on that the scan alarm has stopped. */
export const lift: Command = {
  usage: "rp lift <client_id> --reason <text>",
  description: "Lets the API keys of a relying party go on that the scan alarm has stopped.",
  options: { reason: { type: "string", help: "why; it goes into the audit log" } },
  positionals: 1,
  run: (invocation) => {
    const reason = readReason(neededText(invocation.values, "reason"));
    if (reason === undefined) throw new UsageError("--reason is one line of up to 200 characters");
    return withService(invocation, async ({ deps }) => {
      const input = { rpId: invocation.positionals[0] ?? "", reason };
      const lifted = await liftScanAlarm(deps, commandLine(deps), input);
      if (!lifted.ok) throw new RefusedError("The scan alarm has stopped no key of such a relying party.");
      invocation.print("Lifted.");
    });
  },
};

/** How many unknown subjects each key of a relying party may ask about in an hour. */
export const limit: Command = {
  usage: "rp limit <client_id> [--unknown-per-hour <count>]",
  description:
    "Sets how many unknown subjects each API key of a relying party may ask about in an hour before the scan alarm stops it.",
  options: { "unknown-per-hour": { type: "string", help: "1 to 1000000; what the realm says when not given" } },
  positionals: 1,
  run: (invocation) => {
    const count = readLimit(textOf(invocation.values, "unknown-per-hour") ?? "");
    if (count === undefined) throw new UsageError("--unknown-per-hour is a whole number from 1 to 1000000");
    return withService(invocation, async ({ deps }) => {
      const input = { rpId: invocation.positionals[0] ?? "", limit: count };
      const limited = await limitUnknown(deps, commandLine(deps), input);
      if (!limited.ok) throw new RefusedError("There is no such relying party, or it is revoked.");
      invocation.print(count === null ? "As the realm says." : `${count} an hour.`);
    });
  },
};
