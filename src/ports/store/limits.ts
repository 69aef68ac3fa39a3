/** The store's port: what wrong answers and sources are limited by, and the device tokens that choose a lane. */

import type { Eventual } from "../../domain/eventual.ts";
import type { GuessableMethod, Lane } from "../../domain/guess-budget.ts";
import type { BudgetPolicy, SourcePolicy } from "../../domain/realm.ts";
import type { Write } from "./write.ts";

export type StoredBudget = Readonly<{
  lane: Lane;
  method: GuessableMethod;
  wrongInRow: number;
  waitUntilMs: number;
  wrongAtMs: readonly number[];
}>;

export type GuessBudgetVerbs = Readonly<{
  /**
   * Decides about one guess. Guard: no wait, day and month not exhausted, not suspended. A right code of the authenticator
   * whose codes the budget remembers is used up if `last_step < step`, which ends the row: answers 0. Everything else is
   * charged: answers the guesses in a row so far. Parallel guesses are decided one after another, right and wrong ones alike.
   */
  take: (guess: Guess, policy: BudgetPolicy, code?: RightCode) => Eventual<number | undefined>;
  /** Undoes that guess's charge and ends the wait: the answer was right. */
  giveBack: (guess: Guess) => Write;
  /** From now on the subject's budget for codes remembers the steps of this authenticator. Guard: it remembers nobody's. */
  rememberCodes: (of: Readonly<{ subjectLookup: string; authenticatorId: string; step: number }>) => Promise<boolean>;
  /** Ends that, whoever's codes they are when no authenticator is named. */
  forgetCodes: (subjectLookup: string, authenticatorId?: string) => Write;
  /** The budgets that hold a charge. */
  listOf: (subjectLookup: string) => Promise<readonly StoredBudget[]>;
  /**
   * Looks at up to `limit` rows from a place in the order of their ids on, answers how many there were, and erases or empties
   * those whose every lane had its last charge before `beforeMs` and less than `suspendInRow` in a row. Known and unknown
   * subjects alike: a row that remembers codes stays for them.
   */
  purge: (from: string, limit: number, quiet: Readonly<{ beforeMs: number; suspendInRow: number }>) => Promise<number>;
  /** Forgets every charge of a lane, whatever the method. */
  lift: (subjectLookup: string, lane: Lane) => readonly Write[];
}>;

/** A code that has proved right, and is not yet used up. */
export type RightCode = Readonly<{ authenticatorId: string; step: number }>;

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

/** What all subjects of a realm together may get wrong in a lane, as a theoretical arrival time in epoch milliseconds. */
export type RealmBudgetVerbs = Readonly<{
  /** Counts one code, and answers the arrival time after it. Guard: at most `burst` intervals ahead with it. */
  take: (budget: RealmBudget, limits: RealmBudgetLimits, nowMs: number) => Promise<number | undefined>;
  /** Counts one wrong code, less the credit, and answers the arrival time after it: at most `burst` intervals ahead. */
  charge: (
    budget: RealmBudget,
    terms: RealmBudgetLimits & Readonly<{ creditMs: number }>,
    nowMs: number,
  ) => Promise<number>;
  /** Moves the arrival time back, to now at most. */
  giveBack: (budget: RealmBudget, ms: number, nowMs: number) => Write;
  /** The arrival time, or 0 when nothing was charged yet. */
  find: (budget: RealmBudget) => Promise<number>;
  /** Forgets every charge. */
  lift: (budget: RealmBudget) => Write;
}>;

export type RealmBudgetLimits = Readonly<{ intervalMs: number; burst: number }>;

export type RealmBudget = Readonly<{ realmId: string; lane: Lane }>;

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
