import { type Acr, methodsFor, userVerificationFor } from "../domain/assurance.ts";
import { METHOD_NAMES, type Method, OFFERED_METHODS } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { toBase64url } from "../domain/encoding.ts";
import { newId } from "../domain/ids.ts";
import { buildRequestOptions } from "../methods/webauthn/options.ts";
import type { Deps } from "../ports/deps.ts";
import type { OfferedAuthenticator, StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { drawDecoy, offeredByDecoy } from "./decoy.ts";
import { chooseLane, type KnownDevice } from "./device.ts";
import { admitLane, noteSight } from "./sights.ts";
import { takeSource } from "./source.ts";
import { lookupOf, publicSubjectId } from "./subject.ts";

/** Ten minutes: long enough for people who need time (WebAuthn L3 §15.1). */
export const CHALLENGE_MS = 10 * 60 * 1000;
export const CHALLENGE_ATTEMPTS = 10;
export const CHALLENGE_BYTES = 32;

export type OpenChallengeInput = Readonly<{
  /** Normalised reference. */
  reference: string;
  acr?: Acr;
  methods?: readonly Method[];
  firstFactor: boolean;
  deviceToken?: string;
  sourceIp?: string;
}>;

export type OpenedChallenge = Readonly<{
  id: string;
  subjectId: string;
  methods: readonly Method[];
  expiresAtMs: number;
  /** PublicKeyCredentialRequestOptionsJSON, when a passkey is among the methods. */
  webauthnOptions?: unknown;
}>;

/** Opens a challenge for a subject as the relying party names them; for an unknown one, a decoy of the same shape. */
export async function openChallenge(
  deps: Deps,
  call: Call,
  input: OpenChallengeInput,
): Promise<Outcome<OpenedChallenge>> {
  const source = await takeSource(deps, call, input.sourceIp);
  if (!source.ok) return source;
  const lookup = lookupOf(deps.keyring, call.realm.id, input.reference);
  const { lane, device } = await chooseLane(deps, call, { lookup, ...input });
  const admitted = admitLane(call, lane);
  if (!admitted.ok) return admitted;
  return openChallengeFor(deps, call, { ...input, lookup, lane, device, purpose: "verify" });
}

export type ChallengeTerms = Readonly<{
  lookup: string;
  lane: StoredChallenge["lane"];
  firstFactor: boolean;
  device?: KnownDevice;
  /** What a satisfied challenge may be used as the proof of. */
  purpose: string;
  acr?: Acr;
  methods?: readonly Method[];
}>;

/** Opens a challenge for a subject already resolved: used by the pages as well. */
export async function openChallengeFor(
  deps: Deps,
  call: Call,
  terms: ChallengeTerms,
): Promise<Outcome<OpenedChallenge>> {
  const offer = await offerFor(deps, call, terms.lookup);
  noteSight(deps, call, terms.lookup, offer.isKnown);
  const methods = allowedMethods(offer.methods, terms);
  if (methods.length === 0) return denied("assurance_unmet");
  const id = newId("ch", deps.random.bytes);
  const webauthnChallenge = toBase64url(deps.random.bytes(CHALLENGE_BYTES));
  const expiresAtMs = call.nowMs + CHALLENGE_MS;
  await deps.store.atomically([
    deps.store.challenges.insert({
      id,
      realmId: call.realm.id,
      rpId: call.rpId,
      subjectLookup: terms.lookup,
      purpose: terms.purpose,
      requiredAcr: terms.acr ?? null,
      methods,
      lane: terms.lane,
      firstFactor: terms.firstFactor,
      deviceId: terms.device?.id ?? null,
      deviceTokenHash: terms.device?.tokenHash ?? null,
      webauthnChallenge,
      attemptsLeft: CHALLENGE_ATTEMPTS,
      createdAtMs: call.nowMs,
      expiresAtMs,
    }),
    deps.store.audit.append(auditOf(call, "challenge_opened", { subjectLookup: terms.lookup, lane: terms.lane })),
  ]);
  const subjectId = publicSubjectId(deps.keyring, call.rpId, terms.lookup);
  const webauthnOptions = methods.includes("webauthn")
    ? requestOptions(call, { challenge: webauthnChallenge, credentials: offer.credentials, acr: terms.acr })
    : undefined;
  return granted({ id, subjectId, methods, expiresAtMs, webauthnOptions });
}

/** PublicKeyCredentialRequestOptionsJSON over the subject's credentials, real or decoy. */
export function requestOptions(
  call: Pick<Call, "realm">,
  of: Readonly<{ challenge: string; credentials: readonly OfferedCredential[]; acr?: Acr }>,
) {
  return buildRequestOptions({
    rpId: call.realm.rpId,
    challenge: of.challenge,
    allowCredentials: of.credentials.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    userVerification: userVerificationFor(of.acr),
  });
}

type OfferedCredential = Readonly<{ credentialId: string; transports: readonly string[] }>;

type Offer = Readonly<{
  methods: readonly Method[];
  credentials: readonly OfferedCredential[];
  isKnown: boolean;
}>;

/** What a subject can answer with. A decoy is made either way, as large as what is shown, and read like real rows. */
export async function offerFor(deps: Deps, { realm }: Pick<Call, "realm">, lookup: string): Promise<Offer> {
  const draw = drawDecoy(deps.keyring, lookup, realm);
  const { methods, credentials } = draw.shape;
  const rows = methods.filter((method) => method !== "webauthn").length + credentials.length;
  const stored = await deps.store.authenticators.listOffered(lookup, rows);
  const isKnown = stored.length > 0;
  const passkeys = isKnown ? stored.filter(({ method }) => method === "webauthn").length : credentials.length;
  const decoy = offeredByDecoy(deps.keyring, draw, passkeys);
  return { ...offerOf(isKnown ? stored : decoy), isKnown };
}

function offerOf(offered: readonly OfferedAuthenticator[]): Omit<Offer, "isKnown"> {
  const present = new Set(offered.map(({ method }) => method));
  return {
    methods: OFFERED_METHODS.filter((method) => present.has(method)),
    credentials: offered.flatMap(({ credentialId, transports }) =>
      // Written by us as a JSON array of strings.
      credentialId === null ? [] : [{ credentialId, transports: JSON.parse(transports ?? "[]") as string[] }],
    ),
  };
}

function allowedMethods(methods: readonly Method[], terms: ChallengeTerms): readonly Method[] {
  const wanted = terms.methods ?? METHOD_NAMES;
  const strong = methodsFor(terms.acr);
  return methods.filter((method) => wanted.includes(method) && strong.includes(method));
}
