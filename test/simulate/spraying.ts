import { type Contestant, ODDS_PER_GUESS, SECOND_MS, YEAR_MS } from "./contestant.ts";
import { addressOf } from "./lockout.ts";

export type SprayPlan = Readonly<{
  accounts: number;
  /** Milliseconds between two guesses; zero is as fast as the limits allow. */
  everyMs: number;
  /** How many are on their way at once. */
  parallel: number;
  /** After this the attacker gives up. */
  forMs: number;
}>;

export type SprayResult = Readonly<{
  /** Guesses that were looked at. */
  guesses: number;
  /** How many of them before the alarm; undefined when there was none. */
  guessesBeforeAlarm: number | undefined;
  alarmSeconds: number | undefined;
  expectedTakeovers: number;
}>;

export const FAST: SprayPlan = { accounts: 1_000_000, everyMs: 0, parallel: 50, forMs: YEAR_MS };
export const SLOW: SprayPlan = { ...FAST, everyMs: YEAR_MS / 1_000_000, parallel: 1 };

/**
 * One guess each at many accounts whose passwords are known, from ten thousand addresses. None of the accounts has to be
 * enrolled: a guess at one that does not exist takes the same path. A refusal says when to come back, and the attacker
 * does so to the second: what is tried in between is not looked at, and left out.
 */
export async function spray(contestant: Contestant, plan: SprayPlan): Promise<SprayResult> {
  const { clock } = contestant;
  let [guesses, next, guessesBeforeAlarm]: [number, number, number | undefined] = [0, 0, undefined];
  while (guesses < plan.accounts && clock.sinceStart() < plan.forMs) {
    const wave = Array.from({ length: Math.min(plan.parallel, plan.accounts - guesses) }, () => next++);
    const outcomes = await Promise.all(
      wave.map((one) =>
        contestant.attempt({
          account: `sprayed-${one}`,
          address: addressOf(one),
          way: "new device",
          isOwner: false,
        }),
      ),
    );
    const wrong = outcomes.filter(({ kind }) => kind === "wrong").length;
    guesses += wrong;
    if (guessesBeforeAlarm === undefined && (await contestant.alarmedAtMs()) !== undefined)
      guessesBeforeAlarm = guesses;
    const waitMs = wrong > 0 ? plan.everyMs : Math.max(SECOND_MS, ...outcomes.map((one) => one.retryAfterMs));
    clock.reach(clock.sinceStart() + waitMs);
  }
  const alarmMs = await contestant.alarmedAtMs();
  return {
    guesses,
    guessesBeforeAlarm,
    alarmSeconds: alarmMs === undefined ? undefined : alarmMs / SECOND_MS,
    expectedTakeovers: guesses * ODDS_PER_GUESS,
  };
}
