import type { Method, UsableAuthenticator, WebauthnAuthenticator } from "../domain/authenticator.ts";
import { toBase64url } from "../domain/encoding.ts";
import type { Realm } from "../domain/realm.ts";
import { pickDecoyPublicKey } from "../methods/webauthn/decoy-key.ts";
import type { Keyring } from "../ports/keyring.ts";
import { secretContext } from "./unseal-authenticator.ts";

/** The id of whatever stands in for an authenticator that does not exist. No evidence from it is ever accepted. */
export const DECOY_ID = "au_decoy";

/** How often a subject has which methods, in 256ths; a decoy draws from the same distribution. */
const METHOD_SETS: readonly (readonly [weight: number, methods: readonly Method[]])[] = [
  [110, ["totp", "recovery_code"]],
  [80, ["webauthn", "recovery_code"]],
  [66, ["webauthn", "totp", "recovery_code"]],
];

/** Credential-id lengths and transports as the common authenticators make them, in 256ths. */
const CREDENTIAL_KINDS: readonly (readonly [weight: number, length: number, transports: readonly string[]])[] = [
  [110, 20, ["hybrid", "internal"]],
  [90, 32, ["internal"]],
  [56, 64, ["usb"]],
];

/** Stands in for a subject without authenticators: the same each time, different from subject to subject. */
export type Decoy = Readonly<{ methods: readonly Method[]; credentials: readonly WebauthnAuthenticator[] }>;

/** The decoy of a lookup: nobody without the key can tell it from an enrolled subject. */
export function decoyOf(keyring: Keyring, lookup: string): Decoy {
  const dice = keyring.mac("decoy", "shape", lookup);
  const [, methods] = draw(METHOD_SETS, dice[0] ?? 0);
  const count = methods.includes("webauthn") ? ((dice[1] ?? 0) < 56 ? 2 : 1) : 0;
  return { methods, credentials: Array.from({ length: count }, (_, index) => decoyCredential(keyring, lookup, index)) };
}

/** What an answer is checked against when there is no such authenticator: the same work, and never a match. */
export function decoyCandidates(keyring: Keyring, lookup: string, method: Method, realm: Realm): UsableAuthenticator[] {
  switch (method) {
    case "totp":
      return [decoyTotp(keyring, realm)];
    case "webauthn":
      return decoyPasskeys(keyring, lookup);
    case "recovery_code":
      return [{ id: DECOY_ID, method: "recovery_code" }];
    default:
      return method satisfies never;
  }
}

/** The credentials that the decoy's challenge offers, or one when it offers none. */
function decoyPasskeys(keyring: Keyring, lookup: string): UsableAuthenticator[] {
  const { credentials } = decoyOf(keyring, lookup);
  return credentials.length > 0 ? [...credentials] : [decoyCredential(keyring, lookup, 0)];
}

/** Opening a sealed secret is part of the work, so the decoy opens one too. */
function decoyTotp(keyring: Keyring, realm: Realm): UsableAuthenticator {
  const secret = keyring.open(secretContext(DECOY_ID), sealedDecoy(keyring));
  const { algorithm, digits, periodSeconds } = realm.policy.totp;
  return { id: DECOY_ID, method: "totp", secret, algorithm, digits, periodSeconds, stepsInBudget: true };
}

const sealedDecoys = new WeakMap<Keyring, string>();

/** Sealed once, and anew when another key seals: the one before it may be gone soon. */
function sealedDecoy(keyring: Keyring): string {
  const known = sealedDecoys.get(keyring);
  if (known !== undefined && keyring.keyIdOf(known) === keyring.primaryKeyId()) return known;
  const sealed = keyring.seal(secretContext(DECOY_ID), keyring.mac("decoy", "totp").subarray(0, 20));
  sealedDecoys.set(keyring, sealed);
  return sealed;
}

function decoyCredential(keyring: Keyring, lookup: string, index: number): WebauthnAuthenticator {
  const dice = keyring.mac("decoy", "credential", lookup, String(index));
  const [, length, transports] = draw(CREDENTIAL_KINDS, dice[0] ?? 0);
  const more = keyring.mac("decoy", "credential id", dice);
  const id = new Uint8Array([...keyring.mac("decoy", "credential id", more), ...more]);
  return {
    id: DECOY_ID,
    method: "webauthn",
    credentialId: toBase64url(id.subarray(0, length)),
    publicKey: pickDecoyPublicKey(dice[1] ?? 0),
    signCount: 0,
    backupEligible: false,
    backupState: false,
    transports,
    hardwareAttested: false,
  };
}

function draw<Entry extends readonly [number, ...unknown[]]>(table: readonly Entry[], roll: number): Entry {
  let left = roll;
  for (const entry of table) {
    left -= entry[0];
    if (left < 0) return entry;
  }
  throw new Error("the weights of a decoy table do not add up to 256");
}
