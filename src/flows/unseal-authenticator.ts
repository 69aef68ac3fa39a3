import type { TotpAlgorithm, UsableAuthenticator, WebauthnAuthenticator } from "../domain/authenticator.ts";
import type { Keyring } from "../ports/keyring.ts";
import type { CheckableAuthenticator } from "../ports/store.ts";

/** Where an authenticator's secret is sealed to. */
export function secretContext(authenticatorId: string) {
  return { table: "authenticators", column: "secret", row: authenticatorId } as const;
}

/** A stored authenticator with its secret in clear, for the length of a request. Throws KeyringError. */
export function unsealAuthenticator(keyring: Keyring, stored: CheckableAuthenticator): UsableAuthenticator {
  switch (stored.method) {
    case "totp":
      return {
        id: stored.id,
        method: "totp",
        secret: keyring.open(secretContext(stored.id), stored.secret ?? ""),
        // Written from the policy's closed unions at enrolment.
        algorithm: stored.algorithm as TotpAlgorithm,
        digits: stored.digits as 6 | 8,
        periodSeconds: stored.periodSeconds as 30 | 60,
        stepsInBudget: stored.stepsInBudget === 1,
      };
    case "webauthn":
      return toWebauthn(stored);
    case "recovery_code":
      return { id: stored.id, method: "recovery_code" };
    default:
      return stored.method satisfies never;
  }
}

/** The columns of a passkey. */
export type StoredPasskey = Pick<
  CheckableAuthenticator,
  | "id"
  | "credentialId"
  | "publicKey"
  | "signCount"
  | "backupEligible"
  | "backupState"
  | "hardwareAttested"
  | "transports"
>;

/** The passkey's public record. */
export function toWebauthn(stored: StoredPasskey): WebauthnAuthenticator {
  return {
    id: stored.id,
    method: "webauthn",
    credentialId: stored.credentialId ?? "",
    publicKey: stored.publicKey ?? "",
    signCount: stored.signCount,
    backupEligible: stored.backupEligible === 1,
    backupState: stored.backupState === 1,
    // Written by us as a JSON array of strings.
    transports: JSON.parse(stored.transports ?? "[]") as string[],
    hardwareAttested: stored.hardwareAttested === 1,
  };
}

/** A passkey's record as the columns it is read from. */
export function asStored(passkey: WebauthnAuthenticator): StoredPasskey {
  return {
    ...passkey,
    backupEligible: Number(passkey.backupEligible),
    backupState: Number(passkey.backupState),
    transports: JSON.stringify(passkey.transports),
    hardwareAttested: Number(passkey.hardwareAttested),
  };
}
