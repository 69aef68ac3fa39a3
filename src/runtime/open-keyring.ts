import { createKeyring, MAC_ROOT_CONTEXT, newMacRoot, openMacRoot, sealMacRoot } from "../crypto/keyring.ts";
import { createSealer } from "../crypto/sealer.ts";
import { ConfigError } from "../domain/config-error.ts";
import { type Keyring, KeyringError, type MasterKeys } from "../ports/keyring.ts";
import type { Store } from "../ports/store.ts";

/**
 * The keyring over a store: its MAC root lives in the database, sealed under the master key, and is made on the first
 * run. Throws ConfigError when the master key is not the one that the database was made with.
 */
export async function openKeyring(store: Store, masterKeys: MasterKeys, nowMs: number): Promise<Keyring> {
  const sealer = createSealer(masterKeys);
  const id = MAC_ROOT_CONTEXT.row;
  if ((await store.systemKeys.list("mac_root")).length === 0) {
    const sealed = sealMacRoot(sealer, newMacRoot());
    await store.systemKeys.insert({
      id,
      kind: "mac_root",
      sealed,
      publicJwk: null,
      createdAtMs: nowMs,
      retiredAtMs: null,
    });
  }
  const [root] = await store.systemKeys.list("mac_root");
  if (!root) throw new Error("the MAC root just written is not there");
  try {
    return createKeyring({ sealer, macRoot: openMacRoot(sealer, root.sealed) });
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    throw new ConfigError("The master key does not open this database: it was made with another key.");
  }
}
