/** What the estimator costs for ordinary and for hostile passwords, in milliseconds of its thread. Runs by itself, too. */

import { DEFAULT_POLICY } from "../../src/domain/realm.ts";
import { assessPassword } from "../../src/password/assess.ts";
import { createBundledBreachIndex } from "../../src/password/bundled-breach-index.ts";
import { loadEstimator } from "../../src/password/estimator.ts";
import type { PasswordLanguage } from "../../src/ports/password-estimator.ts";
import { createWorkerEstimator } from "../../src/runtime/password-estimator.ts";

export type Percentiles = Readonly<{ p50Ms: number; p99Ms: number }>;

export type PasswordAssessFigures = Readonly<{
  /** The estimator alone, every language loaded. */
  typical: Percentiles;
  /** The estimator alone, on the most expensive of the hostile inputs. */
  worst: Percentiles & Readonly<{ input: string }>;
  /** The whole assessment through the worker thread, ordinary passwords one after another. */
  assessed: Percentiles;
  /** The longest that the main thread's event loop was held up while hostile passwords were assessed. */
  longestBlockMs: number;
}>;

const CONTEXT = ["ann.smith@example.com", "Example Shop"];
const TYPICAL = [
  "gravel-otter-lantern-mosaic-7",
  "Tr0ub4dour&3",
  "P@ssw0rd123!",
  "correcthorsebatterystaple",
  "Ba9ZyWABu99[BK#6MBgbH88Tofv)vs$w",
  "neverforget13/3/1997",
  "Athena lavished a marvelous splendor",
  "qwertyuiop2026",
];

const LANGUAGES: readonly PasswordLanguage[] = ["en", "de", "fr", "es", "it"];

/** 256 code points each, made to be dear: words forwards and backwards, look-alikes, dates, repeats, and mixtures. */
const HOSTILE: Readonly<Record<string, string>> = {
  "words reversed": fill("drowssapP4$$w0rdletme1ncorrecthorse"),
  "look-alikes": fill("4@8({[<6|)3#&9!1|70()$5+%><2u2v//"),
  "words in look-alikes": fill("P4$$w0rd1l0v3y0u7h3dr4g0nm0nk3y5h4d0w"),
  digits: fill("1234567890123456789098765432101122"),
  mixture: fill("P4$$w0rd12/12/1990drowssapqwertyuiop1q2w3e4r5tabcabcabc0n3Tw0Thr33"),
  "nested repeats": fill("aabbccaabbccddaabbccaabbccddee"),
  "one letter": fill("a"),
  "two signs": fill("4!"),
  "word sequence": fill("0n3tw0thr33f0urf1v3s1xs3v3n31ghtn1n3t3n"),
  "no pattern": fill("xQ9z!pLm#7Vt@2Rk&8Yw%4Js^6Hn*3Fd(1Gb)5Cv-0Ax_Ze+Tu=Wi~Oq?Po<Ml>"),
  emoji: fill("😀🔑4@🐴🔋"),
  ...Object.fromEntries(
    [8, 10, 12, 14, 16, 20, 24, 32, 40, 48].map((length) => [
      `look-alikes ${length}`,
      "P4$$w0rd1l0v3y0u7h3dr4g0nm0nk3y5h4d0w1q2w3e4r5t6z7".slice(0, length),
    ]),
  ),
};

/** Measures with `rounds` calls a password; the default takes some ten seconds. */
export async function measurePasswordAssess(rounds = 30): Promise<PasswordAssessFigures> {
  const estimate = await loadEstimator();
  const time = (password: string, language: PasswordLanguage = "en") =>
    times(rounds, () => estimate({ password, words: CONTEXT, language }));
  for (const language of LANGUAGES) for (const password of TYPICAL) await time(password, language);
  const typical = percentiles((await inTurn(TYPICAL, time)).flat());
  const hostile = await inTurn(Object.entries(HOSTILE), async ([input, password]) => ({
    input,
    ...percentiles(await time(password, "de")),
  }));
  const worst = hostile.reduce((most, next) => (next.p50Ms > most.p50Ms ? next : most));
  return { typical, worst, ...(await measureWhole(rounds)) };
}

async function measureWhole(rounds: number): Promise<Pick<PasswordAssessFigures, "assessed" | "longestBlockMs">> {
  const estimator = createWorkerEstimator();
  const deps = { estimator, breaches: createBundledBreachIndex() };
  const assess = (password: string) =>
    assessPassword(deps, {
      password,
      context: CONTEXT,
      use: "single_factor",
      language: "en",
      policy: DEFAULT_POLICY.password,
    });
  await assess("warm");
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const password of TYPICAL) {
      const start = performance.now();
      await assess(password);
      taken.push(performance.now() - start);
    }
  }
  const longestBlockMs = await longestBlock(() => Promise.all(Object.values(HOSTILE).map(assess)));
  await estimator.close();
  return { assessed: percentiles(taken), longestBlockMs };
}

/** Ticks through every turn of the event loop while the work goes on, and answers with the longest turn. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const ticker = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await work();
  clearInterval(ticker);
  return longest;
}

async function times(count: number, work: () => Promise<unknown>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return taken;
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function percentiles(milliseconds: readonly number[]): Percentiles {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

function fill(text: string): string {
  return [...text.repeat(256)].slice(0, 256).join("");
}

if (import.meta.main) {
  const { typical, worst, assessed, longestBlockMs } = await measurePasswordAssess();
  const row = (name: string, { p50Ms, p99Ms }: Percentiles) =>
    `${name.padEnd(44)} ${p50Ms.toFixed(1).padStart(8)} ${p99Ms.toFixed(1).padStart(8)}`;
  console.log(`${"password assessment, ms".padEnd(44)}      p50      p99`);
  console.log(row("estimator, typical", typical));
  console.log(row(`estimator, worst (${worst.input})`, worst));
  console.log(row("assessment through the worker, typical", assessed));
  console.log(`longest turn of the event loop meanwhile: ${longestBlockMs.toFixed(1)} ms`);
}
