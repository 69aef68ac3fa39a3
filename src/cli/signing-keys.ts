import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Command } from "./command.ts";
import { commandLine, withService } from "./open-service.ts";

/** Replaces the key that signs ID tokens and receipts; its successors come by themselves every 90 days. */
export const rotateSigning: Command = {
  usage: "keys rotate-signing [--compromised]",
  description:
    "Publishes a new signing key, which signs ten minutes later; the old one stays published for an hour after that. It happens by itself every 90 days.",
  options: {
    compromised: {
      type: "boolean",
      help: "the old keys are not to be trusted: forgets them at once, and what they signed is refused",
    },
  },
  positionals: 0,
  run: (invocation) =>
    withService(invocation, async ({ deps }) => {
      const isCompromised = invocation.values.compromised === true;
      const kid = isCompromised ? await deps.signer.replace() : await deps.signer.rotate();
      const { actor, requestId, nowMs: atMs } = commandLine(deps);
      const about = {
        atMs,
        realmId: ADMIN_REALM_ID,
        requestId,
        actor,
        reason: isCompromised ? "compromised" : "rotated",
      };
      await deps.store.atomically([deps.store.audit.append({ kind: "signing_key_rotated", ...about })]);
      invocation.print(
        isCompromised
          ? `Signing key ${kid} is the only one; running servers follow within a minute.`
          : `Signing key ${kid} is published, and signs in ten minutes.`,
      );
    }),
};
