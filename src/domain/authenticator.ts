import type { Bytes } from "./encoding.ts";

/** The hash of RFC 6238 §1.2. */
export type TotpAlgorithm = "SHA1" | "SHA256" | "SHA512";

export type Method = "totp" | "webauthn" | "recovery_code";

export const METHOD_NAMES: readonly Method[] = ["totp", "webauthn", "recovery_code"];

/** As a challenge offers them: the best first. */
export const OFFERED_METHODS: readonly Method[] = ["webauthn", "totp", "recovery_code"];

/** What a method needs in order to check an answer; secrets are in clear here and live only as long as the request. */
export type TotpAuthenticator = Readonly<{
  id: string;
  method: "totp";
  secret: Bytes;
  algorithm: TotpAlgorithm;
  digits: 6 | 8;
  periodSeconds: 30 | 60;
  /** Its last step is remembered by the subject's guess budget. */
  stepsInBudget: boolean;
}>;

export type WebauthnAuthenticator = Readonly<{
  id: string;
  method: "webauthn";
  /** base64url */
  credentialId: string;
  /** COSE_Key, base64url */
  publicKey: string;
  signCount: number;
  backupEligible: boolean;
  backupState: boolean;
  transports: readonly string[];
  /** The attestation chained to a trusted root of a hardware maker. */
  hardwareAttested: boolean;
}>;

export type RecoveryCodeAuthenticator = Readonly<{ id: string; method: "recovery_code" }>;

export type UsableAuthenticator = TotpAuthenticator | WebauthnAuthenticator | RecoveryCodeAuthenticator;

/** What came in from the person: exactly one of the three. */
export type Answer =
  | Readonly<{ method: "totp"; code: string }>
  | Readonly<{ method: "recovery_code"; code: string }>
  | Readonly<{ method: "webauthn"; response: unknown }>;
