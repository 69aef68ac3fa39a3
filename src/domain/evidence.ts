import type { Method } from "./authenticator.ts";

/** What has to be used up, by one statement, before evidence counts. */
export type Spend =
  | Readonly<{ kind: "totp_step"; authenticatorId: string; step: number; inBudget: boolean }>
  | Readonly<{ kind: "sign_count"; authenticatorId: string; signCount: number; backupState: boolean }>
  | Readonly<{ kind: "recovery_code"; authenticatorId: string; mac: string }>;

/** The proof that an answer was right, and what it is worth. It counts only once its spend has succeeded. */
export type Evidence = Readonly<{
  method: Method;
  authenticatorId: string;
  phishingResistant: boolean;
  userVerified: boolean;
  /** Synced or possibly synced: the key may exist on more than one device. */
  backupEligible: boolean;
  hardwareAttested: boolean;
  spend: Spend;
}>;

/** Why an answer was refused: for the audit log only. Callers always see `answer_rejected`. */
export type RejectionReason =
  | "no_authenticator"
  | "malformed"
  | "wrong_code"
  | "already_used"
  | "unknown_credential"
  | "wrong_user_handle"
  | "wrong_type"
  | "wrong_challenge"
  | "wrong_origin"
  | "cross_origin"
  | "wrong_rp_id"
  | "user_absent"
  | "user_unverified"
  | "backup_state_invalid"
  | "backup_eligibility_changed"
  | "bad_key"
  | "algorithm_mismatch"
  | "bad_attestation"
  | "credential_id_invalid"
  | "credential_exists"
  | "bad_signature"
  | "counter_regressed";

export type Rejection = Readonly<{ ok: false; reason: RejectionReason; authenticatorId?: string }>;
export type Checked = Readonly<{ ok: true; evidence: Evidence }> | Rejection;

/** A refusal; `authenticatorId` names the authenticator when the refusal concerns a particular one. */
export function reject(reason: RejectionReason, authenticatorId?: string): Rejection {
  return authenticatorId === undefined ? { ok: false, reason } : { ok: false, reason, authenticatorId };
}
