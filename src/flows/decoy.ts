import type { Method, UsableAuthenticator, WebauthnAuthenticator } from "../domain/authenticator.ts";
import { ASSUMED_SHAPES, type CredentialShape, type DecoyShape, type SubjectShape } from "../domain/decoy-shape.ts";
import { concatBytes, toBase64url } from "../domain/encoding.ts";
import type { Realm } from "../domain/realm.ts";
import { pickDecoyPublicKey } from "../methods/webauthn/decoy-key.ts";
import type { Keyring } from "../ports/keyring.ts";
import type { OfferedAuthenticator } from "../ports/store.ts";
import { secretContext } from "./unseal-authenticator.ts";

/** The id of whatever stands in for an authenticator that does not exist. No evidence from it is ever accepted. */
export const DECOY_ID = "au_decoy";

/** Stands in for a subject without authenticators: the same each time, different from subject to subject. */
export type Decoy = Readonly<{ methods: readonly Method[]; credentials: readonly WebauthnAuthenticator[] }>;

/** What a decoy is made of: its look, and what everything else about it is drawn with. */
export type DecoyDraw = Readonly<{ dice: Uint8Array; shape: SubjectShape }>;

/** The decoy of a lookup: nobody without the key can tell it from an enrolled subject. */
export function decoyOf(keyring: Keyring, lookup: string, realm: Pick<Realm, "decoyShapes">): Decoy {
  const draw = drawDecoy(keyring, lookup, realm);
  return { methods: draw.shape.methods, credentials: decoyCredentials(keyring, draw, draw.shape.credentials.length) };
}

/** Draws a decoy for a lookup, without making it yet: that costs more the more passkeys it has. */
export function drawDecoy(keyring: Keyring, lookup: string, realm: Pick<Realm, "decoyShapes">): DecoyDraw {
  const dice = keyring.mac("decoy", "subject", lookup);
  return { dice, shape: drawShape(dice, realm.decoyShapes) };
}

/** The decoy as the rows of a subject that looks like it, with so many passkeys. */
export function offeredByDecoy(keyring: Keyring, draw: DecoyDraw, passkeys: number): readonly OfferedAuthenticator[] {
  const credentials = decoyCredentials(keyring, draw, passkeys).map(
    ({ credentialId, transports }): OfferedAuthenticator => ({
      method: "webauthn",
      credentialId,
      transports: JSON.stringify(transports),
    }),
  );
  const others = draw.shape.methods.filter((method) => method !== "webauthn");
  return credentials.concat(others.map((method) => ({ method, credentialId: null, transports: null })));
}

/** What an answer is checked against when there is no such authenticator: the same work, and never a match. */
export function decoyCandidates(
  keyring: Keyring,
  lookup: string,
  method: Method,
  realm: Realm,
): readonly UsableAuthenticator[] {
  switch (method) {
    case "totp":
      return [decoyTotp(keyring, realm)];
    case "webauthn": {
      const draw = drawDecoy(keyring, lookup, realm);
      return decoyCredentials(keyring, draw, passkeysOf(draw));
    }
    case "recovery_code":
      return [{ id: DECOY_ID, method: "recovery_code" }];
    default:
      return method satisfies never;
  }
}

/**
 * Each shape is drawn in proportion to its weight, and a change of weights changes as few subjects' decoys as it can
 * (weighted rendezvous hashing): somebody who looks today and next month finds what he would find of real people.
 */
function drawShape(dice: Uint8Array, shapes: readonly DecoyShape[]): DecoyShape {
  const seed = new DataView(dice.buffer, dice.byteOffset).getUint32(0);
  let [drawn, best] = [shapes[0], Number.POSITIVE_INFINITY];
  for (const shape of shapes) {
    const score = -Math.log(uniform(seed, shape.tag)) / shape.weight;
    if (score < best) [drawn, best] = [shape, score];
  }
  if (!drawn) throw new Error("a realm without shapes for its decoys");
  return drawn;
}

/** A number between 0 and 1 for a secret seed and a tag, both of 32 bits: their bits mixed (MurmurHash3's finaliser). */
function uniform(seed: number, tag: number): number {
  let hash = seed ^ tag;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}

/** How many passkeys an answer is checked against: those that the decoy's challenge offers, or one when it offers none. */
export function passkeysOf({ shape }: DecoyDraw): number {
  return Math.max(shape.credentials.length, 1);
}

/** So many passkeys that nobody has: those that the decoy shows, and more like them. */
export function decoyCredentials(
  keyring: Keyring,
  { dice, shape }: DecoyDraw,
  count: number,
): readonly WebauthnAuthenticator[] {
  const shapes = shape.credentials.length > 0 ? shape.credentials : ONE_PASSKEY;
  return Array.from({ length: count }, (_, index) => {
    const like = shapes[index % shapes.length];
    if (like === undefined) throw new Error("a decoy without a shape");
    return decoyCredential(keyring, dice, index, like);
  });
}

const ONE_PASSKEY = ASSUMED_SHAPES.flatMap((one) => one.credentials).slice(0, 1);

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

/** Bytes of an id that are made whatever its length: few real ones are longer, and all others cost the same. */
const USUAL_ID_BYTES = 64;

function decoyCredential(
  keyring: Keyring,
  dice: Uint8Array,
  index: number,
  { length, transports }: CredentialShape,
): WebauthnAuthenticator {
  const blocks: Uint8Array[] = [];
  for (let made = 0; made < Math.max(length, USUAL_ID_BYTES); made += 32) {
    blocks.push(keyring.mac("decoy", "credential id", dice, `${index}.${blocks.length}`));
  }
  return {
    id: DECOY_ID,
    method: "webauthn",
    credentialId: toBase64url(concatBytes(...blocks).subarray(0, length)),
    // The dice's first four bytes drew the shape.
    publicKey: pickDecoyPublicKey(dice[4 + index] ?? 0),
    signCount: 0,
    backupEligible: false,
    backupState: false,
    transports,
    hardwareAttested: false,
  };
}
