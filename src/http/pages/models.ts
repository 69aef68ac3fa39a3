/**
 * What the server tells a page: everything a view shows, as data. `web/` turns a model into HTML, on the server for the
 * first answer and in the browser for the ones after it. Texts are not here: models carry codes, catalogues carry words.
 *
 * Every form posts `csrf` and its own fields as `application/x-www-form-urlencoded`. A browser without script gets
 * HTML or a 303; the page's script asks for `Accept: application/json` and gets a `PageAnswer`.
 */
import type { Method } from "../../domain/authenticator.ts";
import type { AdminModel } from "./admin-models.ts";
import type { AuthenticatorView, Frame } from "./frame.ts";

export type { AuthenticatorView, Frame, Language } from "./frame.ts";

export type PageAnswer = Readonly<{ model: PageModel }> | Readonly<{ location: string }>;

export type PageModel = EnrolModel | PromptModel | AccountModel | AdminModel | PlainModel;

/** Pages without a session: the link is used or too old, something went wrong, nothing here. */
export type PlainModel = Frame &
  Readonly<{
    page: "plain";
    view: "link_expired" | "session_expired" | "not_found" | "bad_request" | "too_many" | "unavailable";
  }>;

/** Why the last answer did not count. The same codes and words for subjects that do not exist. */
export type AnswerProblem =
  | Readonly<{ code: "rejected"; misses: number }>
  | Readonly<{ code: "throttled"; retryAfterSeconds: number }>
  | Readonly<{ code: "suspended" }>
  | Readonly<{ code: "assurance_unmet" }>;

/** A challenge put to the person: used by the prompt, and by the account page for step-up. */
export type ChallengeView = Readonly<{
  /** In the order offered: passkey, authenticator app, recovery code. */
  methods: readonly Method[];
  current: Method;
  totpDigits: 6 | 8;
  /** PublicKeyCredentialRequestOptionsJSON; present when `webauthn` is among the methods. */
  webauthn?: Readonly<{ options: unknown }>;
  problem?: AnswerProblem;
  expiresAt: string;
}>;

/**
 * GET /prompt[?method=…]; POST /prompt {totp | recovery_code | webauthn (JSON text)}; POST /prompt/restart {};
 * POST /prompt/cancel {}; POST /prompt/help {} (everything is lost).
 */
export type PromptModel = Frame &
  Readonly<{ page: "prompt" }> &
  (
    | Readonly<{ view: "challenge"; challenge: ChallengeView }>
    /** A recovery code was used: say how many are left, then go on. POST /prompt/continue {} */
    | Readonly<{ view: "recovery_used"; recoveryCodesLeft: number; returnHost: string }>
    | Readonly<{ view: "expired" }>
    | Readonly<{
        view: "closed";
        reason: "attempts_exhausted" | "cancelled" | "satisfied" | "help_requested";
        returnHost?: string;
      }>
  );

export type EnrolProblem =
  | Readonly<{ code: "wrong_code"; misses: number }>
  /** The code is right for a clock that is off by this much: negative means behind. */
  | Readonly<{ code: "clock_skew"; minutes: number }>
  | Readonly<{ code: "passkey_refused" }>
  | Readonly<{ code: "already_registered" }>;

/**
 * GET /enrol; POST /enrol/method {method: totp | webauthn}; POST /enrol/totp {totp, label?};
 * POST /enrol/passkey {webauthn (JSON text), label?}; POST /enrol/back {} (choose again; drops the pending one);
 * POST /enrol/codes {} (make new recovery codes); POST /enrol/saved {} (recovery codes saved); POST /enrol/finish {} (go back to the relying party).
 */
