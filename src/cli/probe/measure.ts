import { randomInt } from "node:crypto";
import type { Api } from "./api.ts";
import type { Group } from "./cases.ts";
import { firstDifference, looksOf } from "./looks.ts";
import { type Comparison, compareSamples } from "./statistics.ts";

/** `alike`: nothing was found; `unsure`: more samples are needed to say so; the other two tell the groups apart. */
export type Verdict = "alike" | "unsure" | "told apart by time" | "told apart by answer";

/** Subjects that nobody has heard of, against another group of a case. */
export type Pair = Readonly<{
  name: string;
  against: string;
  samples: number;
  comparison: Comparison;
  verdict: Verdict;
  /** Where the answers part. */
  difference?: string;
}>;

/** What our own service is held to, with twenty thousand samples and more a pair. */
const AIM = 0.02;
/** An area under the curve within this of one half is what we call alike. */
const MARGIN = 0.05;
/** Before that many questions caches and compilers are still warming up. */
const WARM_UP = 40;

/** Whether the area lies within 0.48 to 0.52, and its interval within 0.45 to 0.55. */
export function meetsAim({ comparison: { auc, aucLow, aucHigh } }: Pair): boolean {
  return Math.abs(auc - 0.5) <= AIM && aucLow >= 0.5 - MARGIN && aucHigh <= 0.5 + MARGIN;
}

type Sample = { readonly looks: Set<string>; readonly micros: number[] };

/** Asks every group of a case in turn, in an order drawn anew each round, and compares each with the first. */
export async function measure(
  api: Api,
  { name, groups }: Readonly<{ name: string; groups: readonly Group[] }>,
  samples: number,
): Promise<readonly Pair[]> {
  const taken: readonly Sample[] = groups.map(() => ({ looks: new Set<string>(), micros: [] }));
  const warmUp = Math.min(WARM_UP, Math.floor(samples / 10));
  for (let round = 0; round < samples; round++) {
    for (const index of shuffled(groups.length)) {
      const question = await groups[index]?.next();
      const sample = taken[index];
      if (!question || !sample) continue;
      const answer = await api.ask(question);
      sample.looks.add(looksOf(answer));
      if (round >= warmUp) sample.micros.push(answer.micros);
    }
  }
  const [first, ...others] = taken;
  if (!first) return [];
  return others.map((other, index) => judge(name, groups[index + 1]?.name ?? "", first, other));
}

function judge(name: string, against: string, strangers: Sample, others: Sample): Pair {
  const comparison = compareSamples(strangers.micros, others.micros);
  const [a, b] = [[...strangers.looks].sort().join("\n"), [...others.looks].sort().join("\n")];
  const pair = { name, against, samples: others.micros.length, comparison };
  if (a !== b) return { ...pair, verdict: "told apart by answer", difference: firstDifference(a, b) };
  return { ...pair, verdict: byTime(comparison) };
}

function byTime({ aucLow, aucHigh }: Comparison): Verdict {
  if (aucLow > 0.5 + MARGIN || aucHigh < 0.5 - MARGIN) return "told apart by time";
  return aucLow >= 0.5 - MARGIN && aucHigh <= 0.5 + MARGIN ? "alike" : "unsure";
}

function shuffled(length: number): readonly number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [order[index], order[other]] = [order[other] ?? 0, order[index] ?? 0];
  }
  return order;
}
