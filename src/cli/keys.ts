import { setTimeout as wait } from "node:timers/promises";
import { newMasterKey } from "../crypto/master-key.ts";
import { isRotationOpen, recordRotation, resealAll, retirementOf } from "../flows/rotate-keys.ts";
import { changeMasterKeys } from "../runtime/change-master-keys.ts";
import { readMasterKeys } from "../runtime/master-key.ts";
import { MASTER_KEYS_SEEN_WITHIN_MS } from "../runtime/watch-master-keys.ts";
import { type Command, RefusedError } from "./command.ts";
import { commandLine, type OpenService, withService } from "./open-service.ts";

/** A running server has the new key by then, with room to spare. */
const NOTICED_MS = MASTER_KEYS_SEEN_WITHIN_MS + 3_000;
const PAUSE_MS = 10;

/** Replaces the master key while the service runs; running it again goes on where it was stopped. */
export const rotate: Command = {
  usage: "keys rotate [--no-wait]",
  description:
    "Adds a master key, waits until a running server has noticed it, and seals every stored secret anew. Can be stopped; running it again goes on. With keys in COUNTERSIGN_MASTER_KEY it seals to the first of them.",
  options: { "no-wait": { type: "boolean", help: "do not wait: no server is running" } },
  positionals: 0,
  run: (invocation) =>
    withService(invocation, async (service) => {
      const { deps, masterKeyFile } = service;
      const { print, values } = invocation;
      if (masterKeyFile !== undefined) {
        await takeNewKey(service, masterKeyFile);
        if (values["no-wait"] !== true) await wait(NOTICED_MS);
        confirmStillPrimary(service, masterKeyFile);
      }
      const resealed = await resealAll(deps, { pause: () => wait(PAUSE_MS) });
      await recordRotation(deps, commandLine(deps));
      print(`Master key ${deps.keyring.primaryKeyId()} is in use; ${resealed} values were sealed anew.`);
      print("Old keys stay in the file for a day: remove one after that with countersign keys retire <id>.");
    }),
};

/** Takes an old master key out of its file, once nothing needs it. */
export const retire: Command = {
  usage: "keys retire <id> [--force]",
  description: "Removes an old master key from its file, when no stored value needs it any more.",
  options: {
    force: { type: "boolean", help: "within a day of the rotation too: ends sessions, links and idempotent retries" },
  },
  positionals: 1,
  run: (invocation) =>
    withService(invocation, async ({ deps, masterKeyFile }) => {
      const [id = ""] = invocation.positionals;
      if (masterKeyFile === undefined) throw new RefusedError("The master keys are not in a file.");
      const { primary, others } = readMasterKeys(masterKeyFile);
      if (id === primary.id) throw new RefusedError("This is the key in use: rotate first.");
      if (!others.some((key) => key.id === id)) throw new RefusedError("There is no such key in the file.");
      const state = await retirementOf(deps, id, deps.clock.now());
      if (state === "in_use") throw new RefusedError("Stored values still need this key: run countersign keys rotate.");
      if (state === "too_recent" && invocation.values.force !== true) {
        throw new RefusedError(
          "The last rotation is less than a day ago: sessions, links and stored answers may still need this key. --force ends them.",
        );
      }
      changeMasterKeys(masterKeyFile, (keys) => ({ ...keys, others: keys.others.filter((key) => key.id !== id) }));
      invocation.print("Removed. Copies of it in backups of the key file still open old database backups.");
    }),
};

/** Makes a new primary key, unless the present one is itself still being rotated to. */
async function takeNewKey({ deps }: OpenService, file: string): Promise<void> {
  if (readMasterKeys(file).others.length > 0 && (await isRotationOpen(deps))) return;
  const changed = changeMasterKeys(file, ({ primary, others }) => ({
    primary: newMasterKey(),
    others: [primary, ...others],
  }));
  deps.keyring.replaceKeys(changed);
}

/** Nothing may be sealed under a key that the file does not keep. */
function confirmStillPrimary({ deps }: OpenService, file: string): void {
  if (readMasterKeys(file).primary.id === deps.keyring.primaryKeyId()) return;
  throw new RefusedError("Another rotation is running: this one stops, and the other goes on.");
}
