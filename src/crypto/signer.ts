import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import { fromUtf8, toUtf8 } from "../domain/encoding.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keyring, SealContext } from "../ports/keyring.ts";
import type { Signer } from "../ports/signer.ts";
import type { Store, StoredSystemKey } from "../ports/store.ts";

const ALGORITHM = "ES256";
/** How long a key set is used before the store is asked again: other nodes see a new key within this time. */
const CACHED_MS = 60_000;

type SigningKey = Readonly<{ kid: string; key: Awaited<ReturnType<typeof importJWK>> }>;
type KeySet = Readonly<{ readAtMs: number; current: SigningKey; jwks: readonly JWK[] }>;

/** Signs with the newest signing key in the store, made on first use and sealed at rest. */
export function createSigner(deps: Readonly<{ store: Store; keyring: Keyring; clock: Clock }>): Signer {
  // The keys and not a promise of them: on Workers a promise ends with the request that made it.
  let cached: KeySet | undefined;

  async function keySet(): Promise<KeySet> {
    const now = deps.clock.now();
    if (cached && now - cached.readAtMs < CACHED_MS) return cached;
    cached = await readKeySet(deps, now);
    return cached;
  }

  return {
    async sign(typ, claims) {
      const { kid, key } = (await keySet()).current;
      return new SignJWT({ ...claims }).setProtectedHeader({ alg: ALGORITHM, kid, typ }).sign(key);
    },
    jwks: async () => ({ keys: (await keySet()).jwks }),
  };
}

async function readKeySet(deps: Parameters<typeof createSigner>[0], now: number): Promise<KeySet> {
  const { store, keyring } = deps;
  if ((await liveKeys(store)).length === 0) await store.systemKeys.insert(await newSigningKey(keyring, now));
  const live = await liveKeys(store);
  const newest = live.at(-1);
  if (!newest) throw new Error("the signing key just written is not there");
  const privateJwk = JSON.parse(fromUtf8(keyring.open(contextOf(newest.id), newest.sealed))) as JWK;
  return {
    readAtMs: now,
    current: { kid: newest.id, key: await importJWK(privateJwk, ALGORITHM) },
    // Written by `newSigningKey`.
    jwks: live.map(({ publicJwk }) => JSON.parse(publicJwk ?? "{}") as JWK),
  };
}

async function liveKeys(store: Store): Promise<readonly StoredSystemKey[]> {
  return (await store.systemKeys.list("signing")).filter(({ retiredAtMs }) => retiredAtMs === null);
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
