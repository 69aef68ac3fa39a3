import { ADMIN_ROLES } from "../domain/administrator.ts";
import { inviteAdministrator } from "../flows/admin-invite.ts";
import { type Command, JSON_OPTION, textOf, UsageError } from "./command.ts";
import { commandLine, timeText, withService } from "./open-service.ts";

/** Prints a one-time link that enrols an administrator. */
export const invite: Command = {
  usage: "admin invite [--name <text>] [--role owner|operator|auditor] [--json]",
  description: "Makes a link that enrols an administrator. It works once, for 24 hours.",
  options: {
    name: { type: "string", help: "whom it is for, as the audit log shows; Owner when not given" },
    role: { type: "string", help: "owner when not given" },
    json: JSON_OPTION,
  },
  positionals: 0,
  run: (invocation) => {
    const { values, print } = invocation;
    const name = textOf(values, "name") ?? "Owner";
    const role = ADMIN_ROLES.find((one) => one === (textOf(values, "role") ?? "owner"));
    if (!role) throw new UsageError(`--role is one of: ${ADMIN_ROLES.join(" ")}`);
    return withService(invocation, async ({ deps }) => {
      const { url, expiresAtMs } = await inviteAdministrator(deps, commandLine(deps), { name, role });
      await deps.store.committed();
      if (values.json === true) print(JSON.stringify({ url, expires_at: timeText(expiresAtMs) }));
      else print(`${url}\nIt works once, until ${timeText(expiresAtMs)}.`);
    });
  },
};
