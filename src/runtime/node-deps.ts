import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Config } from "../config.ts";
import { totpHmac } from "../crypto/hmac.ts";
import { createSigner } from "../crypto/signer.ts";
import { createWebauthnCrypto } from "../crypto/webauthn-crypto.ts";
import { provisionRealms } from "../flows/provision.ts";
import { createRealms } from "../flows/realms.ts";
import { createSightLog } from "../flows/sight-log.ts";
import type { BreachIndex } from "../ports/breach-index.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deps } from "../ports/deps.ts";
import type { Logger } from "../ports/logger.ts";
import type { PasswordEstimator } from "../ports/password-estimator.ts";
import type { Random } from "../ports/random.ts";
import { createStore } from "../store/create-store.ts";
import { openSqlite } from "../store/engines/sqlite.ts";
import { compress } from "./compress.ts";
import { loadMasterKeys } from "./master-key.ts";
import { createNodeRandom } from "./node-random.ts";
import { openBreaches } from "./open-breaches.ts";
import { openKeyring } from "./open-keyring.ts";
import { shareLookups } from "./share-lookups.ts";

/** Where the generated migrations are, seen from this file. */
export const MIGRATIONS = resolve(import.meta.dirname, "../../drizzle/sqlite");

export type NodeOptions = Readonly<{
  logger: Logger;
  estimator: PasswordEstimator;
  /** Instead of the one that is configured. */
  breaches?: BreachIndex;
  clock?: Clock;
  random?: Random;
  onBroken?: (cause: unknown) => void;
}>;

export type NodeDeps = Readonly<{
  deps: Deps;
  masterKeyFile: string | undefined;
  isFirstRun: boolean;
  /** Closes the database and the breach corpus. */
  close: () => Promise<void>;
}>;

/** Builds what the service needs on Node with SQLite; throws ConfigError when it cannot run as configured. */
export async function openNodeDeps(config: Config, options: NodeOptions): Promise<NodeDeps> {
  const clock = options.clock ?? { now: Date.now };
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(config.databasePath), { recursive: true, mode: 0o700 });
  const isFirstRun = !existsSync(config.databasePath);
  const loaded = loadMasterKeys({ dataDir: config.dataDir, envKey: config.masterKey, envFile: config.masterKeyFile });
  const { logger, estimator, onBroken } = options;
  const breaches = options.breaches
    ? { index: options.breaches, close: async () => {} }
    : await openBreaches(config, { clock, logger });
  const store = shareLookups(
    createStore(openSqlite({ path: config.databasePath, migrationsFolder: MIGRATIONS, onBroken })),
  );
  const keyring = await openKeyring(store, loaded.keys, clock.now());
  const deps: Deps = {
    store,
    realms: createRealms(store, clock),
    clock,
    random: options.random ?? createNodeRandom(),
    keyring,
    signer: createSigner({ store, keyring, clock }),
    sights: createSightLog(),
    totpHmac,
    webauthnCrypto: createWebauthnCrypto(),
    breaches: breaches.index,
    estimator,
    compress,
    logger,
    publicUrl: config.publicUrl,
  };
  await provisionRealms(deps);
  await store.committed();
  const close = async () => {
    await store.close();
    await breaches.close();
  };
  return { deps, masterKeyFile: loaded.file, isFirstRun, close };
}
