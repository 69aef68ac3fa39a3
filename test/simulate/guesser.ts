import {
  type Contestant,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  takeoverOdds,
  type Way,
  YEAR_MS,
} from "./contestant.ts";

/**
 * The patient guesser has the password of one account, and a year. Every policy here counts guesses by time, so all that a
 * strategy can choose is when to guess and by which way. Tried: as soon as it is allowed (each refusal says when); five a
 * day, which never meets a wait; evenly; all that a month allows at its end; and, where the relying party leaves a way
 * in without a password, five a day by each. The owner signs in each day, by the ways that help the guesser most: a
 * success ends the row of wrong answers, which otherwise shuts the lane at 33. No strategy can have more than 25 in any
 * thirty days, 325 in a year.
 */
export const STRATEGIES = {
  "as soon as allowed": greedy,
  "five a day": (contestant, days) => at(contestant, fiveADay(days, "new device")),
  evenly: (contestant, days) => at(contestant, evenly(days)),
  "at the end of each month": (contestant, days) => at(contestant, monthly(days)),
  "five a day by each way": (contestant, days) =>
    at(contestant, [...fiveADay(days, "new device"), ...fiveADay(days, "no password")]),
} as const satisfies Record<string, Strategy>;

export type StrategyName = keyof typeof STRATEGIES;

/** The one strategy that needs a relying party that asks for no password first. */
export const BY_EACH_WAY: StrategyName = "five a day by each way";

export type GuesserResult = Readonly<{ guesses: number; odds: number }>;

type Strategy = (contestant: Contestant, days: number) => Promise<number>;
type Moment = Readonly<{ atMs: number; way: Way }>;

const ACCOUNT = "victim-of-the-guesser";
const GUESS = { account: ACCOUNT, address: "203.0.113.9", isOwner: false } as const;
const OWNER_COMES_MS = 8 * HOUR_MS;

/** Lets one strategy go on for so many days, and counts the guesses that were looked at. */
export async function guess(contestant: Contestant, name: StrategyName, days = 365): Promise<GuesserResult> {
  await contestant.enrol(ACCOUNT);
  const guesses = await STRATEGIES[name](contestant, days);
  return { guesses, odds: takeoverOdds(guesses) };
}

/** Tries whenever the last refusal said. */
async function greedy(contestant: Contestant, days: number): Promise<number> {
  const { clock } = contestant;
  const start = clock.sinceStart();
  let [guesses, next, ownerComes] = [0, start, start + OWNER_COMES_MS];
  while (next < start + days * DAY_MS) {
    ownerComes = await letOwnerIn(contestant, ownerComes, next);
    clock.reach(next);
    const outcome = await contestant.attempt({ ...GUESS, way: "new device" });
    if (outcome.kind === "wrong") guesses++;
    next = clock.sinceStart() + Math.max(outcome.retryAfterMs, SECOND_MS);
  }
  return guesses;
}

async function at(contestant: Contestant, moments: readonly Moment[]): Promise<number> {
  const { clock } = contestant;
  const start = clock.sinceStart();
  let [guesses, ownerComes] = [0, start + OWNER_COMES_MS];
  for (const { atMs, way } of [...moments].sort((a, b) => a.atMs - b.atMs)) {
    ownerComes = await letOwnerIn(contestant, ownerComes, start + atMs);
    clock.reach(start + atMs);
    if ((await contestant.attempt({ ...GUESS, way })).kind === "wrong") guesses++;
  }
  return guesses;
}

/** The owner's daily sign-ins up to a moment; answers when the next one is. */
async function letOwnerIn(contestant: Contestant, comesMs: number, untilMs: number): Promise<number> {
  let next = comesMs;
  for (; next <= untilMs; next += DAY_MS) {
    contestant.clock.reach(next);
    for (const way of ["new device", "no password"] as const)
      await contestant.attempt({ account: ACCOUNT, address: "198.51.100.7", way, isOwner: true });
  }
  return next;
}

function fiveADay(days: number, way: Way): readonly Moment[] {
  return count(days * 5).map((index) => ({ atMs: Math.floor(index / 5) * DAY_MS + (index % 5) * MINUTE_MS, way }));
}

function evenly(days: number): readonly Moment[] {
  const everyMs = YEAR_MS / 304;
  return count((days * DAY_MS) / everyMs).map((index) => ({ atMs: index * everyMs, way: "new device" }));
}

/** In the last three days of every thirty, every five minutes. */
function monthly(days: number): readonly Moment[] {
  const tries = count((3 * DAY_MS) / (5 * MINUTE_MS));
  return count(days / 30).flatMap((month) =>
    tries.map((one) => ({ atMs: (month * 30 + 27) * DAY_MS + one * 5 * MINUTE_MS, way: "new device" })),
  );
}

function count(upTo: number): readonly number[] {
  return Array.from({ length: Math.floor(upTo) }, (_, index) => index);
}
