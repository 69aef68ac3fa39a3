import { announceInvitation } from "../../src/runtime/announced-invitation.ts";
import type { Environment } from "../support/command-line.ts";
import type { Answer, Json, TestRelyingParty } from "../support/service.ts";
import { joinAsOwner, registerRelyingParty } from "../support/worker-operator.ts";
import type { RunningWorker } from "../support/worker-program.ts";

/** Starts a Worker with a relying party, runs the work against it, and clears up. */
export async function withWorker<T>(
  run: (settings: Environment) => Promise<RunningWorker>,
  work: (worker: RunningWorker, rp: TestRelyingParty) => Promise<T>,
): Promise<T> {
  const announced = announceInvitation("http://localhost", Date.now());
  const worker = await run({ COUNTERSIGN_INVITATION: announced.setting });
  try {
    const { browser } = await joinAsOwner(worker, worker.url + new URL(announced.url).pathname);
    return await work(worker, await registerRelyingParty(worker, browser));
  } finally {
    await worker.stop();
  }
}

/** Throws when the enrolment is not confirmed. */
export async function confirmEnrolment(rp: TestRelyingParty, started: Answer, answer: Json): Promise<void> {
  const confirmed = await rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, answer);
  if (confirmed.status !== 201) throw new Error(confirmed.text);
}
