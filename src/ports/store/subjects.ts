/** The store's port: subjects, authenticators and recovery codes. */
import type { Method } from "../../domain/authenticator.ts";
import type { Eventual } from "../../domain/eventual.ts";
import type { Write } from "./write.ts";

export type Subject = Readonly<{ lookup: string; realmId: string; userHandle: string; createdAtMs: number }>;

export type SubjectVerbs = Readonly<{
  /** Inserts the subject unless it exists. */
  ensure: (subject: Subject) => Write;
  find: (lookup: string) => Promise<Subject | undefined>;
  findByUserHandle: (realmId: string, userHandle: string) => Promise<Subject | undefined>;
  /** Erases the subject and all that is theirs; the audit log stays. */
  erase: (lookup: string) => readonly Write[];
}>;

export type StoredAuthenticator = Readonly<{
  id: string;
  realmId: string;
  subjectLookup: string;
  method: Method;
  status: "pending" | "active" | "revoked";
  label: string;
  createdBy: string;
  createdAtMs: number;
  expiresAtMs: number | null;
  attemptsLeft: number;
  activatedAtMs: number | null;
  revokedAtMs: number | null;
  lastUsedAtMs: number | null;
  secret: string | null;
  algorithm: string | null;
  digits: number | null;
  periodSeconds: number | null;
  lastStep: number;
  /** 1 when the subject's guess budget remembers its steps. */
  stepsInBudget: number;
  webauthnChallenge: string | null;
  credentialId: string | null;
  publicKey: string | null;
  signCount: number;
  backupEligible: number;
  backupState: number;
  hardwareAttested: number;
  transports: string | null;
  aaguid: string | null;
  cloneSuspectedAtMs: number | null;
  accountName: string | null;
}>;

/** What checking an answer needs of an active authenticator: the hot path reads no more than that. */
export type CheckableAuthenticator = Pick<
  StoredAuthenticator,
  | "id"
  | "method"
  | "secret"
  | "algorithm"
  | "digits"
  | "periodSeconds"
  | "stepsInBudget"
  | "credentialId"
  | "publicKey"
  | "signCount"
  | "backupEligible"
  | "backupState"
  | "hardwareAttested"
  | "transports"
>;

export type OfferedAuthenticator = Pick<StoredAuthenticator, "method" | "credentialId" | "transports">;

export type NewPendingAuthenticator = Readonly<
  Pick<
    StoredAuthenticator,
    | "id"
    | "realmId"
    | "subjectLookup"
    | "method"
    | "label"
    | "createdBy"
    | "createdAtMs"
    | "attemptsLeft"
    | "accountName"
  > & {
    expiresAtMs: number;
  } & Partial<Pick<StoredAuthenticator, "secret" | "algorithm" | "digits" | "periodSeconds" | "webauthnChallenge">>
>;

export type NewCredential = Readonly<{
  credentialId: string;
  publicKey: string;
  signCount: number;
  backupEligible: boolean;
  backupState: boolean;
  hardwareAttested: boolean;
  transports: readonly string[];
  aaguid: string;
}>;

export type AuthenticatorVerbs = Readonly<{
  insertPending: (authenticator: NewPendingAuthenticator) => Write;
  /** Takes one attempt. Guard: pending, of this realm, not expired, attempts left. */
  takeAttempt: (id: string, realmId: string, nowMs: number) => Promise<StoredAuthenticator | undefined>;
  /** Guard: pending and not expired. Burns the confirming step. */
  activateTotp: (
    id: string,
    as: Readonly<{ step: number; label: string; stepsInBudget: boolean }>,
    nowMs: number,
  ) => Promise<StoredAuthenticator | undefined>;
  /** Guard: pending and not expired; `exists` when the credential id is taken. */
  activateWebauthn: (
    id: string,
    credential: NewCredential,
    label: string,
    nowMs: number,
  ) => Promise<StoredAuthenticator | "exists" | undefined>;
  /** Inserts an active recovery-code set. Guard: the subject has no active one. */
  claimRecoverySet: (
    id: string,
    of: Readonly<{ realmId: string; subjectLookup: string; createdBy: string; nowMs: number }>,
  ) => Promise<boolean>;
  find: (id: string, realmId: string) => Promise<StoredAuthenticator | undefined>;
  /** Active ones of the subject, oldest first; every method. */
  listActive: (subjectLookup: string) => Promise<readonly StoredAuthenticator[]>;
  /**
   * Up to `limit` active ones of a realm in order of subjects, from a place in that order on, which is that of their
   * hashes: a sample of its subjects. The last subject may be cut off.
   */
  sample: (
    realmId: string,
    fromLookup: string,
    limit: number,
  ) => Promise<readonly Pick<StoredAuthenticator, "subjectLookup" | "method" | "credentialId" | "transports">[]>;
  /** What a challenge shows of the active ones, oldest first. Where there are none, so many stand-ins are read instead. */
  listOffered: (subjectLookup: string, standIns?: number) => Promise<readonly OfferedAuthenticator[]>;
  /** Active ones of one method: the hot path's reading. Stand-ins likewise, of passkeys as many as are named. */
  listUsable: (subjectLookup: string, method: Method, standIns?: number) => Eventual<readonly CheckableAuthenticator[]>;
  /** Guard: active, its steps are not remembered by a guess budget, and `last_step < step`. */
  spendStep: (id: string, step: number, nowMs: number) => Promise<boolean>;
  /** Guard: active, and the count rises or both counts are zero. */
  spendSignCount: (id: string, signCount: number, backupState: boolean, nowMs: number) => Promise<boolean>;
  suspectClone: (id: string, nowMs: number) => Write;
  touchRecoverySet: (id: string, nowMs: number) => Write;
  /** Guard: active and the subject's own. */
  rename: (id: string, subjectLookup: string, label: string) => Promise<boolean>;
  /** Guard: active and the subject's own. */
  revoke: (id: string, subjectLookup: string, nowMs: number) => Promise<StoredAuthenticator | undefined>;
  revokeAll: (subjectLookup: string, nowMs: number) => Write;
  dropPending: (subjectLookup: string) => Write;
  dropOnePending: (id: string, subjectLookup: string) => Write;
  /** Rows after `afterId` that hold a sealed secret or account name: for re-sealing. */
  listSealed: (
    afterId: string,
    limit: number,
  ) => Promise<readonly Readonly<{ id: string; secret: string | null; accountName: string | null }>[]>;
  /** Guard: the old envelopes are still there. */
  reseal: (id: string, from: SealedColumns, to: SealedColumns) => Promise<boolean>;
}>;

export type SealedColumns = Readonly<{ secret: string | null; accountName: string | null }>;

export type RecoveryCodeVerbs = Readonly<{
  insertSet: (authenticatorId: string, macs: readonly string[], nowMs: number) => readonly Write[];
  /** Guard: of this set and unused. */
  spend: (mac: string, authenticatorId: string, nowMs: number) => Promise<boolean>;
  countLeft: (authenticatorId: string) => Promise<number>;
  eraseSet: (authenticatorId: string) => Write;
}>;
