import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { createWebauthnCrypto } from "../../src/crypto/webauthn-crypto.ts";
import type { WebauthnAuthenticator } from "../../src/domain/authenticator.ts";
import { toBase64url } from "../../src/domain/encoding.ts";
import { buildCreationOptions, buildRequestOptions, DEFAULT_ALGORITHMS } from "../../src/methods/webauthn/options.ts";
import type { AssertionInput } from "../../src/methods/webauthn.ts";
import {
  type AttestationInput,
  checkAttestation,
  type NewCredential,
} from "../../src/methods/webauthn-registration.ts";
import {
  type AuthenticationOverrides,
  createAuthenticator,
  type RegistrationOverrides,
  type VirtualAuthenticator,
} from "./virtual-authenticator.ts";

export const RP_ID = "login.example";
const ORIGIN = "https://login.example";
export const CHALLENGE = toBase64url(new Uint8Array(32).fill(7));
export const USER_HANDLE = toBase64url(new Uint8Array(64).fill(9));
export const NOW_MS = Date.UTC(2026, 10, 23);
export const crypto = createWebauthnCrypto();

const creationOptions = buildCreationOptions({
  rpId: RP_ID,
  rpName: "Example",
  userHandle: USER_HANDLE,
  userName: "neutral",
  displayName: "neutral",
  challenge: CHALLENGE,
  excludeCredentials: [],
  userVerification: "preferred",
});

/** An authenticator at the RP's own origin. */
function makeAuthenticator(settings: Partial<Parameters<typeof createAuthenticator>[0]> = {}): VirtualAuthenticator {
  return createAuthenticator({ rpId: RP_ID, origin: ORIGIN, ...settings });
}

/** A registration as it would come in, with the named deviations. */
export function register(overrides: RegistrationOverrides = {}): RegistrationResponseJSON {
  return makeAuthenticator().register(creationOptions, overrides);
}

/** What an honest relying party expects of a registration. */
export function attestationInput(response: unknown, changes: Partial<AttestationInput> = {}): AttestationInput {
  return {
    response,
    challenge: CHALLENGE,
    rpId: RP_ID,
    origins: [ORIGIN],
    userVerification: "preferred",
    algorithms: DEFAULT_ALGORITHMS,
    nowMs: NOW_MS,
    crypto,
    ...changes,
  };
}

/** What an honest relying party expects of an assertion. */
export function assertionInput(
  response: unknown,
  candidate: WebauthnAuthenticator,
  changes: Partial<AssertionInput> = {},
): AssertionInput {
  return {
    response,
    candidates: [candidate],
    challenge: CHALLENGE,
    rpId: RP_ID,
    origins: [ORIGIN],
    userVerification: "preferred",
    userHandle: USER_HANDLE,
    crypto,
    ...changes,
  };
}

export type Enrolled = Readonly<{
  candidate: WebauthnAuthenticator;
  authenticate: (overrides?: AuthenticationOverrides) => AuthenticationResponseJSON;
}>;

/** A credential that passed registration, and what answers for it. */
export async function enrol(
  overrides: RegistrationOverrides = {},
  settings: Partial<Parameters<typeof createAuthenticator>[0]> = {},
): Promise<Enrolled> {
  const authenticator = makeAuthenticator(settings);
  const checked = await checkAttestation(attestationInput(authenticator.register(creationOptions, overrides)));
  if (!checked.ok) throw new Error(`registration refused: ${checked.reason}`);
  const candidate = toCandidate(checked.credential);
  const options = buildRequestOptions({
    rpId: RP_ID,
    challenge: CHALLENGE,
    allowCredentials: [{ id: candidate.credentialId, transports: candidate.transports }],
    userVerification: "preferred",
  });
  return { candidate, authenticate: (changes) => authenticator.authenticate(options, changes) };
}

/** The stored form of a new credential. */
export function toCandidate(credential: NewCredential): WebauthnAuthenticator {
  const { backupEligible, backupState, credentialId, hardwareAttested, publicKey, signCount, transports } = credential;
  const stored = { backupEligible, backupState, credentialId, hardwareAttested, publicKey, signCount, transports };
  return { id: "au_test", method: "webauthn", ...stored };
}
