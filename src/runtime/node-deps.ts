import { mkdirSync } from "node:fs";
import type { Config } from "../config.ts";
import { nodeEs256 } from "../crypto/es256.ts";
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
import { compress } from "./compress.ts";
import { loadMasterKeys } from "./master-key.ts";
import { createNodeRandom } from "./node-random.ts";
import { openBreaches } from "./open-breaches.ts";
import { openEngine } from "./open-engine.ts";
import { openKeyring } from "./open-keyring.ts";
import { shareLookups } from "./share-lookups.ts";

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
  /** Closes the database and the breach corpus. */
  close: () => Promise<void>;
}>;

/** Builds what the service needs on Node; throws ConfigError when it cannot run as configured. */
export async function openNodeDeps(config: Config, options: NodeOptions): Promise<NodeDeps> {
  const clock = options.clock ?? { now: Date.now };
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const loaded = loadMasterKeys({ dataDir: config.dataDir, envKey: config.masterKey, envFile: config.masterKeyFile });
  const { logger, onBroken } = options;
  const breaches = options.breaches
    ? { index: options.breaches, close: async () => {} }
    : await openBreaches(config, { clock, logger });
  const store = shareLookups(createStore(await openEngine(config, { onBroken })));
  const close = async () => {
    await store.close();
    await breaches.close();
  };
  try {
    const keyring = await openKeyring(store, loaded.keys, clock.now());
    const deps = depsOf(config, { ...options, clock, store, keyring, breaches: breaches.index });
    await provisionRealms(deps);
    await store.committed();
    return { deps, masterKeyFile: loaded.file, close };
  } catch (error) {
    // What is open would keep the process alive.
    await close();
    throw error;
  }
}

type Opened = Omit<NodeOptions, "onBroken"> & Readonly<Pick<Deps, "clock" | "store" | "keyring" | "breaches">>;

function depsOf(config: Config, { clock, store, keyring, breaches, random, estimator, logger }: Opened): Deps {
  return {
    store,
    realms: createRealms(store, clock),
    clock,
    random: random ?? createNodeRandom(),
    keyring,
    signer: createSigner({ store, keyring, clock, es256: nodeEs256 }),
    sights: createSightLog(),
    totpHmac,
    webauthnCrypto: createWebauthnCrypto(),
    breaches,
    estimator,
    compress,
    logger,
    publicUrl: config.publicUrl,
  };
}
