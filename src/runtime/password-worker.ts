/** The thread that estimates passwords: says "ready" once loaded, then answers each job. Errors leave it without any detail. */
import { parentPort } from "node:worker_threads";
import { loadEstimator } from "../password/estimator.ts";
import type { EstimateInput, PasswordEstimate } from "../ports/password-estimator.ts";

export type Job = EstimateInput;
export type Report = "ready" | "failed" | PasswordEstimate;

const estimate = await loadEstimator();

parentPort?.on("message", async (job: Job) => report(await attempt(job)));
report("ready");

async function attempt(job: Job): Promise<Report> {
  try {
    return await estimate(job);
  } catch {
    return "failed";
  }
}

function report(message: Report): void {
  parentPort?.postMessage(message);
}
