import { fromUtf8, toBase32 } from "../domain/encoding.ts";
import { groupedKey, isUsableIssuer, otpauthUri } from "../methods/otpauth-uri.ts";
import { buildCreationOptions, type Hint } from "../methods/webauthn/options.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredAuthenticator } from "../ports/store.ts";
import type { Call } from "./call.ts";
import { accountNameContext } from "./start-enrolment.ts";
import { toWebauthn, unsealAuthenticator } from "./unseal-authenticator.ts";

/** What a person needs to set up an authenticator app. `secret` is base32, `key` the same in groups of four. */
export type TotpEnrolment = Readonly<{
  secret: string;
  key: readonly string[];
  uri: string;
  digits: 6 | 8;
  accountName: string;
}>;

/** Unseals a pending TOTP enrolment for the person who enrols. `issuer` is the name that the app will show. */
export function describeTotp(deps: Deps, call: Call, pending: StoredAuthenticator, issuer: string): TotpEnrolment {
  const totp = unsealAuthenticator(deps.keyring, pending);
  if (totp.method !== "totp") throw new Error("not a TOTP enrolment");
  const account = accountNameOf(deps, pending);
  const name = [issuer, call.realm.name].find(isUsableIssuer) ?? "Countersign";
  return {
    secret: toBase32(totp.secret),
    key: groupedKey(totp.secret).split(" "),
    uri: otpauthUri({ ...totp, issuer: name, account }),
    digits: totp.digits,
    accountName: account,
  };
}

/** PublicKeyCredentialCreationOptionsJSON for a pending passkey enrolment. */
export async function describePasskey(
  deps: Deps,
  call: Call,
  pending: StoredAuthenticator,
  wishes: Readonly<{ userVerification?: "required"; hints?: readonly Hint[] }> = {},
) {
  const subject = await deps.store.subjects.find(pending.subjectLookup);
  if (!subject || pending.webauthnChallenge === null) throw new Error("not a passkey enrolment");
  const existing = await deps.store.authenticators.listUsable(pending.subjectLookup, "webauthn");
  const name = accountNameOf(deps, pending);
  return buildCreationOptions({
    rpId: call.realm.rpId,
    rpName: call.realm.name,
    userHandle: subject.userHandle,
    userName: name,
    displayName: name,
    challenge: pending.webauthnChallenge,
    excludeCredentials: existing
      .map(toWebauthn)
      .map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    userVerification: wishes.userVerification ?? "preferred",
    hints: wishes.hints,
  });
}

function accountNameOf(deps: Deps, pending: StoredAuthenticator): string {
  return fromUtf8(deps.keyring.open(accountNameContext(pending.id), pending.accountName ?? ""));
}
