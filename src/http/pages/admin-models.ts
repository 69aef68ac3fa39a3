import type { AdminAction, AdminProblem, AdminRole } from "../../domain/administrator.ts";
import type { AuditKind } from "../../domain/audit-event.ts";
import type { Method } from "../../domain/authenticator.ts";
import type { GuessableMethod, Lane } from "../../domain/guess-budget.ts";
import type { Scope } from "../../domain/relying-party.ts";
import type { AuthenticatorView, Frame } from "./frame.ts";

/** Who is signed in, and what they may do; every view behind the sign-in carries it. */
export type AdminSelf = Readonly<{ name: string; role: AdminRole; may: readonly AdminAction[] }>;

/**
 * Views of the administration pages. Forms:
 * /admin/invite: POST {webauthn, name} enrols the invited administrator's passkey;
 * /admin/sign-in: POST {webauthn}; /admin/sign-out: POST {};
 * /admin/subjects: POST {relying_party, subject} finds by exact reference (never in a URL) → subject view;
 * /admin/subjects/reset: POST {target, authenticator?, reason, …touch} · /admin/subjects/lift: POST {target, lane, reason, …touch};
 * /admin/help: GET, who waits for help · /admin/help/open: POST {target} → subject view · /admin/help/handled: POST {target, reason};
 * /admin/guessing/lift: POST {realm, lane, reason, …touch};
 * /admin/relying-parties: POST {name, redirect_uris} · /admin/relying-parties/{id}/keys: POST {scope:…, expires_in_days?} ·
 * /admin/relying-parties/{id}/keys/{key}/revoke: POST {} · /admin/relying-parties/{id}/revoke: POST {…touch};
 * /admin/relying-parties/{id}/lift: POST {reason, …touch} lifts the scan alarm · …/limit: POST {unknown_per_hour, …touch};
 * /admin/administrators: POST {name, role, …touch} invites · /admin/administrators/{id}: GET ·
 * /admin/administrators/{id}/remove: POST {reason, …touch};
 * /admin/audit: GET ?kind&relying_party&from&to&before (page by id).
 * `…touch` is {touch, webauthn}: the id of the question on the page, and the passkey's answer to it.
 */
export type AdminModel = Frame &
  Readonly<{ page: "admin" }> &
  (
    | Readonly<{
        view: "invite";
        role: AdminRole;
        name: string;
        options: unknown;
        problem?: AdminProblem;
      }>
    | Readonly<{ view: "sign_in"; options: unknown; problem?: AdminProblem }>
    | (Readonly<{ self: AdminSelf }> & SignedInView)
  );

export type SignedInView =
  | Readonly<{
      view: "find";
      relyingParties: readonly NamedId[];
      guessing: readonly GuessingView[];
      problem?: AdminProblem;
    }>
  | (Readonly<{ view: "subject" }> & SubjectView)
  | Readonly<{
      view: "help";
      requests: readonly HelpRequestView[];
      /** There may be older ones, in the audit log only. */
      isCut: boolean;
      problem?: AdminProblem;
    }>
  | Readonly<{ view: "relying_parties"; relyingParties: readonly RelyingPartyView[]; problem?: AdminProblem }>
  | Readonly<{
      view: "relying_party";
      relyingParty: RelyingPartyView;
      openid: OpenidView;
      /** Absent for the administrators' own realm. */
      looks?: LooksView;
      keys: readonly ApiKeyView[];
      /** Every scope that a key can have. */
      scopes: readonly Scope[];
      created?: NewCredentials;
      /** How many unknown subjects each key may ask about in an hour: its own number, and what applies without one. */
      unknownPerHour?: number;
      unknownPerHourOfRealm: number;
      /** Present for those who may change it. */
      touch?: RelyingPartyTouches;
      problem?: AdminProblem;
    }>
  | Readonly<{
      view: "administrators";
      administrators: readonly AdministratorView[];
      invited?: Readonly<{ url: string; expiresAt: string }>;
      touch?: TouchView;
      problem?: AdminProblem;
    }>
  | Readonly<{
      view: "administrator";
      administrator: AdministratorView;
      touch?: TouchView;
      problem?: AdminProblem;
    }>
  | Readonly<{
      view: "audit";
      events: readonly AuditView[];
      kinds: readonly AuditKind[];
      relyingParties: readonly NamedId[];
      filter: AuditFilter;
      nextBefore?: string;
    }>;

