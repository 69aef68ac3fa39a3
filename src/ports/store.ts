/**
 * What the service needs from a database. Verbs that decide (`take…`, `spend…`, `satisfy…`, `activate…`) are one
 * atomic statement each and answer with the row or undefined. Verbs that only record return a `Write`, to be carried
 * out together by `atomically`. Nothing counts as done before `committed` resolves.
 */
import type { Administrator } from "../domain/administrator.ts";
import type { Acr } from "../domain/assurance.ts";
import type { AuditEvent, AuditKind, StoredAuditEvent } from "../domain/audit-event.ts";
import type { Method } from "../domain/authenticator.ts";
import type { GuessableMethod, Lane } from "../domain/guess-budget.ts";
import type { BudgetPolicy, Realm, SourcePolicy } from "../domain/realm.ts";
import type { Caller, RelyingParty } from "../domain/relying-party.ts";

declare const writeBrand: unique symbol;
/** A prepared write with its values, not yet carried out. */
export type Write = Readonly<{ [writeBrand]: true }>;

export type Store = Readonly<{
  /** Carries out writes that decide nothing, all or none. */
  atomically: (writes: readonly Write[]) => Promise<void>;
  /** Resolves once everything written so far is durable; rejects when it could not be made so. */
  committed: () => Promise<void>;
  close: () => Promise<void>;
  realms: RealmVerbs;
  relyingParties: RelyingPartyVerbs;
  apiKeys: ApiKeyVerbs;
  subjects: SubjectVerbs;
  authenticators: AuthenticatorVerbs;
  recoveryCodes: RecoveryCodeVerbs;
  challenges: ChallengeVerbs;
  guessBudgets: GuessBudgetVerbs;
  sources: SourceVerbs;
  devices: DeviceVerbs;
  grants: GrantVerbs;
  sessions: SessionVerbs;
  administrators: AdministratorVerbs;
  audit: AuditVerbs;
  idempotency: IdempotencyVerbs;
  systemKeys: SystemKeyVerbs;
}>;

export type RealmVerbs = Readonly<{
  find: (id: string) => Promise<Realm | undefined>;
  list: () => Promise<readonly Realm[]>;
  /** Inserts the realm, or updates its name, RP ID and origins and keeps its policy. */
  put: (realm: Omit<Realm, "policy">, nowMs: number) => Write;
  setPolicy: (id: string, deviations: string) => Write;
}>;

export type StoredRelyingParty = RelyingParty &
  Readonly<{ clientSecretHash: string; createdAtMs: number; revokedAtMs: number | null }>;

export type RelyingPartyVerbs = Readonly<{
  insert: (rp: Omit<StoredRelyingParty, "revokedAtMs">) => Write;
  find: (id: string) => Promise<StoredRelyingParty | undefined>;
  list: () => Promise<readonly StoredRelyingParty[]>;
  /** Guard: not revoked yet. */
  revoke: (id: string, nowMs: number) => Promise<boolean>;
}>;

export type StoredApiKey = Readonly<{
  id: string;
  rpId: string;
  realmId: string;
  prefix: string;
  scopes: readonly string[];
  createdAtMs: number;
  expiresAtMs: number | null;
  lastUsedAtMs: number | null;
  revokedAtMs: number | null;
}>;

export type ApiKeyVerbs = Readonly<{
  insert: (key: Omit<StoredApiKey, "lastUsedAtMs" | "revokedAtMs"> & Readonly<{ hash: string }>) => Write;
  /** The caller behind a key that is neither expired nor revoked, and when it was last noted as used. */
  findUsable: (
    hash: string,
    nowMs: number,
  ) => Promise<(Caller & Readonly<{ lastUsedAtMs: number | null }>) | undefined>;
  noteUse: (id: string, nowMs: number) => Write;
  listOf: (rpId: string) => Promise<readonly StoredApiKey[]>;
  /** Guard: belongs to the relying party and is not revoked yet. */
  revoke: (id: string, rpId: string, nowMs: number) => Promise<boolean>;
  revokeAllOf: (rpId: string, nowMs: number) => Write;
  /** Ends a key later, so that its successor can take over. Guard: its own, not revoked, and does not end sooner anyway. */
  expire: (id: string, rpId: string, atMs: number) => Write;
}>;

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
  activateTotp: (id: string, step: number, label: string, nowMs: number) => Promise<StoredAuthenticator | undefined>;
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
  /** Active ones of one method: the hot path's reading. */
  listUsable: (subjectLookup: string, method: Method) => Promise<readonly StoredAuthenticator[]>;
  /** Guard: active and `last_step < step`. */
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

