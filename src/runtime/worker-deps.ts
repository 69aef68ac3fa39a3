import { parseConfig } from "../config.ts";
import { webEs256 } from "../crypto/es256.ts";
import { totpHmac } from "../crypto/hmac.ts";
import { parseMasterKeyText } from "../crypto/master-key.ts";
import { createSigner } from "../crypto/signer.ts";
import { createWebauthnCrypto } from "../crypto/webauthn-crypto.ts";
import { ConfigError } from "../domain/config-error.ts";
import { admitInvitation } from "../flows/admin-invite.ts";
import { provisionRealms } from "../flows/provision.ts";
import { createRealms } from "../flows/realms.ts";
import { createSightLog } from "../flows/sight-log.ts";
import { createBundledBreachIndex } from "../password/bundled-breach-index.ts";
import { createFallbackBreachIndex } from "../password/fallback-breach-index.ts";
import { createInProcessEstimator } from "../password/in-process-estimator.ts";
import { createUpstreamBreachIndex } from "../password/upstream-breach-index.ts";
import type { BreachIndex } from "../ports/breach-index.ts";
import type { Deps } from "../ports/deps.ts";
import type { MasterKeys } from "../ports/keyring.ts";
import type { Logger } from "../ports/logger.ts";
import { createStore } from "../store/create-store.ts";
import { systemActor } from "./actor.ts";
import { readAnnouncement } from "./announced-invitation.ts";
import { createNodeRandom } from "./node-random.ts";
import { openKeyring } from "./open-keyring.ts";
import { type DatabaseBindings, openDatabase } from "./worker-database.ts";

/** The settings and secrets of a Worker, and the database bound to it. */
export type WorkerSettings = DatabaseBindings &
  Readonly<{
    COUNTERSIGN_MASTER_KEY?: string;
    COUNTERSIGN_PUBLIC_URL?: string;
    COUNTERSIGN_INVITATION?: string;
    COUNTERSIGN_BREACH_URL?: string;
  }>;

/** Builds what the service needs on Workers; throws ConfigError when it cannot run as configured. */
export async function openWorkerDeps(settings: WorkerSettings, logger: Logger): Promise<Deps> {
  const clock = { now: Date.now };
  const { COUNTERSIGN_PUBLIC_URL, COUNTERSIGN_BREACH_URL } = settings;
  const { publicUrl, breachUrl } = parseConfig({ COUNTERSIGN_PUBLIC_URL, COUNTERSIGN_BREACH_URL });
  // The default is for a machine of one's own.
  if (COUNTERSIGN_PUBLIC_URL === undefined) throw new ConfigError("COUNTERSIGN_PUBLIC_URL is not set.");
  const masterKeys = masterKeysIn(settings.COUNTERSIGN_MASTER_KEY);
  const store = createStore(await openDatabase(settings));
  const keyring = await openKeyring(store, masterKeys, clock.now());
  const deps: Deps = {
    store,
    realms: createRealms(store, clock),
    clock,
    random: createNodeRandom(),
    keyring,
    signer: createSigner({ store, keyring, clock, es256: webEs256 }),
    sights: createSightLog(),
    totpHmac,
    webauthnCrypto: createWebauthnCrypto(),
    breaches: breachesOf(breachUrl, { clock, logger }),
    estimator: createInProcessEstimator(),
    logger,
    publicUrl,
  };
  await provisionRealms(deps);
  if (settings.COUNTERSIGN_INVITATION !== undefined) {
    await admitInvitation(deps, systemActor(deps, "deployment"), readAnnouncement(settings.COUNTERSIGN_INVITATION));
  }
  return deps;
}

function breachesOf(url: string | undefined, deps: Pick<Deps, "clock" | "logger">): BreachIndex {
  const bundled = createBundledBreachIndex();
  if (url === undefined) return bundled;
  // Workers' fetch wants to be called as their own function, not as a member of another object.
  const callFetch: typeof fetch = (...request) => fetch(...request);
  const upstream = createUpstreamBreachIndex({ ...deps, fetch: callFetch, userAgent: "countersign" }, url);
  return createFallbackBreachIndex(upstream, bundled);
}

/** There is no place to make a key on the first run and keep it: it has to be there. */
function masterKeysIn(text: string | undefined): MasterKeys {
  if (text === undefined) throw new ConfigError("COUNTERSIGN_MASTER_KEY is not set.");
  const parsed = parseMasterKeyText(text);
  if (!parsed.ok) throw new ConfigError(`COUNTERSIGN_MASTER_KEY is malformed: ${parsed.problem}.`);
  return parsed.keys;
}
