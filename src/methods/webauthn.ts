import type { WebauthnAuthenticator } from "../domain/authenticator.ts";
import { concatBytes, toUtf8 } from "../domain/encoding.ts";
import { type Checked, type Evidence, type RejectionReason, reject } from "../domain/evidence.ts";
import type { WebauthnCrypto } from "../ports/webauthn-crypto.ts";
import { type AuthenticatorData, findHeadFault, readAuthenticatorData } from "./webauthn/authenticator-data.ts";
import { findClientDataFault } from "./webauthn/client-data.ts";
import { DECOY_PUBLIC_KEY } from "./webauthn/decoy-key.ts";
import { type AssertionEnvelope, readAssertion } from "./webauthn/envelope.ts";

/** An assertion, and what the ceremony it belongs to expects. */
export type AssertionInput = Readonly<{
  /** AuthenticationResponseJSON as it came in. */
  response: unknown;
  /** The subject's usable credentials, or decoys with a key of pickDecoyPublicKey; allowCredentials is made of them. */
  candidates: readonly WebauthnAuthenticator[];
  /** The expected challenge, base64url. */
  challenge: string;
  rpId: string;
  /** Exact origins; a match is equality of text. */
  origins: readonly string[];
  userVerification: "required" | "preferred";
  /** The subject's user handle (64 bytes), base64url. */
  userHandle: string;
  /** Set when the subject is known only by the user handle (usernameless): then it must be there. */
  requireUserHandle?: boolean;
  crypto: WebauthnCrypto;
}>;

/**
 * Checks an assertion (WebAuthn L3 §7.2) and never throws on hostile input. Success is evidence whose sign count has
 * still to be spent. Whatever is wrong, a well-shaped answer costs one signature verification: for a credential that
 * is not among the candidates, against a fixed decoy key.
 */
export async function checkAssertion(input: AssertionInput): Promise<Checked> {
  const envelope = readAssertion(input.response);
  const data = envelope === undefined ? undefined : readAuthenticatorData(envelope.authenticatorData);
  // Attested credential data have no place in an assertion (§6.1).
  if (envelope === undefined || data === undefined || data.credential !== undefined) return reject("malformed");
  const candidate = input.candidates.find((known) => known.credentialId === envelope.id);
  const fault = findFault(input, {
    envelope,
    data,
    candidate,
    rpIdHash: await input.crypto.sha256(toUtf8(input.rpId)),
  });
  const signed = await isSignedBy(candidate?.publicKey ?? DECOY_PUBLIC_KEY, envelope, input.crypto);
  if (candidate === undefined) return reject("unknown_credential");
  if (fault !== undefined) return reject(fault, candidate.id);
  if (!signed) return reject("bad_signature", candidate.id);
  if (isCounterRegressed(candidate.signCount, data.signCount)) return reject("counter_regressed", candidate.id);
  return { ok: true, evidence: toEvidence(candidate, data) };
}

type Parts = Readonly<{
  envelope: AssertionEnvelope;
  data: AuthenticatorData;
  candidate: WebauthnAuthenticator | undefined;
  rpIdHash: AuthenticatorData["rpIdHash"];
}>;

/** §7.2 steps 6 to 19, in order; the signature and the counter come after. */
function findFault(input: AssertionInput, parts: Parts): RejectionReason | undefined {
  return (
    findUserHandleFault(input, parts.envelope.userHandle) ??
    findClientDataFault(parts.envelope.clientData, { ...input, type: "webauthn.get" }) ??
    findHeadFault(parts.data, { ...input, rpIdHash: parts.rpIdHash }) ??
    // Backup eligibility is fixed when the credential is made (§6.1.3).
    (parts.data.backupEligible === parts.candidate?.backupEligible ? undefined : "backup_eligibility_changed")
  );
}

function findUserHandleFault(input: AssertionInput, given: string | undefined): RejectionReason | undefined {
  if (given === undefined) return input.requireUserHandle === true ? "wrong_user_handle" : undefined;
  return given === input.userHandle ? undefined : "wrong_user_handle";
}

/** §7.2 steps 20 and 21: the signature covers the authenticator data and the hash of the client data. */
async function isSignedBy(publicKey: string, envelope: AssertionEnvelope, crypto: WebauthnCrypto): Promise<boolean> {
  const data = concatBytes(envelope.authenticatorData, await crypto.sha256(envelope.clientData));
  return crypto.verifySignature({ publicKey, signature: envelope.signature, data });
}

/** §7.2 step 22: authenticators without a counter stay at zero; any other counter has to rise. */
function isCounterRegressed(stored: number, received: number): boolean {
  return (stored !== 0 || received !== 0) && received <= stored;
}

function toEvidence(candidate: WebauthnAuthenticator, data: AuthenticatorData): Evidence {
  return {
    method: "webauthn",
    authenticatorId: candidate.id,
    phishingResistant: true,
    userVerified: data.userVerified,
    backupEligible: data.backupEligible,
    hardwareAttested: candidate.hardwareAttested,
    spend: {
      kind: "sign_count",
      authenticatorId: candidate.id,
      signCount: data.signCount,
      backupState: data.backupState,
    },
  };
}