export type StoredChallenge = Readonly<{
  id: string;
  realmId: string;
  rpId: string;
  subjectLookup: string;
  purpose: string;
  requiredAcr: Acr | null;
  methods: readonly Method[];
  lane: Lane;
  webauthnChallenge: string;
  attemptsLeft: number;
  status: "pending" | "satisfied" | "denied";
  createdAtMs: number;
  expiresAtMs: number;
  satisfiedAtMs: number | null;
  method: Method | null;
  authenticatorId: string | null;
  acr: Acr | null;
  amr: readonly string[] | null;
  userVerified: boolean | null;
  proofSpentAtMs: number | null;
  redeemedAtMs: number | null;
}>;

export type NewChallenge = Pick<
  StoredChallenge,
  | "id"
  | "realmId"
  | "rpId"
  | "subjectLookup"
  | "purpose"
  | "requiredAcr"
  | "methods"
  | "lane"
  | "webauthnChallenge"
  | "attemptsLeft"
  | "createdAtMs"
  | "expiresAtMs"
>;

export type Satisfaction = Readonly<{
  method: Method;
  authenticatorId: string;
  acr: Acr;
  amr: readonly string[];
  userVerified: boolean;
}>;

export type ChallengeVerbs = Readonly<{
  insert: (challenge: NewChallenge) => Write;
  find: (id: string, rpId: string) => Promise<StoredChallenge | undefined>;
  /** Takes one attempt. Guard: the relying party's own, pending, not expired, attempts left. */
  takeAttempt: (id: string, rpId: string, nowMs: number) => Promise<StoredChallenge | undefined>;
  /** Guard: pending and not expired. The one step that makes an answer count. */
  satisfy: (id: string, by: Satisfaction, nowMs: number) => Promise<boolean>;
  /** Guard: pending. */
  deny: (id: string, nowMs: number) => Promise<boolean>;
  /** Uses a satisfied challenge as the proof for one change. Guard: own, satisfied since `sinceMs`, of this subject, purpose and unspent. */
  spendProof: (
    id: string,
    by: Readonly<{ rpId: string; subjectLookup: string; purpose: string; sinceMs: number; nowMs: number }>,
  ) => Promise<StoredChallenge | undefined>;
  /** Guard: own, satisfied since `sinceMs`, not redeemed. */
  redeem: (id: string, rpId: string, sinceMs: number, nowMs: number) => Promise<StoredChallenge | undefined>;
  purge: (beforeMs: number) => Write;
}>;

export type StoredBudget = Readonly<{
  lane: Lane;
  method: GuessableMethod;
  wrongInRow: number;
  waitUntilMs: number;
  wrongAtMs: readonly number[];
}>;

export type GuessBudgetVerbs = Readonly<{
  /** Charges one guess. Guard: no wait, day and month not exhausted, not suspended. Answers the guesses in a row so far. */
  take: (guess: Guess, policy: BudgetPolicy) => Promise<number | undefined>;
  /** Undoes that guess's charge and ends the wait: the answer was right. */
  giveBack: (guess: Guess) => Write;
  listOf: (subjectLookup: string) => Promise<readonly StoredBudget[]>;
  /** Forgets every charge of a lane, whatever the method. */
  lift: (subjectLookup: string, lane: Lane) => readonly Write[];
}>;

/**
 * Each method has its own budget within a lane, so that an attack on the authenticator app leaves recovery codes usable.
 * `mark` makes this charge recognisable among others of the same millisecond: six lower-case hex digits.
 */
export type Guess = Readonly<{
  subjectLookup: string;
  lane: Lane;
  method: GuessableMethod;
  nowMs: number;
  mark: string;
}>;

export type SourceVerbs = Readonly<{
  /** Counts one request of a source. Guard: within burst and rate (generic cell rate algorithm). Answers whether it may go on. */
  take: (sourceId: string, policy: SourcePolicy, nowMs: number) => Promise<boolean>;
  purge: (beforeMs: number) => Write;
}>;

export type StoredDevice = Readonly<{
  id: string;
  rpId: string;
  subjectLookup: string;
  tokenHash: string;
  revokedAtMs: number | null;
}>;

export type DeviceVerbs = Readonly<{
  insert: (device: Omit<StoredDevice, "revokedAtMs"> & Readonly<{ createdAtMs: number }>) => Write;
  find: (id: string) => Promise<StoredDevice | undefined>;
  /** Guard: not revoked, and the token is the current one. */
  rotate: (id: string, fromHash: string, toHash: string, nowMs: number) => Promise<boolean>;
  revoke: (id: string, nowMs: number) => Write;
  revokeAll: (subjectLookup: string, nowMs: number) => Write;
}>;

export type GrantKind = "enrol" | "prompt" | "account" | "admin_invite";

