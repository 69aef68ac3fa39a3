import type { AdminRole } from "../../domain/administrator.ts";
import type { Method } from "../../domain/authenticator.ts";
import type { Lane } from "../../domain/guess-budget.ts";
import type { AuthenticatorView, Frame } from "./models.ts";

/** Who is signed in; every view behind the sign-in carries it. */
export type AdminSelf = Readonly<{ name: string; role: AdminRole }>;

/**
 * Views of the administration pages. Forms:
 * /admin/invite: POST {webauthn, name} enrols the invited administrator's passkey;
 * /admin/sign-in: POST {webauthn}; /admin/sign-out: POST {};
 * /admin/subjects: POST {relying_party, subject} finds by exact reference (never in a URL) → subject view;
 * /admin/subjects/reset: POST {target, authenticator?, reason, webauthn} · /admin/subjects/lift: POST {target, lane, reason, webauthn};
 * /admin/relying-parties: POST {name, redirect_uris} · /admin/relying-parties/{id}/keys: POST {scopes, expires_in_days?} ·
 * /admin/relying-parties/{id}/keys/{key}/revoke: POST {} · /admin/relying-parties/{id}/revoke: POST {webauthn};
 * /admin/administrators: POST {name, role, webauthn} invites · /admin/administrators/{id}/remove: POST {reason, webauthn};
 * /admin/audit: GET ?kind&relying_party&from&to&before (page by id).
 * `touch` holds PublicKeyCredentialRequestOptionsJSON for the fresh passkey touch that a form needs.
 */
export type AdminModel = Frame &
  Readonly<{ page: "admin" }> &
  (
    | Readonly<{ view: "invite"; role: AdminRole; name: string; options: unknown; problem?: "passkey_refused" }>
    | Readonly<{ view: "sign_in"; options: unknown; problem?: "passkey_refused" }>
    | (Readonly<{ self: AdminSelf }> & SignedInView)
  );

export type SignedInView =
  | Readonly<{ view: "find"; relyingParties: readonly NamedId[]; problem?: AdminProblem }>
  | (Readonly<{ view: "subject" }> & SubjectView)
  | Readonly<{ view: "relying_parties"; relyingParties: readonly RelyingPartyView[]; problem?: AdminProblem }>
  | Readonly<{
      view: "relying_party";
      relyingParty: RelyingPartyView;
      keys: readonly ApiKeyView[];
      created?: NewCredentials;
      touch: unknown;
      problem?: AdminProblem;
    }>
  | Readonly<{
      view: "administrators";
      administrators: readonly AdministratorView[];
      invited?: Readonly<{ url: string; expiresAt: string }>;
      touch: unknown;
      problem?: AdminProblem;
    }>
  | Readonly<{
      view: "audit";
      events: readonly AuditView[];
      kinds: readonly string[];
      relyingParties: readonly NamedId[];
      filter: AuditFilter;
      nextBefore?: string;
    }>;

export type NamedId = Readonly<{ id: string; name: string }>;

/** Why a form was not carried out. */
export type AdminProblem =
  | "not_found"
  | "reason_missing"
  | "passkey_refused"
  | "forbidden"
  | "last_owner"
  | "own_account"
  | "invalid_redirect_uri"
  | "invalid_name"
  | "nothing_to_do";

export type SubjectView = Readonly<{
  /** Opaque, sealed; posted back instead of the reference. */
  target: string;
  relyingParty: NamedId;
  authenticators: readonly AuthenticatorView[];
  recoveryCodesLeft?: number;
  budgets: readonly BudgetView[];
  events: readonly AuditView[];
  touch: unknown;
  problem?: AdminProblem;
  done?: "reset" | "lifted";
}>;

export type BudgetView = Readonly<{
  lane: Lane;
  state: "open" | "waiting" | "exhausted" | "suspended";
  wrongInRow: number;
  wrongToday: number;
  wrongThisMonth: number;
  opensAt?: string;
}>;

export type RelyingPartyView = Readonly<{
  id: string;
  name: string;
  realm: string;
  redirectUris: readonly string[];
  status: "active" | "revoked";
  createdAt: string;
  activeKeys: number;
}>;

export type ApiKeyView = Readonly<{
  id: string;
  /** First characters of the key, to recognise it by. */
  prefix: string;
  scopes: readonly string[];
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
  status: "active" | "expired" | "revoked";
}>;

/** Shown in this one answer and never again. */
export type NewCredentials = Readonly<{ clientId: string; clientSecret?: string; apiKey: string }>;

export type AdministratorView = Readonly<{
  id: string;
  name: string;
  role: AdminRole;
  createdAt: string;
  lastSignInAt?: string;
  isSelf: boolean;
  pending: boolean;
}>;

export type AuditFilter = Readonly<{ kind?: string; relyingParty?: string; from?: string; to?: string }>;

export type AuditView = Readonly<{
  id: string;
  at: string;
  kind: string;
  relyingParty?: string;
  method?: Method;
  /** Pseudonym of the subject, the same in every row about them. */
  subject?: string;
  actor?: string;
  reason?: string;
  requestId?: string;
}>;