export type EnrolModel = Frame &
  Readonly<{ page: "enrol" }> &
  (
    | Readonly<{ view: "choose"; hasAuthenticators: boolean }>
    | Readonly<{ view: "totp"; totp: TotpSetup; canChooseAgain: boolean; problem?: EnrolProblem }>
    | Readonly<{ view: "passkey"; passkey: PasskeySetup; canChooseAgain: boolean; problem?: EnrolProblem }>
    /** A renewal of recovery codes that waits for the person's word. */
    | Readonly<{ view: "make_codes" }>
    | Readonly<{ view: "recovery_codes"; recoveryCodes: RecoveryCodesView }>
    /** Nothing is `added` when recovery codes were renewed. */
    | Readonly<{ view: "done"; added?: AuthenticatorView; nudge: "passkey" | "second" | "none"; returnHost?: string }>
    /** The set-up has ended. When `canChooseAgain`, POST /enrol/back starts again. */
    | Readonly<{ view: "expired"; canChooseAgain?: boolean }>
  );

export type TotpSetup = Readonly<{
  /** The key in groups of four. */
  key: readonly string[];
  /** otpauth:// link */
  uri: string;
  qr: Qr;
  digits: 6 | 8;
  accountName: string;
}>;

/** A QR code as one SVG path of unit squares inside a `size` × `size` view box, quiet zone included. */
export type Qr = Readonly<{ size: number; path: string }>;

/** `options` is PublicKeyCredentialCreationOptionsJSON. */
export type PasskeySetup = Readonly<{ options: unknown }>;

/** Shown in this one answer and never again. */
export type RecoveryCodesView = Readonly<{ codes: readonly string[]; createdAt: string; serviceName: string }>;

export type ActivityView = Readonly<{
  id: string;
  at: string;
  kind:
    | "signed_in"
    | "sign_in_refused"
    | "used_code_refused"
    | "authenticator_added"
    | "authenticator_removed"
    | "authenticator_renamed"
    | "recovery_code_used"
    | "recovery_codes_renewed"
    | "reset_by_administrator"
    | "budget_lifted"
    | "clone_suspected"
    | "password_suspected"
    | "suspicion_confirmed"
    | "suspicion_dismissed"
    | "enrolment_started";
  method?: Method;
  /** Name of the relying party it happened at. */
  relyingParty?: string;
  /** What an administrator typed as the reason. */
  reason?: string;
}>;

/**
 * GET /account; POST /account/verify (as POST /prompt); POST /account/add {method}; POST /account/rename {authenticator, label};
 * GET /account/remove?n=… → remove view; POST /account/remove {authenticator}; POST /account/recovery-codes {};
 * POST /account/saved {}; POST /account/remind-later {}; POST /account/suspicion {answer: me | not_me};
 * POST /account/not-me {}; POST /account/sign-out {};
 * POST /account/finish {} (go back to the relying party). Adding goes on at /enrol.
 */
export type AccountModel = Frame &
  Readonly<{ page: "account" }> &
  /** The session is not proven, or not freshly enough for what was asked. */
  (
    | Readonly<{ view: "step_up"; challenge: ChallengeView; why: "sign_in" | "change" }>
    | (Readonly<{ view: "overview" }> & AccountOverview)
    | Readonly<{
        view: "remove";
        authenticator: AuthenticatorView;
        stillWork: readonly AuthenticatorView[];
        recoveryCodesLeft: number;
        lastStrong: boolean;
      }>
    | Readonly<{ view: "recovery_codes"; recoveryCodes: RecoveryCodesView }>
    | Readonly<{ view: "signed_out" }>
  );

/** `relyingParty` is the name of the one where it happened. */
export type SuspicionView = Readonly<{
  at: string;
  cause: "answers_refused" | "challenge_declined";
  relyingParty?: string;
}>;

export type AccountOverview = Readonly<{
  authenticators: readonly AuthenticatorView[];
  /** Absent when the subject has no set. */
  recoveryCodesLeft?: number;
  activity: readonly ActivityView[];
  /** Suggest a second authenticator; false once the person said "later". */
  nudgeSecond: boolean;
  /** What a change just did, to be said once. */
  done?: "renamed" | "removed" | "recovery_codes_saved" | "added" | "reported" | "dismissed";
  /** Somebody else probably knows the password, and the person has not said yet whether it was them. */
  suspicion?: SuspicionView;
  /** For signalAllAcceptedCredentials: the complete list, present only right after a proven sign-in or a change. */
  signal?: Readonly<{ rpId: string; userHandle: string; credentialIds: readonly string[]; accountName?: string }>;
  returnHost?: string;
}>;