export type StoredGrant = Readonly<{
  id: string;
  kind: GrantKind;
  realmId: string;
  rpId: string | null;
  subjectLookup: string | null;
  /** Sealed JSON. */
  data: string;
  createdAtMs: number;
  expiresAtMs: number;
  usedAtMs: number | null;
}>;

export type GrantVerbs = Readonly<{
  insert: (grant: Omit<StoredGrant, "usedAtMs">) => Write;
  find: (id: string) => Promise<StoredGrant | undefined>;
  /** Guard: unused and not expired. */
  spend: (id: string, nowMs: number) => Promise<StoredGrant | undefined>;
  dropOf: (subjectLookup: string) => Write;
  listOpen: (kind: GrantKind, nowMs: number) => Promise<readonly StoredGrant[]>;
  purge: (beforeMs: number) => Write;
}>;

export type SessionKind = "enrol" | "prompt" | "account" | "admin";

export type StoredSession = Readonly<{
  id: string;
  kind: SessionKind;
  realmId: string;
  rpId: string | null;
  subjectLookup: string | null;
  /** Sealed JSON. */
  data: string;
  createdAtMs: number;
  seenAtMs: number;
  expiresAtMs: number;
  provenAtMs: number | null;
  provenMethod: Method | null;
}>;

export type SessionVerbs = Readonly<{
  insert: (session: StoredSession) => Write;
  /** The session, unless over or idle for longer than `idleMs`. */
  find: (id: string, kind: SessionKind, nowMs: number, idleMs: number) => Promise<StoredSession | undefined>;
  see: (id: string, nowMs: number) => Write;
  /** Replaces what the session carries. */
  setData: (id: string, data: string) => Write;
  end: (id: string) => Write;
  endAll: (subjectLookup: string) => Write;
  listOf: (subjectLookup: string, nowMs: number) => Promise<readonly StoredSession[]>;
  purge: (beforeMs: number) => Write;
}>;

export type AdministratorVerbs = Readonly<{
  insert: (administrator: Administrator) => Write;
  find: (id: string) => Promise<Administrator | undefined>;
  findBySubject: (subjectLookup: string) => Promise<Administrator | undefined>;
  list: () => Promise<readonly Administrator[]>;
  noteSignIn: (id: string, nowMs: number) => Write;
  /** Counts one owner more. */
  addOwner: () => Write;
  /** Counts one owner less. Guard: at least one remains. */
  takeOwner: () => Promise<boolean>;
  /** Guard: not removed yet. */
  remove: (id: string, nowMs: number) => Promise<boolean>;
}>;

export type AuditFilterInput = Readonly<{
  kind?: AuditKind;
  rpId?: string;
  subjectLookup?: string;
  fromMs?: number;
  toMs?: number;
  beforeId?: number;
  afterId?: number;
  limit: number;
}>;

export type AuditVerbs = Readonly<{
  append: (event: AuditEvent) => Write;
  /** Newest first. */
  list: (filter: AuditFilterInput) => Promise<readonly StoredAuditEvent[]>;
  /** Notable events of a realm after a cursor, oldest first. */
  listNotable: (realmId: string, afterId: number, limit: number) => Promise<readonly StoredAuditEvent[]>;
  /** All events after a cursor, oldest first: for export. */
  listAfter: (afterId: number, limit: number) => Promise<readonly StoredAuditEvent[]>;
}>;

export type StoredVerdict = Readonly<{
  requestHash: string;
  status: number | null;
  body: string | null;
  createdAtMs: number;
}>;

export type IdempotencyVerbs = Readonly<{
  /** Claims a key. Guard: never seen, or last claimed before `staleMs`. */
  claim: (id: string, requestHash: string, nowMs: number, staleMs: number) => Promise<boolean>;
  find: (id: string) => Promise<StoredVerdict | undefined>;
  settle: (id: string, status: number, body: string) => Write;
  /** Forgets a claim whose request failed on our side, so that a retry is a first try. */
  release: (id: string) => Write;
  purge: (beforeMs: number) => Write;
}>;

export type StoredSystemKey = Readonly<{
  id: string;
  kind: "mac_root" | "signing";
  sealed: string;
  publicJwk: string | null;
  createdAtMs: number;
  retiredAtMs: number | null;
}>;

export type SystemKeyVerbs = Readonly<{
  /** Inserts the key unless its id exists. Answers whether it was inserted. */
  insert: (key: StoredSystemKey) => Promise<boolean>;
  list: (kind: StoredSystemKey["kind"]) => Promise<readonly StoredSystemKey[]>;
  /** Guard: the old envelope is still there. */
  reseal: (id: string, from: string, to: string) => Promise<boolean>;
}>;
