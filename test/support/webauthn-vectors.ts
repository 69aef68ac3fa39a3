import type { JsonWebKey } from "node:crypto";
import derived from "../vectors/webauthn-derived-negative.json" with { type: "json" };
import spec from "../vectors/webauthn-l3-spec.json" with { type: "json" };

type Ceremony = Readonly<{
  expectedChallenge: string;
  response: Readonly<Record<string, unknown>>;
  decoded: Readonly<{ clientData: Readonly<{ crossOrigin?: boolean; topOrigin?: string }> }>;
}>;

type Outcome = "valid" | "reject";

export type SpecVector = Readonly<{
  id: string;
  fmt: string;
  coseAlg: number;
  keysHex: Readonly<Record<string, string>>;
  registration: Ceremony &
    Readonly<{
      decoded: Readonly<{
        aaguid: string;
        credentialPublicKeyCose: string;
        credentialPublicKeyJwk: JsonWebKey;
        x5cCount: number;
      }>;
    }>;
  authentication: Ceremony;
  expect: Readonly<{
    registration: Outcome;
    authentication: Outcome;
    registrationIfUvRequired: Outcome;
    authenticationIfUvRequired: Outcome;
  }>;
}>;

export type SpecVectors = Readonly<{
  rpId: string;
  origin: string;
  attestationRoot: Readonly<{ certificateDer: string }>;
  vectors: readonly SpecVector[];
}>;

export type DerivedVector = Readonly<{
  id: string;
  ceremony: "registration" | "authentication";
  expect: "accept" | "reject" | "risk-signal";
  why: string;
  response: Readonly<Record<string, unknown>>;
  given: Readonly<{
    rpId: string;
    expectedOrigins: readonly string[];
    expectedChallenge: string;
    requireUserVerification: boolean;
    pubKeyCredParams: readonly number[];
    allowCredentials?: readonly string[];
    userHandle?: string;
  }>;
  storedCredential?: Readonly<{
    id: string;
    publicKeyCose: string;
    signCount: number;
    backupEligible: boolean;
    backupState: boolean;
  }>;
}>;

/** The test vectors of WebAuthn L3 §16. */
export function readSpecVectors(): SpecVectors {
  // Our own data: its shape is asserted, not checked.
  return spec as unknown as SpecVectors;
}

/** Negative and edge cases, correctly signed with the key of §16.2. */
export function readDerivedVectors(): readonly DerivedVector[] {
  // As above.
  return derived.vectors as unknown as readonly DerivedVector[];
}
