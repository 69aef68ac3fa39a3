import { createApp } from "../app.ts";
import { ConfigError } from "../domain/config-error.ts";
import { newId } from "../domain/ids.ts";
import { flushSights } from "../flows/flush-sights.ts";
import { indexEvents } from "../flows/index-events.ts";
import { purgeBudgets } from "../flows/purge-budgets.ts";
import { refreshDecoys } from "../flows/refresh-decoys.ts";
import { nameOf } from "../http/failure.ts";
import { problemResponse } from "../http/problem.ts";
import type { Deps } from "../ports/deps.ts";
import { finishRotation } from "./finish-rotation.ts";
import { purgeExpired } from "./housekeeping.ts";
import { createJsonLogger } from "./json-logger.ts";
import { createNodeRandom } from "./node-random.ts";
import { withDatabase } from "./worker-database.ts";
import { openWorkerDeps, type WorkerSettings } from "./worker-deps.ts";
import { type AssetFiles, openWorkerPages } from "./worker-pages.ts";

type Bindings = WorkerSettings & Readonly<{ ASSETS: AssetFiles }>;
type Context = Readonly<{ waitUntil: (work: Promise<unknown>) => void }>;
type Service = Readonly<{ deps: Deps; app: ReturnType<typeof createApp> }>;

/** Events indexed in one run: a statement reads 1,000 and a batch writes 200, and the platform counts both. */
const MOST_EVENTS = 50_000;

const logger = createJsonLogger((line) => console.log(line));
const random = createNodeRandom();

/**
 * The service of this isolate. It is kept once it is there, never as a promise: a promise belongs to the request that
 * made it, and ends with it.
 */
let kept: Service | undefined;

/** Cloudflare Workers' entry point: requests, and the timer that wrangler.toml sets. */
export default {
  fetch(request: Request, bindings: Bindings, context: Context): Promise<Response> {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const work = withDatabase(bindings, async () => {
      resolve(await respond(request, bindings));
      await countSights();
    });
    // A client that hangs up must not leave a guess half counted: the work goes on without it.
    context.waitUntil(work);
    return promise;
  },

  scheduled(_event: unknown, bindings: Bindings): Promise<void> {
    return withDatabase(bindings, async () => {
      const { deps } = await service(bindings);
      await Promise.all([
        attempt("purge_failed", purgeExpired(deps)),
        attempt("purge_failed", purgeBudgets(deps)),
        attempt("decoys_failed", refreshDecoys(deps)),
        // Several keys mean a rotation: else nobody has to look.
        bindings.COUNTERSIGN_MASTER_KEY?.includes(",") && attempt("rotation_failed", finishRotation(deps)),
        attempt("indexing_failed", indexEvents(deps, { most: MOST_EVENTS, pause: async () => undefined })),
      ]);
    });
  },
};

/** Never rejects. */
async function respond(request: Request, bindings: Bindings): Promise<Response> {
  try {
    const { app } = await service(bindings);
    // The platform sets this header itself, whatever the client sent.
    const clientAddress = request.headers.get("cf-connecting-ip") ?? undefined;
    return await app.fetch(request, { clientAddress });
  } catch (error) {
    const requestId = newId("req", random.bytes);
    logger.error("not_open", { requestId, error: nameOf(error), problem: problemOf(error) });
    return problemResponse({ code: "unavailable", retryAfterSeconds: 1 }, requestId);
  }
}

/** What answers left behind for the scan alarm is counted after each: an isolate may not live to see a timer. */
async function countSights(): Promise<void> {
  if (kept) await attempt("sights_failed", flushSights(kept.deps));
}

async function service(bindings: Bindings): Promise<Service> {
  if (kept) return kept;
  const deps = await openWorkerDeps(bindings, logger);
  kept = { deps, app: createApp(deps, openWorkerPages(bindings.ASSETS)) };
  return kept;
}

async function attempt(failure: string, task: Promise<unknown>): Promise<void> {
  try {
    await task;
  } catch (error) {
    logger.error(failure, { error: nameOf(error) });
  }
}

/** A setting that is wrong is for the operator to read; it is never quoted. */
function problemOf(error: unknown): string | undefined {
  return error instanceof ConfigError ? error.problems.join(" ") : undefined;
}
