/** How two samples of a time differ. `z` and the `p`s are two-sided; the interval is that of 95 %. */
export type Comparison = Readonly<{
  meanDifference: number;
  welchT: number;
  welchP: number;
  mannWhitneyP: number;
  /** The chance that one of the first sample is larger than one of the second, ties counting half: 0.5 for alike ones. */
  auc: number;
  aucLow: number;
  aucHigh: number;
}>;

const Z_95 = 1.96;

/**
 * Compares two samples by Welch's t-test, by the Mann-Whitney U test with correction for ties, and by the area under the
 * curve with the interval of Hanley and McNeil (1982). The p-values use the normal distribution: for samples of thirty
 * and more. Each sample needs two values at least.
 */
export function compareSamples(first: readonly number[], second: readonly number[]): Comparison {
  const [a, b] = [momentsOf(first), momentsOf(second)];
  const spread = Math.sqrt(a.variance / first.length + b.variance / second.length);
  const welchT = spread === 0 ? 0 : (a.mean - b.mean) / spread;
  const { u, tieTerm } = rankSum(first, second);
  const pairs = first.length * second.length;
  const total = first.length + second.length;
  const deviation = Math.sqrt((pairs / 12) * (total + 1 - tieTerm / (total * (total - 1))));
  const auc = u / pairs;
  const error = hanleyMcNeil(auc, first.length, second.length);
  return {
    meanDifference: a.mean - b.mean,
    welchT,
    welchP: twoSided(welchT),
    mannWhitneyP: deviation === 0 ? 1 : twoSided((u - pairs / 2) / deviation),
    auc,
    aucLow: Math.max(0, auc - Z_95 * error),
    aucHigh: Math.min(1, auc + Z_95 * error),
  };
}

function momentsOf(values: readonly number[]): Readonly<{ mean: number; variance: number }> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, values.length - 1) };
}

/** Mann and Whitney's U of the first sample, and the sum of t³ − t over groups of t equal values. */
function rankSum(first: readonly number[], second: readonly number[]): Readonly<{ u: number; tieTerm: number }> {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ];
  all.sort((x, y) => x.value - y.value);
  let [ranks, tieTerm] = [0, 0];
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end++;
    const ties = end - start;
    const rank = (start + 1 + end) / 2;
    for (let index = start; index < end; index++) if (all[index]?.isFirst) ranks += rank;
    tieTerm += ties ** 3 - ties;
    start = end;
  }
  return { u: ranks - (first.length * (first.length + 1)) / 2, tieTerm };
}

/** The standard error of an area under the curve. */
function hanleyMcNeil(auc: number, first: number, second: number): number {
  const [q1, q2] = [auc / (2 - auc), (2 * auc ** 2) / (1 + auc)];
  const variance = auc * (1 - auc) + (first - 1) * (q1 - auc ** 2) + (second - 1) * (q2 - auc ** 2);
  return Math.sqrt(Math.max(0, variance) / (first * second));
}

/** The chance that a standard normal value lies further out than `z`. */
function twoSided(z: number): number {
  return complementaryError(Math.abs(z) / Math.SQRT2);
}

/** erfc for x ≥ 0 (Abramowitz and Stegun 7.1.26): absolute error below 1.5e-7. */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return series.reduce((sum, coefficient) => sum * t + coefficient, 0) * t * Math.exp(-x * x);
}
