import { Worker } from "node:worker_threads";
import {
  type PasswordEstimate,
  type PasswordEstimator,
  PasswordEstimatorError,
  type PasswordEstimatorFault,
} from "../ports/password-estimator.ts";
import type { Job, Report } from "./password-worker.ts";

export type WorkerEstimator = PasswordEstimator &
  Readonly<{
    /** Ends the thread; what is waiting and what comes later rejects with `closed`. */
    close: () => Promise<void>;
  }>;

export type WorkerEstimatorLimits = Readonly<{
  /** Jobs that may wait or run; beyond it a call rejects with `busy`. */
  queue: number;
  /** From handing a job to the thread to its answer, in milliseconds; then the thread is ended and the job rejects with `timeout`. */
  jobMs: number;
  /** From starting the thread to its being ready, in milliseconds. */
  loadMs: number;
}>;

const DEFAULT_LIMITS: WorkerEstimatorLimits = {
  queue: 64,
  jobMs: 2_000,
  loadMs: 20_000,
};

/**
 * A password estimator on one thread of its own, so that no password holds up other requests. The thread and its
 * dictionaries are loaded by the first call, since they are a third of the service's memory and not everybody asks; it
 * takes one job at a time, is replaced when it breaks or overruns its time, and does not keep the process alive by itself.
 */
export function createWorkerEstimator(limits: WorkerEstimatorLimits = DEFAULT_LIMITS): WorkerEstimator {
  const pool: Pool = { limits, waiting: [], thread: undefined, closed: false };
  return {
    estimate: (input) => enqueue(pool, input),
    close: () => close(pool),
  };
}

type Ticket = Readonly<{
  job: Job;
  resolve: (estimate: PasswordEstimate) => void;
  reject: (error: PasswordEstimatorError) => void;
}>;

/** `current` is the job that the thread has; `deadline` guards the loading, then each job. */
type Thread = {
  readonly worker: Worker;
  ready: boolean;
  current: Ticket | undefined;
  deadline: NodeJS.Timeout | undefined;
};

type Pool = {
  readonly limits: WorkerEstimatorLimits;
  readonly waiting: Ticket[];
  thread: Thread | undefined;
  closed: boolean;
};

function enqueue(pool: Pool, job: Job): Promise<PasswordEstimate> {
  return new Promise((resolve, reject) => {
    const running = pool.thread?.current === undefined ? 0 : 1;
    if (pool.closed) return reject(new PasswordEstimatorError("closed"));
    if (pool.waiting.length + running >= pool.limits.queue) return reject(new PasswordEstimatorError("busy"));
    pool.waiting.push({ job, resolve, reject });
    ensureThread(pool);
    handOver(pool);
  });
}

function ensureThread(pool: Pool): void {
  if (!pool.closed) pool.thread ??= startThread(pool);
}

/** Gives the thread the next job, when it is loaded and has none. */
function handOver(pool: Pool): void {
  const { thread } = pool;
  if (thread === undefined || !thread.ready || thread.current !== undefined) return;
  const next = pool.waiting.shift();
  if (next === undefined) return;
  thread.current = next;
  setDeadline(pool, thread, pool.limits.jobMs);
  thread.worker.postMessage(next.job);
}

function startThread(pool: Pool): Thread {
  const worker = new Worker(new URL("./password-worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
  });
  const thread: Thread = {
    worker,
    ready: false,
    current: undefined,
    deadline: undefined,
  };
  worker.unref();
  worker.on("message", (report: Report) => receive(pool, thread, report));
  worker.on("error", () => drop(pool, thread, "broken"));
  worker.on("exit", () => drop(pool, thread, "broken"));
  setDeadline(pool, thread, pool.limits.loadMs);
  return thread;
}

function receive(pool: Pool, thread: Thread, report: Report): void {
  if (pool.thread !== thread) return;
  clearTimeout(thread.deadline);
  const ticket = thread.current;
  thread.current = undefined;
  if (report === "ready") thread.ready = true;
  else if (report === "failed") ticket?.reject(new PasswordEstimatorError("broken"));
  else ticket?.resolve(report);
  handOver(pool);
}

/** Ends a thread. Its job fails with it; while it was still loading, so do all that wait, rather than loading forever. */
function drop(pool: Pool, thread: Thread, fault: PasswordEstimatorFault): void {
  if (pool.thread !== thread) return;
  pool.thread = undefined;
  clearTimeout(thread.deadline);
  void thread.worker.terminate();
  thread.current?.reject(new PasswordEstimatorError(fault));
  if (!thread.ready) rejectWaiting(pool, fault);
  if (pool.waiting.length > 0) ensureThread(pool);
}

function setDeadline(pool: Pool, thread: Thread, milliseconds: number): void {
  thread.deadline = setTimeout(() => drop(pool, thread, "timeout"), milliseconds);
}

function rejectWaiting(pool: Pool, fault: PasswordEstimatorFault): void {
  for (const ticket of pool.waiting.splice(0)) ticket.reject(new PasswordEstimatorError(fault));
}

async function close(pool: Pool): Promise<void> {
  const { thread } = pool;
  pool.closed = true;
  pool.thread = undefined;
  clearTimeout(thread?.deadline);
  thread?.current?.reject(new PasswordEstimatorError("closed"));
  rejectWaiting(pool, "closed");
  await thread?.worker.terminate();
}
