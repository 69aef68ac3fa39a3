import { type Administrator, type AdminOutcome, done, refused } from "../domain/administrator.ts";
import type { RejectionReason } from "../domain/evidence.ts";
import { readAssertion } from "../methods/webauthn/envelope.ts";
import type { Deps } from "../ports/deps.ts";
import { type AdminCall, adminAudit } from "./admin-call.ts";
import { type AdminQuestion, askPasskey, checkPasskey } from "./admin-passkey.ts";
import { auditOf, type Call } from "./call.ts";
import { openSession } from "./sessions.ts";

const PURPOSE = "admin:sign_in";

/** Opens the question that a passkey of any administrator answers. */
export async function askSignIn(deps: Deps, call: Call): Promise<AdminQuestion> {
  return askPasskey(deps, call, { purpose: PURPOSE });
}

export type SignInInput = Readonly<{
  /** The question on the page. */ challenge: string | undefined;
  response: unknown;
}>;

/**
 * Signs in whoever holds an administrator's passkey, and returns the new session's token. Every refusal is the same one,
 * for passkeys we know and for those we do not; the reason goes to the audit log only.
 */
export async function signInAdministrator(deps: Deps, call: Call, input: SignInInput): Promise<AdminOutcome<string>> {
  const challenge = await deps.store.challenges.takeAttempt(input.challenge ?? "", call.rpId, call.nowMs);
  if (challenge?.purpose !== PURPOSE) return refuse(deps, call, "wrong_challenge");
  const handle = readAssertion(input.response)?.userHandle ?? "";
  const subject = await deps.store.subjects.findByUserHandle(call.realm.id, handle);
  const administrator = await deps.store.administrators.findBySubject(subject?.lookup ?? "");
  const lookup = administrator?.subjectLookup ?? "";
  const checked = await checkPasskey(deps, call, {
    challenge,
    response: input.response,
    lookup,
    userHandle: subject?.userHandle ?? "",
    isUsernameless: true,
  });
  if (!checked.ok) return refuse(deps, call, checked.reason, lookup === "" ? undefined : lookup);
  if (!administrator) return refuse(deps, call, "no_authenticator");
  return done(await openAdminSession(deps, call, administrator));
}

/** Opens the session of an administrator who has just used a passkey, writes it down, and returns the token. */
export async function openAdminSession(deps: Deps, call: Call, administrator: Administrator): Promise<string> {
  const { id, subjectLookup } = administrator;
  await deps.store.atomically([
    deps.store.administrators.noteSignIn(id, call.nowMs),
    deps.store.audit.append(auditOf(call, "administrator_signed_in", { rpId: null, subjectLookup, actor: id })),
  ]);
  return openSession(deps, {
    kind: "admin",
    realmId: call.realm.id,
    rpId: null,
    subjectLookup,
    provenAtMs: call.nowMs,
    provenMethod: "webauthn",
    data: { administrator: id },
    nowMs: call.nowMs,
  });
}

/** Ends the session on the server, and writes that down. */
export async function signOutAdministrator(deps: Deps, call: AdminCall): Promise<void> {
  const { subjectLookup } = call.administrator;
  await deps.store.atomically([
    deps.store.sessions.end(call.sessionId),
    deps.store.audit.append(adminAudit(call, "session_closed", { subjectLookup })),
  ]);
}

async function refuse(
  deps: Deps,
  call: Call,
  reason: RejectionReason,
  subjectLookup?: string,
): Promise<AdminOutcome<string>> {
  const about = { rpId: null, subjectLookup, method: "webauthn", reason } as const;
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "administrator_refused", about))]);
  return refused("passkey_refused");
}
