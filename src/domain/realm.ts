import type { TotpAlgorithm } from "./authenticator.ts";
import type { Branding } from "./branding.ts";
import type { DecoyShape } from "./decoy-shape.ts";
import type { Lane } from "./guess-budget.ts";
import type { ScanPolicy } from "./scan.ts";

export type TotpPolicy = Readonly<{
  algorithm: TotpAlgorithm;
  digits: 6 | 8;
  periodSeconds: 30 | 60;
  /** How many steps before the current one are accepted (RFC 6238 §5.2 advises at most one). */
  earlierSteps: 0 | 1;
  /** How many steps after the current one are accepted. Zero unless a realm has a reason. */
  laterSteps: 0 | 1;
}>;

/** What wrong answers cost, per subject and lane. Durations in seconds. */
export type BudgetPolicy = Readonly<{
  /** Wrong answers in a row before the first wait. */
  freeInRow: number;
  firstWaitSeconds: number;
  maxWaitSeconds: number;
  perDay: number;
  perMonth: number;
  /** Wrong answers in a row after which the lane stays shut until an administrator lifts it. */
  suspendInRow: number;
}>;

/** How many wrong codes all subjects of a realm together may have in a lane other than `device`. */
export type RealmBudgetPolicy = Readonly<{
  burst: number;
  /** How many come back each hour. */
  perHour: number;
  /** How many subjects with a right code bring one more back. */
  rightPerWrong: number;
}>;

/** How fast one source address (IPv4 address or IPv6 /64) may ask. */
export type SourcePolicy = Readonly<{ burst: number; perMinute: number }>;

export type PasswordPolicy = Readonly<{
  minLengthSingleFactor: number;
  minLengthWithSecondFactor: number;
  /** An acceptable password needs at least 10 to this power guesses. */
  minGuessesLog10: number;
  bannedWords: readonly string[];
  /** Refused when seen in breaches at least this often, and when it is not known how often. */
  breachedFrom: number;
}>;

/** Bounds of what a realm may ask of passwords; the shortest length is NIST SP 800-63B-4 §3.1.1.2's. */
export const PASSWORD_POLICY_BOUNDS = {
  length: { min: 8, max: 64 },
  guessesLog10: { min: 0, max: 20 },
  bannedWords: { max: 500, maxLength: 64 },
  breachedFrom: { min: 1, max: 1_000_000 },
} as const;

/** When a password is taken to be known to somebody else: after so many wrong second factors in a row, and again. */
export type SuspicionPolicy = Readonly<{ wrongInRow: number; againEvery: number }>;

export type Policy = Readonly<{
  totp: TotpPolicy;
  budgets: Readonly<Record<Lane, BudgetPolicy>>;
  realmBudget: RealmBudgetPolicy;
  source: SourcePolicy;
  scan: ScanPolicy;
  suspicion: SuspicionPolicy;
  password: PasswordPolicy;
}>;

/** The relying parties that share subjects and authenticators, with what WebAuthn binds them to. */
export type Realm = Readonly<{
  id: string;
  name: string;
  /** WebAuthn RP ID: a registrable host, never taken from a request. */
  rpId: string;
  /** Exact origins from which WebAuthn answers are accepted. */
  origins: readonly string[];
  policy: Policy;
  branding: Branding;
  /** What decoys look like: the shapes of the realm's real subjects, as they were sampled last. */
  decoyShapes: readonly DecoyShape[];
}>;

/** The realm that every installation starts with, and the one that administrators belong to. */
export const DEFAULT_REALM_ID = "default";
export const ADMIN_REALM_ID = "admin";

const LANE_BUDGET: BudgetPolicy = {
  freeInRow: 5,
  firstWaitSeconds: 30,
  maxWaitSeconds: 3600,
  perDay: 10,
  perMonth: 25,
  // Three lanes together stay below the 100 consecutive failures of NIST SP 800-63B-4 §3.2.2.
  suspendInRow: 33,
};

/** The strictest defaults; a realm overrides single numbers. */
export const DEFAULT_POLICY: Policy = {
  totp: { algorithm: "SHA1", digits: 6, periodSeconds: 30, earlierSteps: 1, laterSteps: 0 },
  budgets: { device: LANE_BUDGET, proven: LANE_BUDGET, open: LANE_BUDGET },
  // A lasting attack has 500 codes and one an hour, 9,260 in a year. People get fewer than one in five wrong.
  realmBudget: { burst: 500, perHour: 1, rightPerWrong: 4 },
  source: { burst: 60, perMinute: 60 },
  password: {
    minLengthSingleFactor: 15,
    minLengthWithSecondFactor: 8,
    minGuessesLog10: 8,
    bannedWords: [],
    breachedFrom: 1,
  },
  scan: { unknownPerHour: 100 },
  suspicion: { wrongInRow: 3, againEvery: 10 },
};

/** A policy as text: only what differs from the default, so that a stricter default of a later version counts. */
export function deviationsOf(policy: Policy): string {
  return JSON.stringify(differing(policy, DEFAULT_POLICY) ?? {});
}

function differing(value: unknown, fallback: unknown): unknown {
  if (!isRecord(value) || !isRecord(fallback))
    return JSON.stringify(value) === JSON.stringify(fallback) ? undefined : value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const difference = differing(member, fallback[name]);
    return difference === undefined ? [] : [[name, difference] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
