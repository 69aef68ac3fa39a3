/** The thread that estimates passwords: says "ready" once loaded, then answers each job. Errors leave it without any detail. */
import { parentPort } from "node:worker_threads";
import { loadEstimator } from "../password/estimator.ts";
import type { PasswordEstimate } from "../ports/password-estimator.ts";

export type Job = Readonly<{ password: string; words: readonly string[] }>;
export type Report = "ready" | "failed" | PasswordEstimate;

const estimate = await loadEstimator();

parentPort?.on("message", (job: Job) => report(attempt(job)));
report("ready");

function attempt({ password, words }: Job): Report {
  try {
    return estimate(password, words);
  } catch {
    return "failed";
  }
}

function report(message: Report): void {
  parentPort?.postMessage(message);
}