/** Wrong codes across a realm's accounts, once half of what may be is used up. */
export type GuessingView = Readonly<{
  realm: NamedId;
  lane: Lane;
  wrong: number;
  /** When a code is looked at again; absent while they are. */
  opensAt?: string;
  /** Present for those who may lift it. */
  touch?: TouchView;
}>;

/** A person without any way in left, at one relying party. */
export type HelpRequestView = Readonly<{
  /** Opaque, sealed; posted back. */
  target: string;
  at: string;
  /** How often they have asked since somebody last helped. */
  times: number;
  relyingParty: string;
  /** Pseudonym of the subject, as in the audit log. */
  subject: string;
}>;

export type NamedId = Readonly<{ id: string; name: string }>;

/** The question for a fresh passkey touch: `options` is PublicKeyCredentialRequestOptionsJSON, good for five minutes. */
export type TouchView = Readonly<{ id: string; options: unknown }>;

export type { AdminProblem } from "../../domain/administrator.ts";

export type SubjectView = Readonly<{
  /** Opaque, sealed; posted back instead of the reference. */
  target: string;
  relyingParty: NamedId;
  authenticators: readonly AuthenticatorView[];
  recoveryCodesLeft?: number;
  budgets: readonly BudgetView[];
  events: readonly AuditView[];
  /** Present for those who may reset. */
  touch?: Readonly<{ reset: TouchView; lift: TouchView }>;
  problem?: AdminProblem;
  done?: "reset" | "lifted";
}>;

export type BudgetView = Readonly<{
  lane: Lane;
  method: GuessableMethod;
  state: "open" | "waiting" | "exhausted" | "suspended";
  wrongInRow: number;
  wrongToday: number;
  wrongThisMonth: number;
  /** When it opens by itself; absent when it is open, or only an administrator can open it. */
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
  /** Keys that the scan alarm has stopped. */
  stoppedKeys: number;
}>;

/** How it proves who it is at the OpenID endpoints; `keys` are public ones, by the name they were registered with. */
export type OpenidView = Readonly<{
  authentication: "client_secret" | "private_key_jwt";
  keys: readonly Readonly<{ id?: string; kind: string }>[];
  allowInsecureAuthorize: boolean;
}>;

/** How a realm looks to people; `logo` is an address of our own. */
export type LooksView = Readonly<{
  name: string;
  logo?: string;
  accent?: string;
  privacyUrl?: string;
  supportUrl?: string;
  accountUrl?: string;
}>;

/** `lift` only while the scan alarm has stopped a key. */
export type RelyingPartyTouches = Readonly<{ revoke: TouchView; limit: TouchView; lift?: TouchView }>;

export type ApiKeyView = Readonly<{
  id: string;
  /** First characters of the key, to recognise it by. */
  prefix: string;
  scopes: readonly string[];
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
  status: "active" | "stopped" | "expired" | "revoked";
  /** Since when the scan alarm has stopped it. */
  stoppedAt?: string;
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
  /** Invited, and has not come yet. */
  pending: boolean;
  /** When the invitation ends. */
  expiresAt?: string;
}>;

/** Days as YYYY-MM-DD in UTC, both included. */
export type AuditFilter = Readonly<{ kind?: AuditKind; relyingParty?: string; from?: string; to?: string }>;

export type AuditView = Readonly<{
  id: string;
  at: string;
  kind: AuditKind;
  relyingParty?: string;
  method?: Method;
  lane?: Lane;
  /** Pseudonym of the subject, the same in every row about them. */
  subject?: string;
  actor?: string;
  reason?: string;
  requestId?: string;
}>;
