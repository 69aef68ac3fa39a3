import { DEFAULT_POLICY, type Policy } from "./realm.ts";

type Bound = Readonly<{ min: number; max: number }>;

/** The parts of a policy that limit how much may be asked and guessed, and what each number can be; all are whole. */
export const LIMIT_BOUNDS = {
  scan: { unknownPerHour: { min: 1, max: 1_000_000 } },
  suspicion: { wrongInRow: { min: 1, max: 33 }, againEvery: { min: 1, max: 100 } },
  realmBudget: {
    burst: { min: 10, max: 1_000_000 },
    perHour: { min: 1, max: 100_000 },
    rightPerWrong: { min: 1, max: 1_000 },
  },
  source: { burst: { min: 1, max: 100_000 }, perMinute: { min: 1, max: 60_000 } },
} as const satisfies Partial<Record<keyof Policy, Readonly<Record<string, Bound>>>>;

type Part = keyof typeof LIMIT_BOUNDS;
export type Limits = Pick<Policy, Part>;
export type LimitsChange = Readonly<{ [Name in Part]?: Partial<Limits[Name]> }>;

/** The limits that a new realm starts with. */
export const DEFAULT_LIMITS: Limits = limitsOf(DEFAULT_POLICY);

export function limitsOf({ scan, suspicion, realmBudget, source }: Policy): Limits {
  return { scan, suspicion, realmBudget, source };
}

/** A policy with some of its limits changed; what is not named stays. */
export function withLimits(policy: Policy, change: LimitsChange): Policy {
  return {
    ...policy,
    scan: { ...policy.scan, ...change.scan },
    suspicion: { ...policy.suspicion, ...change.suspicion },
    realmBudget: { ...policy.realmBudget, ...change.realmBudget },
    source: { ...policy.source, ...change.source },
  };
}

/** One sentence about the first number of a change that is out of bounds. */
export function outOfBounds(change: LimitsChange): string | undefined {
  for (const [part, bounds] of Object.entries(LIMIT_BOUNDS)) {
    const numbers: Readonly<Record<string, unknown>> = { ...change[part as Part] }; // The table's own names.
    for (const [name, { min, max }] of Object.entries<Bound>(bounds)) {
      const number = numbers[name];
      const isGood =
        number === undefined || (Number.isInteger(number) && Number(number) >= min && Number(number) <= max);
      if (!isGood) return `${part}.${name} is a whole number between ${min} and ${max}.`;
    }
  }
  return undefined;
}
