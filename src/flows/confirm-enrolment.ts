import { type Denial, denied, granted, type Outcome } from "../domain/denial.ts";
import type { RejectionReason } from "../domain/evidence.ts";
import { checkTotp, measureClockSkew } from "../methods/totp.ts";
import { DEFAULT_ALGORITHMS } from "../methods/webauthn/options.ts";
import { providerName } from "../methods/webauthn/provider-names.ts";
import { checkAttestation } from "../methods/webauthn-registration.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredAuthenticator } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { claimRecoveryCodes, mayHaveRecoveryCodes, renewRecoveryCodes } from "./recovery-set.ts";
import { forgetSights } from "./sights.ts";
import { unsealAuthenticator } from "./unseal-authenticator.ts";

export type ConfirmEnrolmentInput = Readonly<{
  authenticatorId: string;
  /** Who may confirm: what the enrolment was created by. */
  createdBy: string;
  answer: Readonly<{ totp: string }> | Readonly<{ webauthn: unknown }> | Readonly<{ recoveryCodes: true }>;
  label?: string;
  userVerification?: "required";
}>;

export type ConfirmedEnrolment = Readonly<{
  authenticator: StoredAuthenticator;
  /** With the first authenticator of a subject, and with a renewed set: shown this once. */
  recoveryCodes?: readonly string[];
}>;

/**
 * Makes a pending enrolment an authenticator. The confirming code is used up with it, other pending enrolments of the
 * subject are dropped, and a subject without recovery codes gets them.
 */
export async function confirmEnrolment(
  deps: Deps,
  call: Call,
  input: ConfirmEnrolmentInput,
): Promise<Outcome<ConfirmedEnrolment>> {
  const pending = await deps.store.authenticators.takeAttempt(input.authenticatorId, call.realm.id, call.nowMs);
  if (!pending || pending.createdBy !== input.createdBy) return denied("not_found");
  if ("recoveryCodes" in input.answer) return confirmRecoveryCodes(deps, call, pending);
  const activated =
    "totp" in input.answer
      ? await activateTotp(deps, call, pending, { code: input.answer.totp, label: input.label })
      : await activateWebauthn(deps, call, pending, { ...input, response: input.answer.webauthn });
  if (!activated.ok) return reportRejection(deps, call, pending, activated);
  return granted(await settle(deps, call, activated.authenticator));
}

type Activated =
  | Readonly<{ ok: true; authenticator: StoredAuthenticator }>
  | Readonly<{ ok: false; reason: RejectionReason; denial: Denial }>;

async function activateTotp(
  deps: Deps,
  call: Call,
  pending: StoredAuthenticator,
  { code, label }: Readonly<{ code: string; label?: string }>,
): Promise<Activated> {
  if (pending.method !== "totp") return refused("malformed");
  const totp = unsealAuthenticator(deps.keyring, pending);
  if (totp.method !== "totp") return refused("malformed");
  const policy = call.realm.policy.totp;
  const checked = checkTotp({ code, candidates: [totp], now: call.nowMs, policy, hmac: deps.totpHmac });
  if (!checked.ok) {
    const skew = measureClockSkew({ code, key: totp, now: call.nowMs, policy, hmac: deps.totpHmac });
    return refused(checked.reason, skew);
  }
  const { spend } = checked.evidence;
  if (spend.kind !== "totp_step") return refused("malformed");
  const named = label || pending.label || (await numbered(deps, pending, "Authenticator app"));
  const authenticator = await activateWithStep(deps, call, pending, { label: named, step: spend.step });
  return authenticator ? { ok: true, authenticator } : refused("already_used");
}

/**
 * The subject's first authenticator app has its steps remembered by the guess budget, each further one in its own row.
 * The budget comes first: it must never learn of a step that is older than one already accepted.
 */
async function activateWithStep(
  deps: Deps,
  call: Call,
  { id, subjectLookup }: StoredAuthenticator,
  { label, step }: Readonly<{ label: string; step: number }>,
): Promise<StoredAuthenticator | undefined> {
  const { authenticators, guessBudgets } = deps.store;
  const stepsInBudget = await guessBudgets.rememberCodes({ subjectLookup, authenticatorId: id, step });
  const activated = await authenticators.activateTotp(id, { step, label, stepsInBudget }, call.nowMs);
  if (!activated && stepsInBudget) await deps.store.atomically([guessBudgets.forgetCodes(subjectLookup, id)]);
  return activated;
}

