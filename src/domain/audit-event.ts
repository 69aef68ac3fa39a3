import type { Method } from "./authenticator.ts";
import type { Lane } from "./guess-budget.ts";

/** Every decision that is written down; `notable` ones are told to relying parties. */
export const AUDIT_KINDS = {
  challenge_opened: { notable: false },
  challenge_declined: { notable: true },
  challenge_redeemed: { notable: false },
  answer_accepted: { notable: false },
  answer_rejected: { notable: false },
  answer_throttled: { notable: false },
  lane_suspended: { notable: true },
  guessing_alarm: { notable: true },
  guessing_alarm_lifted: { notable: true },
  counter_regressed: { notable: true },
  device_replayed: { notable: true },
  enrolment_started: { notable: false },
  enrolment_rejected: { notable: false },
  enrolment_dropped: { notable: false },
  authenticator_added: { notable: true },
  authenticator_renamed: { notable: false },
  authenticator_revoked: { notable: true },
  recovery_code_used: { notable: true },
  recovery_codes_renewed: { notable: true },
  subject_reset: { notable: true },
  subject_deleted: { notable: true },
  subject_reported: { notable: true },
  budget_lifted: { notable: true },
  proof_rejected: { notable: false },
  receipt_rejected: { notable: false },
  link_opened: { notable: false },
  session_opened: { notable: false },
  session_closed: { notable: false },
  password_suspected: { notable: true },
  suspicion_confirmed: { notable: true },
  suspicion_dismissed: { notable: false },
  scan_alarm: { notable: true },
  scan_alarm_lifted: { notable: true },
  unknown_subjects_rising: { notable: true },
  realm_branded: { notable: false },
  relying_party_created: { notable: false },
  relying_party_revoked: { notable: false },
  relying_party_changed: { notable: false },
  api_key_created: { notable: false },
  api_key_revoked: { notable: false },
  administrator_invited: { notable: false },
  administrator_added: { notable: false },
  administrator_removed: { notable: false },
  administrator_signed_in: { notable: false },
  administrator_refused: { notable: false },
  administrator_looked_up: { notable: false },
  authorization_code_replayed: { notable: true },
  help_requested: { notable: true },
  help_handled: { notable: false },
  master_key_rotated: { notable: false },
  password_policy_changed: { notable: false },
  realm_limits_changed: { notable: false },
  signing_key_rotated: { notable: false },
} as const satisfies Record<string, Readonly<{ notable: boolean }>>;

export type AuditKind = keyof typeof AUDIT_KINDS;

/**
 * One row of the audit log. It holds no identifier, code or secret: the subject is the keyed lookup, `reason` is one of
 * our codes or what an administrator typed.
 */
export type AuditEvent = Readonly<{
  atMs: number;
  kind: AuditKind;
  realmId: string;
  requestId: string;
  rpId?: string | null;
  subjectLookup?: string | null;
  authenticatorId?: string | null;
  method?: Method | null;
  lane?: Lane | null;
  reason?: string | null;
  actor?: string | null;
}>;

export type StoredAuditEvent = Readonly<{
  id: number;
  atMs: number;
  kind: AuditKind;
  realmId: string;
  requestId: string;
  rpId: string | null;
  subjectLookup: string | null;
  authenticatorId: string | null;
  method: Method | null;
  lane: Lane | null;
  reason: string | null;
  actor: string | null;
}>;
