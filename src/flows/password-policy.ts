import { denied, granted, type Outcome } from "../domain/denial.ts";
import {
  PASSWORD_POLICY_BOUNDS as BOUNDS,
  DEFAULT_POLICY,
  deviationsOf,
  type PasswordPolicy,
} from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { Actor } from "./relying-parties.ts";

export type PasswordPolicyChange = Readonly<{ realmId: string; change: Partial<PasswordPolicy> }>;

/**
 * Changes what a realm asks of passwords; what is not named stays. Running services follow within seconds. Denies what
 * is out of bounds, and an unknown realm.
 */
export async function changePasswordPolicy(
  deps: Pick<Deps, "store">,
  by: Actor,
  { realmId, change }: PasswordPolicyChange,
): Promise<Outcome<PasswordPolicy>> {
  const realm = await deps.store.realms.find(realmId);
  if (!realm) return denied("not_found", { detail: "There is no such realm." });
  const password = { ...realm.policy.password, ...change };
  const wrong = whatIsWrong(password);
  if (wrong !== undefined) return denied("invalid_request", { detail: wrong });
  await deps.store.atomically([
    deps.store.realms.setPolicy(realmId, deviationsOf({ ...realm.policy, password })),
    deps.store.audit.append({
      atMs: by.nowMs,
      kind: "password_policy_changed",
      realmId,
      actor: by.actor,
      requestId: by.requestId,
    }),
  ]);
  return granted(password);
}

/** Back to the strictest defaults. */
export function resetPasswordPolicy(
  deps: Pick<Deps, "store">,
  by: Actor,
  realmId: string,
): Promise<Outcome<PasswordPolicy>> {
  return changePasswordPolicy(deps, by, { realmId, change: DEFAULT_POLICY.password });
}

function whatIsWrong(policy: PasswordPolicy): string | undefined {
  const { length, guessesLog10, bannedWords, breachedFrom } = BOUNDS;
  const isLength = (value: number) => Number.isInteger(value) && isWithin(value, length);
  if (!isLength(policy.minLengthSingleFactor) || !isLength(policy.minLengthWithSecondFactor))
    return `A shortest length is between ${length.min} and ${length.max}.`;
  if (!isWithin(policy.minGuessesLog10, guessesLog10))
    return `The least number of guesses is between 10^${guessesLog10.min} and 10^${guessesLog10.max}.`;
  if (!Number.isInteger(policy.breachedFrom) || !isWithin(policy.breachedFrom, breachedFrom))
    return `A number of times seen in breaches is between ${breachedFrom.min} and ${breachedFrom.max}.`;
  if (policy.bannedWords.length > bannedWords.max) return `There are at most ${bannedWords.max} banned words.`;
  if (policy.bannedWords.some((word) => word === "" || word.length > bannedWords.maxLength))
    return `A banned word has between 1 and ${bannedWords.maxLength} characters.`;
  return undefined;
}

function isWithin(value: number, { min, max }: Readonly<{ min: number; max: number }>): boolean {
  return value >= min && value <= max;
}
