import type { LoadFigures } from "./load.ts";

/** A round, with the processor time that the server spent on one request, in microseconds. */
export type RoundFigures = LoadFigures & Readonly<{ cpuMicros: number }>;

/** The same thing measured several times, each time right after its yardstick. */
export type PairFigures = Readonly<{
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  yardstickPerSecond: number;
  /** Median of the pairs' own ratios: what the machine does meanwhile hits both of a pair. */
  ratio: number;
  ratios: readonly number[];
  /** Server's processor time a request, and the yardstick's divided by it: hardly touched by what else is running. */
  cpuMicros: number;
  cpuRatio: number;
  requests: number;
  idleShare: number;
}>;

/** Before that many requests the compiler is still at work; what is slow gets that long. */
const WARM_REQUESTS = 30_000;
const WARM_MS = 15_000;

type Measure = () => Promise<RoundFigures>;

/** Measures yardstick and subject in turn, after warming both up; `prepare` comes before every round of the subject. */
export async function measurePairs(
  what: Readonly<{ rounds: number; yardstick: Measure; subject: Measure; prepare?: () => Promise<unknown> }>,
): Promise<PairFigures> {
  const { rounds, yardstick, subject, prepare = async () => undefined } = what;
  await warmUp(yardstick);
  await warmUp(async () => {
    await prepare();
    return subject();
  });
  const pairs: (readonly [RoundFigures, RoundFigures])[] = [];
  for (let round = 0; round < rounds; round++) {
    await prepare();
    pairs.push([await yardstick(), await subject()]);
  }
  const measured = pairs.map(([, figures]) => figures);
  const ratios = pairs.map(([by, figures]) => figures.perSecond / by.perSecond);
  return {
    perSecond: median(measured.map(({ perSecond }) => perSecond)),
    p50Ms: median(measured.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(measured.map(({ p99Ms }) => p99Ms)),
    yardstickPerSecond: median(pairs.map(([{ perSecond }]) => perSecond)),
    ratio: median(ratios),
    ratios,
    cpuMicros: median(measured.map(({ cpuMicros }) => cpuMicros)),
    cpuRatio: median(pairs.map(([by, figures]) => by.cpuMicros / figures.cpuMicros)),
    requests: measured.reduce((total, { requests }) => total + requests, 0),
    idleShare: Math.min(...pairs.flat().map(({ idleShare }) => idleShare)),
  };
}

async function warmUp(measure: Measure): Promise<void> {
  const until = performance.now() + WARM_MS;
  for (let served = 0; served < WARM_REQUESTS && performance.now() < until; ) served += (await measure()).requests;
}

/** The middle value; of two in the middle, the lower. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
