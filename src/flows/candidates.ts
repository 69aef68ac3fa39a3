import type { Method, UsableAuthenticator } from "../domain/authenticator.ts";
import type { Deps } from "../ports/deps.ts";
import type { Call } from "./call.ts";
import { decoyCandidates, decoyCredentials, drawDecoy, passkeysOf } from "./decoy.ts";
import { asStored, toWebauthn, unsealAuthenticator } from "./unseal-authenticator.ts";

/** What an answer is checked against; decoys when the subject has no authenticator of that method. */
export type Candidates = Readonly<{ candidates: readonly UsableAuthenticator[]; isKnown: boolean }>;

type Whose = Readonly<{ lookup: string; method: Method }>;

/** The subject's authenticators of a method, or decoys at the same cost. Throws KeyringError. */
export async function candidatesOf(
  deps: Pick<Deps, "keyring" | "store">,
  call: Pick<Call, "realm">,
  { lookup, method }: Whose,
): Promise<Candidates> {
  if (method === "webauthn") return passkeysFor(deps, call, lookup);
  const { keyring, store } = deps;
  const stored = await store.authenticators.listUsable(lookup, method);
  return stored.length === 0
    ? { candidates: decoyCandidates(keyring, lookup, method, call.realm), isKnown: false }
    : { candidates: stored.map((one) => unsealAuthenticator(keyring, one)), isKnown: true };
}

/** A decoy's passkeys cost more to make than real ones to read: as many are made, and read, for everybody. */
async function passkeysFor(
  { keyring, store }: Pick<Deps, "keyring" | "store">,
  { realm }: Pick<Call, "realm">,
  lookup: string,
): Promise<Candidates> {
  const draw = drawDecoy(keyring, lookup, realm);
  const drawn = passkeysOf(draw);
  const stored = await store.authenticators.listUsable(lookup, "webauthn", drawn);
  const isKnown = stored.length > 0;
  const decoys = decoyCredentials(keyring, draw, isKnown ? stored.length : drawn).map(asStored);
  return { candidates: (isKnown ? stored : decoys).map(toWebauthn), isKnown };
}
