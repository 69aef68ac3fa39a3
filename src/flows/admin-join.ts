import { type Administrator, type AdminOutcome, done, refused } from "../domain/administrator.ts";
import type { RejectionReason } from "../domain/evidence.ts";
import { DEFAULT_ALGORITHMS } from "../methods/webauthn/options.ts";
import { providerName } from "../methods/webauthn/provider-names.ts";
import { checkAttestation } from "../methods/webauthn-registration.ts";
import type { Deps } from "../ports/deps.ts";
import type { NewCredential, StoredAuthenticator } from "../ports/store.ts";
import { findInvitation, type Invitation } from "./admin-invite.ts";
import { openAdminSession } from "./admin-sign-in.ts";
import { auditOf, type Call } from "./call.ts";
import { describePasskey } from "./describe-enrolment.ts";
import { openSession } from "./sessions.ts";
import { startEnrolment } from "./start-enrolment.ts";

/**
 * Exchanges the token of an invitation for a session in which nobody is signed in, so that the token leaves the address
 * bar. The invitation stays open: it is used up by the passkey. Used, expired and unknown links answer alike.
 */
export async function enterInvitation(deps: Deps, call: Call, token: string): Promise<string | undefined> {
  const invitation = await findInvitation(deps, deps.keyring.hash(token), call.nowMs);
  if (!invitation) return undefined;
  return openSession(deps, {
    kind: "admin",
    realmId: call.realm.id,
    rpId: null,
    subjectLookup: invitation.lookup,
    provenAtMs: null,
    provenMethod: null,
    data: { invitation: invitation.id },
    nowMs: call.nowMs,
  });
}

/** The pending passkey of an invitation; `enrolment` is the one that the page already has, if it still runs. */
export async function startJoining(
  deps: Deps,
  call: Call,
  of: Readonly<{ invitation: Invitation; enrolment: string | undefined }>,
): Promise<Readonly<{ enrolment: string; options: unknown }>> {
  const { administrator, lookup, name } = of.invitation;
  const running = of.enrolment && (await deps.store.authenticators.find(of.enrolment, call.realm.id));
  const pending = running && isRunning(running, call.nowMs) ? running : await start();
  const options = await describePasskey(deps, call, pending, { userVerification: "required" });
  // Signing in is usernameless, so the passkey has to be discoverable (WebAuthn L3 §5.4.6).
  const selection = { ...options.authenticatorSelection, residentKey: "required", requireResidentKey: true };
  return { enrolment: pending.id, options: { ...options, authenticatorSelection: selection } };

  async function start(): Promise<StoredAuthenticator> {
    const input = { lookup, method: "webauthn", accountName: name, createdBy: administrator } as const;
    const started = await startEnrolment(deps, call, input);
    if (!started.ok) throw new Error("an invited administrator has too many passkeys");
    return started.value;
  }
}

function isRunning(pending: StoredAuthenticator, nowMs: number): boolean {
  return pending.status === "pending" && (pending.expiresAtMs ?? 0) > nowMs && pending.attemptsLeft > 0;
}

export type JoinInput = Readonly<{
  invitation: Invitation;
  enrolment: string | undefined;
  name: string;
  response: unknown;
}>;

/**
 * Makes the invited person an administrator: their passkey is checked, the invitation used up (of several tries one
 * wins), and a session opened, whose token is returned.
 */
export async function joinAdministrators(deps: Deps, call: Call, input: JoinInput): Promise<AdminOutcome<string>> {
  const { invitation } = input;
  const pending = await deps.store.authenticators.takeAttempt(input.enrolment ?? "", call.realm.id, call.nowMs);
  if (pending?.createdBy !== invitation.administrator) return refuse(deps, call, invitation, "wrong_challenge");
  const checked = await checkAttestation({
    response: input.response,
    challenge: pending.webauthnChallenge ?? "",
    rpId: call.realm.rpId,
    origins: call.realm.origins,
    userVerification: "required",
    algorithms: DEFAULT_ALGORITHMS,
    nowMs: call.nowMs,
    crypto: deps.webauthnCrypto,
  });
  if (!checked.ok) return refuse(deps, call, invitation, checked.reason);
  if (!(await deps.store.grants.spend(invitation.id, call.nowMs))) return refused("not_found");
  if (!(await activate(deps, call, pending, checked.credential))) {
    return refuse(deps, call, invitation, "credential_exists");
  }
  return done(await install(deps, call, { ...input, authenticatorId: pending.id }));
}

async function activate(deps: Deps, call: Call, pending: StoredAuthenticator, credential: NewCredential) {
  const label = providerName(credential.aaguid) ?? `Passkey ${new Date(call.nowMs).toISOString().slice(0, 10)}`;
  const activated = await deps.store.authenticators.activateWebauthn(pending.id, credential, label, call.nowMs);
  return activated !== undefined && activated !== "exists";
}

async function install(
  deps: Deps,
  call: Call,
  { invitation, name, authenticatorId }: JoinInput & Readonly<{ authenticatorId: string }>,
): Promise<string> {
  const { administrator: id, lookup: subjectLookup, role } = invitation;
  const administrator: Administrator = {
    id,
    subjectLookup,
    name,
    role,
    createdAtMs: call.nowMs,
    lastSignInAtMs: call.nowMs,
  };
  const about = { rpId: null, subjectLookup, actor: id, authenticatorId, method: "webauthn", reason: role } as const;
  await deps.store.atomically([
    deps.store.administrators.insert(administrator),
    ...(role === "owner" ? [deps.store.administrators.addOwner()] : []),
    deps.store.authenticators.dropPending(subjectLookup),
    deps.store.sessions.endAll(subjectLookup),
    deps.store.audit.append(auditOf(call, "administrator_added", about)),
  ]);
  return openAdminSession(deps, call, administrator);
}

async function refuse(
  deps: Deps,
  call: Call,
  invitation: Invitation,
  reason: RejectionReason,
): Promise<AdminOutcome<string>> {
  const about = { rpId: null, subjectLookup: invitation.lookup, method: "webauthn", reason } as const;
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "administrator_refused", about))]);
  return refused("passkey_refused");
}
