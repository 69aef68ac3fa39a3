import { type AdminOutcome, done, refused } from "../domain/administrator.ts";
import type { RejectionReason } from "../domain/evidence.ts";
import type { Deps } from "../ports/deps.ts";
import { type AdminCall, adminAudit } from "./admin-call.ts";
import { type AdminQuestion, askPasskey, checkPasskey } from "./admin-passkey.ts";
import { PROOF_MS } from "./proof.ts";

/** What a touch is for: the action, and the one thing it is done to. */
export type TouchAction =
  | Readonly<{ action: "reset" | "lift"; lookup: string }>
  | Readonly<{ action: "revoke" | "lift_scan" | "limit_unknown"; rpId: string }>
  | Readonly<{ action: "invite" | "lift_guessing" }>
  | Readonly<{ action: "remove"; administrator: string }>;

/** A form's answer: the question's id as the page held it, and the passkey's response. */
export type Touch = Readonly<{ id: string; response: unknown }>;

/** Opens the question for one form: only this administrator, in this session, can answer it, and only for this action. */
export async function askTouch(deps: Deps, call: AdminCall, about: TouchAction): Promise<AdminQuestion> {
  return askPasskey(deps, call, { purpose: purposeOf(call, about), lookup: call.administrator.subjectLookup });
}

/**
 * Uses up a fresh passkey touch for one action (requirement L-10). A touch that is too old, was used, or belongs to
 * another action, session or administrator is refused, and its question is closed by the try.
 */
export async function spendTouch(
  deps: Deps,
  call: AdminCall,
  about: TouchAction,
  touch: Touch,
): Promise<AdminOutcome<undefined>> {
  const { subjectLookup } = call.administrator;
  const purpose = purposeOf(call, about);
  const challenge = await deps.store.challenges.takeAttempt(touch.id, call.rpId, call.nowMs);
  if (!challenge || challenge.purpose !== purpose) return refuse(deps, call, "wrong_challenge");
  const subject = await deps.store.subjects.find(subjectLookup);
  const checked = await checkPasskey(deps, call, {
    challenge,
    response: touch.response,
    lookup: subjectLookup,
    userHandle: subject?.userHandle ?? "",
    isUsernameless: false,
  });
  if (!checked.ok) return refuse(deps, call, checked.reason);
  const by = { rpId: call.rpId, subjectLookup, purpose, sinceMs: call.nowMs - PROOF_MS, nowMs: call.nowMs };
  return (await deps.store.challenges.spendProof(challenge.id, by))
    ? done(undefined)
    : refuse(deps, call, "already_used");
}

function purposeOf(call: AdminCall, about: TouchAction): string {
  return `admin:${about.action}:${targetOf(about)}:${call.sessionId}`;
}

function targetOf(about: TouchAction): string {
  switch (about.action) {
    case "reset":
    case "lift":
      return about.lookup;
    case "revoke":
    case "lift_scan":
    case "limit_unknown":
      return about.rpId;
    case "remove":
      return about.administrator;
    case "invite":
    case "lift_guessing":
      return "";
    default:
      return about satisfies never;
  }
}

async function refuse(deps: Deps, call: AdminCall, reason: RejectionReason): Promise<AdminOutcome<undefined>> {
  const about = { subjectLookup: call.administrator.subjectLookup, method: "webauthn", reason } as const;
  await deps.store.atomically([deps.store.audit.append(adminAudit(call, "administrator_refused", about))]);
  return refused("passkey_refused");
}
