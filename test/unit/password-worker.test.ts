import { setImmediate } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { loadEstimator } from "../../src/password/estimator.ts";
import { PasswordEstimatorError } from "../../src/ports/password-estimator.ts";
import {
  createWorkerEstimator,
  type WorkerEstimator,
  type WorkerEstimatorLimits,
} from "../../src/runtime/password-estimator.ts";

const AMPLE: WorkerEstimatorLimits = { queue: 64, jobMs: 60_000, loadMs: 60_000 };
const HEAVY = "P4$$w0rd12/12/1990drowssapqwertyuiop1q2w3e4r5tabcabcabc0n3Tw0Thr33";
const job = (password: string, words: readonly string[] = []) => ({ password, words, language: "en" }) as const;
const opened: WorkerEstimator[] = [];

function open(limits = AMPLE): WorkerEstimator {
  const estimator = createWorkerEstimator(limits);
  opened.push(estimator);
  return estimator;
}

afterEach(() => Promise.all(opened.splice(0).map((estimator) => estimator.close())));

it("answers on its thread what the estimator answers in place, each caller its own", async () => {
  const estimate = await loadEstimator();
  const passwords = ["Countersign2026!", "password", "", "😀🔑", HEAVY];
  const answers = await Promise.all(passwords.map((password) => open().estimate(job(password, ["countersign"]))));
  const one = open();
  const queued = await Promise.all(passwords.map((password) => one.estimate(job(password, ["countersign"]))));
  expect(queued).toEqual(await Promise.all(passwords.map((password) => estimate(job(password, ["countersign"])))));
  expect(answers).toEqual(queued);
});

it("leaves the event loop free while it estimates", async () => {
  const estimator = open();
  await estimator.estimate(job("loaded"));
  let answered = false;
  const answer = estimator.estimate(job(HEAVY)).then(() => {
    answered = true;
  });
  let turns = 0;
  while (!answered && turns < 3) {
    await setImmediate();
    turns += 1;
  }
  expect({ answered, turns }).toEqual({ answered: false, turns: 3 });
  await answer;
});

it("refuses as busy beyond its queue, and serves again once it is shorter", async () => {
  const estimator = open({ ...AMPLE, queue: 2 });
  const first = [estimator.estimate(job("one")), estimator.estimate(job("two"))];
  await expect(estimator.estimate(job("three"))).rejects.toMatchObject({ fault: "busy" });
  await Promise.all(first);
  expect(await estimator.estimate(job("three"))).toMatchObject({ score: 0 });
});

it("ends a thread that overruns its time and goes on with a new one", async () => {
  let jobMs = 1;
  const estimator = open({
    ...AMPLE,
    get jobMs() {
      return jobMs;
    },
  });
  await expect(estimator.estimate(job(HEAVY))).rejects.toMatchObject({ fault: "timeout" });
  jobMs = AMPLE.jobMs;
  expect(await estimator.estimate(job("password"))).toMatchObject({ common: true });
});

it("lets everybody go who waits for a thread that does not come up in time", async () => {
  const estimator = open({ ...AMPLE, loadMs: 1 });
  const outcomes = await Promise.allSettled([estimator.estimate(job("one")), estimator.estimate(job("two"))]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { fault: "timeout" } });
});

it("rejects what waits, and what comes later, when it is closed", async () => {
  const estimator = open();
  const waiting = expect(estimator.estimate(job("one"))).rejects.toMatchObject({ fault: "closed" });
  await estimator.close();
  await waiting;
  await expect(estimator.estimate(job("two"))).rejects.toThrow(PasswordEstimatorError);
});

it("names a closed fault and never the password in its errors", async () => {
  const estimator = open({ ...AMPLE, queue: 0 });
  const error: unknown = await estimator.estimate(job("Zq7-secret")).catch((thrown: unknown) => thrown);
  expect(String(error)).toBe("PasswordEstimatorError: password estimator unavailable: busy");
  expect(error).not.toHaveProperty("cause");
});
