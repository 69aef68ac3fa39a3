/**
 * What the service needs from a database. Verbs that decide (`take…`, `spend…`, `satisfy…`, `activate…`) are one
 * atomic statement each and answer with the row or undefined. Verbs that only record return a `Write`, to be carried
 * out together by `atomically`. Nothing counts as done before `committed` resolves.
 */
import type { Eventual } from "../domain/eventual.ts";
import type { GrantVerbs, SessionVerbs, UsedTokenVerbs } from "./store/browser.ts";
import type { ChallengeVerbs } from "./store/challenges.ts";
import type { DeviceVerbs, GuessBudgetVerbs, RealmBudgetVerbs, SourceVerbs } from "./store/limits.ts";
import type { AdministratorVerbs, AuditVerbs, IdempotencyVerbs, SystemKeyVerbs, TurnVerbs } from "./store/operation.ts";
import type { ApiKeyVerbs, RealmVerbs, RelyingPartyVerbs } from "./store/registration.ts";
import type { SightVerbs, UnknownTallyVerbs } from "./store/sights.ts";
import type { AuthenticatorVerbs, RecoveryCodeVerbs, SubjectVerbs } from "./store/subjects.ts";
import type { Write } from "./store/write.ts";

export type * from "./store/browser.ts";
export type * from "./store/challenges.ts";
export type * from "./store/limits.ts";
export type * from "./store/operation.ts";
export type * from "./store/registration.ts";
export type * from "./store/sights.ts";
export type * from "./store/subjects.ts";
export type * from "./store/write.ts";

export type Store = Readonly<{
  /** Carries out writes that decide nothing, all or none. */
  atomically: (writes: readonly Write[]) => Eventual<void>;
  /** Resolves once everything written so far is durable; rejects when it could not be made so. */
  committed: () => Eventual<void>;
  close: () => Promise<void>;
  /** Whether an exception thrown by a verb means that the database could not answer; else it is a bug. */
  isOutage: (error: unknown) => boolean;
  /**
   * Changes when the database may have forgotten decisions that were not yet durable. Whoever sees it differ between the
   * first decision and the answer must not give the answer.
   */
  incarnation: () => number;
  realms: RealmVerbs;
  relyingParties: RelyingPartyVerbs;
  apiKeys: ApiKeyVerbs;
  subjects: SubjectVerbs;
  authenticators: AuthenticatorVerbs;
  recoveryCodes: RecoveryCodeVerbs;
  challenges: ChallengeVerbs;
  guessBudgets: GuessBudgetVerbs;
  realmBudgets: RealmBudgetVerbs;
  sources: SourceVerbs;
  sights: SightVerbs;
  unknownTallies: UnknownTallyVerbs;
  devices: DeviceVerbs;
  grants: GrantVerbs;
  usedTokens: UsedTokenVerbs;
  sessions: SessionVerbs;
  administrators: AdministratorVerbs;
  audit: AuditVerbs;
  idempotency: IdempotencyVerbs;
  systemKeys: SystemKeyVerbs;
  turns: TurnVerbs;
}>;