async function activateWebauthn(
  deps: Deps,
  call: Call,
  pending: StoredAuthenticator,
  input: Readonly<{ response: unknown; label?: string; userVerification?: "required" }>,
): Promise<Activated> {
  if (pending.method !== "webauthn") return refused("malformed");
  const checked = await checkAttestation({
    response: input.response,
    challenge: pending.webauthnChallenge ?? "",
    rpId: call.realm.rpId,
    origins: call.realm.origins,
    userVerification: input.userVerification ?? "preferred",
    algorithms: DEFAULT_ALGORITHMS,
    nowMs: call.nowMs,
    crypto: deps.webauthnCrypto,
  });
  if (!checked.ok) return refused(checked.reason);
  const { credential } = checked;
  const label = input.label || pending.label || (await defaultLabel(deps, call, pending, credential.aaguid));
  const activated = await deps.store.authenticators.activateWebauthn(pending.id, credential, label, call.nowMs);
  if (activated === "exists") return refused("credential_exists");
  return activated ? { ok: true, authenticator: activated } : refused("already_used");
}

/** The provider's name with a number when there are several, else "Passkey" with the date (ux U-29). */
async function defaultLabel(deps: Deps, call: Call, pending: StoredAuthenticator, aaguid: string): Promise<string> {
  const provider = providerName(aaguid);
  if (provider === undefined) return `Passkey ${new Date(call.nowMs).toISOString().slice(0, 10)}`;
  return numbered(deps, pending, provider);
}

async function numbered(deps: Deps, pending: StoredAuthenticator, name: string): Promise<string> {
  const others = await deps.store.authenticators.listActive(pending.subjectLookup);
  const isNamed = ({ method, label }: StoredAuthenticator) =>
    method === pending.method && (label === name || label.startsWith(`${name} `));
  const same = others.filter(isNamed).length;
  return same === 0 ? name : `${name} ${same + 1}`;
}

async function settle(deps: Deps, call: Call, authenticator: StoredAuthenticator): Promise<ConfirmedEnrolment> {
  const { subjectLookup: lookup, id, method, createdBy } = authenticator;
  const alongside = [
    deps.store.authenticators.dropPending(lookup),
    deps.store.audit.append(
      auditOf(call, "authenticator_added", { subjectLookup: lookup, authenticatorId: id, method }),
    ),
  ];
  const recoveryCodes = await claimRecoveryCodes(deps, call, { lookup, createdBy, alongside });
  if (!recoveryCodes) await deps.store.atomically(alongside);
  await forgetSights(deps, lookup);
  return { authenticator, recoveryCodes };
}

async function confirmRecoveryCodes(
  deps: Deps,
  call: Call,
  pending: StoredAuthenticator,
): Promise<Outcome<ConfirmedEnrolment>> {
  if (pending.method !== "recovery_code") return reportRejection(deps, call, pending, refused("malformed"));
  const { subjectLookup: lookup, createdBy } = pending;
  const active = await deps.store.authenticators.listActive(lookup);
  if (!mayHaveRecoveryCodes(active)) return reportRejection(deps, call, pending, refused("no_authenticator"));
  await deps.store.atomically([deps.store.authenticators.dropOnePending(pending.id, lookup)]);
  const recoveryCodes = await renewRecoveryCodes(deps, call, { lookup, createdBy });
  const set = (await deps.store.authenticators.listActive(lookup)).find(({ method }) => method === "recovery_code");
  if (!recoveryCodes || !set) return denied("not_found");
  return granted({ authenticator: set, recoveryCodes });
}

async function reportRejection(
  deps: Deps,
  call: Call,
  pending: StoredAuthenticator,
  rejected: Extract<Activated, { ok: false }>,
): Promise<Outcome<ConfirmedEnrolment>> {
  const { subjectLookup, id, method } = pending;
  const about = { subjectLookup, authenticatorId: id, method, reason: rejected.reason };
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "enrolment_rejected", about))]);
  return { ok: false, denial: rejected.denial };
}

function refused(reason: RejectionReason, clockSkewSeconds?: number): Extract<Activated, { ok: false }> {
  return { ok: false, reason, denial: { code: "answer_rejected", clockSkewSeconds } };
}
