import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  type JWK,
  jwtVerify,
} from "jose";
import { fromUtf8, toUtf8 } from "../domain/encoding.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keyring, SealContext } from "../ports/keyring.ts";
import type { Claims, Signer } from "../ports/signer.ts";
import type { Store, StoredSystemKey } from "../ports/store.ts";
import type { Es256 } from "./es256.ts";
import { scheduleOf } from "./signing-schedule.ts";

const ALGORITHM = "ES256";
/** How long a key set is used before the store is asked again: other nodes see a new key within this time. */
const CACHED_MS = 60_000;

type SigningKey = Readonly<{ kid: string; sign: Awaited<ReturnType<Es256>> }>;
type KeySet = Readonly<{
  readAtMs: number;
  current: SigningKey;
  jwks: readonly JWK[];
  keyOf: ReturnType<typeof createLocalJWKSet>;
}>;
type SignerDeps = Readonly<{ store: Store; keyring: Keyring; clock: Clock; es256: Es256 }>;

/** Signs with the key in the store whose turn it is; keys are made when they are needed, and sealed at rest. */
export function createSigner(deps: SignerDeps): Signer {
  // The keys and not a promise of them: on Workers a promise ends with the request that made it.
  let cached: KeySet | undefined;

  async function keySet(): Promise<KeySet> {
    const now = deps.clock.now();
    if (cached && now - cached.readAtMs < CACHED_MS && now >= cached.readAtMs) return cached;
    cached = await readKeySet(deps, now);
    return cached;
  }

  async function add(): Promise<string> {
    const key = await newSigningKey(deps.keyring, deps.clock.now());
    await deps.store.systemKeys.insert(key);
    cached = undefined;
    return key.id;
  }

  return {
    async sign(typ, claims) {
      const { kid, sign } = (await keySet()).current;
      // RFC 7515 §7.1.
      const signed = `${encoded({ alg: ALGORITHM, kid, typ })}.${encoded(claims)}`;
      return `${signed}.${await sign(signed)}`;
    },
    verify: async (typ, token) => claimsOf(token, { typ, keys: await keySet(), nowMs: deps.clock.now() }),
    jwks: async () => ({ keys: (await keySet()).jwks }),
    rotate: add,
    async replace() {
      const old = await deps.store.systemKeys.list("signing");
      const id = await add();
      await deps.store.atomically(old.map((key) => deps.store.systemKeys.drop(key.id)));
      return id;
    },
  };
}

function encoded(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

async function claimsOf(
  token: string,
  { typ, keys, nowMs }: Readonly<{ typ: string; keys: KeySet; nowMs: number }>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const terms = { algorithms: [ALGORITHM], typ, currentDate: new Date(nowMs), requiredClaims: ["exp", "iat"] };
    return (await jwtVerify(token, keys.keyOf, terms)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** Reads the keys; makes one when the last is too old, and drops those that nothing needs any more. */
async function readKeySet(deps: SignerDeps, now: number): Promise<KeySet> {
  const { store, keyring } = deps;
  let schedule = scheduleOf(await store.systemKeys.list("signing"), now);
  if (schedule.needsKey) {
    await store.systemKeys.insert(await newSigningKey(keyring, now));
    schedule = scheduleOf(await store.systemKeys.list("signing"), now);
  }
  const { current, published, expired } = schedule;
  if (!current) throw new Error("the signing key just written is not there");
  if (expired.length > 0) await store.atomically(expired.map(({ id }) => store.systemKeys.drop(id)));
  // Written by `newSigningKey`.
  const privateJwk = JSON.parse(fromUtf8(keyring.open(contextOf(current.id), current.sealed))) as JWK;
  const jwks = published.map(({ publicJwk }) => JSON.parse(publicJwk ?? "{}") as JWK);
  return {
    readAtMs: now,
    current: { kid: current.id, sign: await deps.es256(privateJwk) },
    jwks,
    keyOf: createLocalJWKSet({ keys: jwks }),
  };
}

async function newSigningKey(keyring: Keyring, now: number): Promise<StoredSystemKey> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    id: kid,
    kind: "signing",
    sealed: keyring.seal(contextOf(kid), toUtf8(JSON.stringify(await exportJWK(privateKey)))),
    publicJwk: JSON.stringify({ ...publicJwk, kid, alg: ALGORITHM, use: "sig" }),
    createdAtMs: now,
    retiredAtMs: null,
  };
}

function contextOf(id: string): SealContext {
  return { table: "system_keys", column: "sealed", row: id };
}
