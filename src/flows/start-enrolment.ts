import type { Method } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { toBase64url, toUtf8 } from "../domain/encoding.ts";
import { authenticatorIdOf, newId } from "../domain/ids.ts";
import { isUsableAccount, neutralAccountName } from "../methods/otpauth-uri.ts";
import { newTotpSecret } from "../methods/totp.ts";
import type { Deps } from "../ports/deps.ts";
import type { NewPendingAuthenticator, StoredAuthenticator } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { spendProof } from "./proof.ts";
import { mayHaveRecoveryCodes } from "./recovery-set.ts";
import { resolveSubject, takeSight } from "./sights.ts";
import { publicSubjectId } from "./subject.ts";
import { secretContext } from "./unseal-authenticator.ts";

/** An unfinished enrolment dies after ten minutes and never replaces anything (requirement T-09). */
const ENROLMENT_MS = 10 * 60 * 1000;
const ATTEMPTS = 20;
const CHALLENGE_BYTES = 32;
const USER_HANDLE_BYTES = 64;
/** More would only slow every check down. */
const MAX_ACTIVE: Readonly<Record<Method, number>> = { totp: 3, webauthn: 20, recovery_code: 1 };

export type RequestEnrolmentInput = Readonly<{
  /** Normalised reference. */
  reference: string;
  method: Method;
  accountName?: string;
  label?: string;
  /** A satisfied challenge, at most five minutes old: needed once the subject has an authenticator. */
  proof?: string;
}>;

/** Starts an enrolment that a relying party asks for. */
export async function requestEnrolment(
  deps: Deps,
  call: Call,
  input: RequestEnrolmentInput,
): Promise<Outcome<StoredAuthenticator>> {
  const resolved = resolveSubject(deps, call, input.reference);
  if (!resolved.ok) return resolved;
  const lookup = resolved.value;
  if (input.accountName !== undefined && !isUsableAccount(input.accountName)) {
    return denied("invalid_request", { detail: "account_name cannot be shown in an authenticator app." });
  }
  const active = await deps.store.authenticators.listActive(lookup);
  // Whatever is answered from here on tells whether there is somebody.
  const sight = await takeSight(deps, call, { subjectLookup: lookup, isKnown: active.length > 0 });
  if (!sight.ok) return sight;
  if (input.method === "recovery_code" && !mayHaveRecoveryCodes(active)) {
    return denied("invalid_request", { detail: "Recovery codes need another authenticator first." });
  }
  if (active.length > 0) {
    const proof = input.proof === undefined ? undefined : { challenge: input.proof, purpose: "verify" };
    const spent = await spendProof(deps, call, { lookup, proof });
    if (!spent.ok) return spent;
  }
  return startEnrolment(deps, call, { ...input, lookup, createdBy: call.rpId });
}

export type StartEnrolmentInput = Readonly<{
  lookup: string;
  method: Method;
  accountName?: string;
  label?: string;
  createdBy: string;
}>;

/** Starts an enrolment for a subject whose right to it has been established. */
export async function startEnrolment(
  deps: Deps,
  call: Call,
  input: StartEnrolmentInput,
): Promise<Outcome<StoredAuthenticator>> {
  const active = await deps.store.authenticators.listUsable(input.lookup, input.method);
  if (input.method !== "recovery_code" && active.length >= MAX_ACTIVE[input.method]) {
    return denied("invalid_request", {
      detail: "This subject has as many authenticators of this method as it can have.",
    });
  }
  const id = authenticatorIdOf(newId("en", deps.random.bytes));
  const userHandle = toBase64url(deps.random.bytes(USER_HANDLE_BYTES));
  const subject = { lookup: input.lookup, realmId: call.realm.id, userHandle, createdAtMs: call.nowMs };
  const about = { subjectLookup: input.lookup, authenticatorId: id, method: input.method };
  await deps.store.atomically([
    deps.store.subjects.ensure(subject),
    deps.store.authenticators.insertPending({
      ...pendingRow(deps, call, id, input),
      ...methodColumns(deps, call, id, input.method),
    }),
    deps.store.audit.append(auditOf(call, "enrolment_started", about)),
  ]);
  const stored = await deps.store.authenticators.find(id, call.realm.id);
  if (!stored) throw new Error("an enrolment just written is not there");
  return granted(stored);
}

function pendingRow(deps: Deps, call: Call, id: string, input: StartEnrolmentInput): NewPendingAuthenticator {
  const name = input.accountName ?? neutralAccountName(publicSubjectId(deps.keyring, call.rpId, input.lookup));
  return {
    id,
    realmId: call.realm.id,
    subjectLookup: input.lookup,
    method: input.method,
    label: input.label ?? "",
    createdBy: input.createdBy,
    createdAtMs: call.nowMs,
    expiresAtMs: call.nowMs + ENROLMENT_MS,
    attemptsLeft: ATTEMPTS,
    accountName: deps.keyring.seal(accountNameContext(id), toUtf8(name)),
  };
}

/** Where an account name is sealed to. */
export function accountNameContext(authenticatorId: string) {
  return { table: "authenticators", column: "account_name", row: authenticatorId } as const;
}

function methodColumns(deps: Deps, call: Call, id: string, method: Method): Partial<NewPendingAuthenticator> {
  switch (method) {
    case "totp": {
      const { algorithm, digits, periodSeconds } = call.realm.policy.totp;
      const secret = deps.keyring.seal(secretContext(id), newTotpSecret(algorithm, deps.random.bytes));
      return { secret, algorithm, digits, periodSeconds };
    }
    case "webauthn":
      return { webauthnChallenge: toBase64url(deps.random.bytes(CHALLENGE_BYTES)) };
    case "recovery_code":
      return {};
    default:
      return method satisfies never;
  }
}
