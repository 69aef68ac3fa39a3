import type { Eventual } from "../domain/eventual.ts";
import type { Realm } from "../domain/realm.ts";
import type { BreachIndex } from "./breach-index.ts";
import type { Clock } from "./clock.ts";
import type { Compress } from "./compress.ts";
import type { Keyring } from "./keyring.ts";
import type { Logger } from "./logger.ts";
import type { PasswordEstimator } from "./password-estimator.ts";
import type { Random } from "./random.ts";
import type { SightLog } from "./sight-log.ts";
import type { Signer } from "./signer.ts";
import type { Store } from "./store.ts";
import type { TotpHmac } from "./totp-hmac.ts";
import type { WebauthnCrypto } from "./webauthn-crypto.ts";

/** Realms by id; a change shows after a few seconds at the latest. Throws when the realm does not exist. */
export type Realms = Readonly<{ get: (id: string) => Eventual<Realm> }>;

/** Everything that flows need from outside. */
export type Deps = Readonly<{
  store: Store;
  realms: Realms;
  clock: Clock;
  random: Random;
  keyring: Keyring;
  signer: Signer;
  sights: SightLog;
  totpHmac: TotpHmac;
  webauthnCrypto: WebauthnCrypto;
  breaches: BreachIndex;
  estimator: PasswordEstimator;
  /** Without it, nothing is compressed. */
  compress?: Compress;
  logger: Logger;
  /** Where people and relying parties reach us, without a trailing slash. Never taken from a request. */
  publicUrl: string;
}>;
