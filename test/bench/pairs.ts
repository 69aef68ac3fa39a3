import type { LoadFigures } from "./load.ts";

/** The same thing measured several times, each time right after its yardstick. */
export type PairFigures = Readonly<{
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  yardstickPerSecond: number;
  /** Median of the pairs' own ratios: what the machine does meanwhile hits both of a pair. */
  ratio: number;
  ratios: readonly number[];
  requests: number;
  generatorShare: number;
}>;

/** Measures yardstick and subject in turn, after one pair that only warms both up. */
export async function measurePairs(
  rounds: number,
  yardstick: () => Promise<LoadFigures>,
  subject: () => Promise<LoadFigures>,
): Promise<PairFigures> {
  await yardstick();
  await subject();
  const pairs: (readonly [LoadFigures, LoadFigures])[] = [];
  for (let round = 0; round < rounds; round++) pairs.push([await yardstick(), await subject()]);
  const measured = pairs.map(([, figures]) => figures);
  const ratios = pairs.map(([by, figures]) => figures.perSecond / by.perSecond);
  return {
    perSecond: median(measured.map(({ perSecond }) => perSecond)),
    p50Ms: median(measured.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(measured.map(({ p99Ms }) => p99Ms)),
    yardstickPerSecond: median(pairs.map(([{ perSecond }]) => perSecond)),
    ratio: median(ratios),
    ratios,
    requests: measured.reduce((total, { requests }) => total + requests, 0),
    generatorShare: Math.max(...pairs.flat().map(({ generatorShare }) => generatorShare)),
  };
}

/** The middle value; of two in the middle, the lower. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
