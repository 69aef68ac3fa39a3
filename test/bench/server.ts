/** The process under load: the bare echo, files as they are, or the service, on a free port; told what to do over the channel to its parent. */
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { createApp } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import type { PageSurface } from "../../src/http/pages/surface.ts";
import { startEventIndexer } from "../../src/runtime/event-indexer.ts";
import { createJsonLogger } from "../../src/runtime/json-logger.ts";
import { loadPages } from "../../src/runtime/load-pages.ts";
import { openNodeDeps } from "../../src/runtime/node-deps.ts";
import { createWorkerEstimator } from "../../src/runtime/password-estimator.ts";
import { httpServer } from "../../src/runtime/serve.ts";
import { startSightFlusher } from "../../src/runtime/sight-flusher.ts";
import type { Order, Report, Usage } from "./child.ts";
import { referenceProvider } from "./reference-provider.ts";

const [mode = "echo", dataDir = ""] = process.argv.slice(2);
let clockOffsetMs = 0;

const server = await startedIn(mode);
server.listen(0, "127.0.0.1", () => tell({ kind: "ready", port: (server.address() as AddressInfo).port }));

process.on("message", (order: Order) => {
  if (order.kind === "clock") clockOffsetMs = order.nowMs - Date.now();
  if (order.kind === "usage") tell({ kind: "usage", ...usage() });
});
// The normal way out, so that a CPU profile is written.
process.on("disconnect", () => {
  server.close();
  process.exit(0);
});

async function startedIn(mode: string) {
  if (mode === "service") return service(dataDir);
  if (mode === "hosted") return service(dataDir, await loadPages());
  if (mode === "oidc-provider") return referenceProvider();
  return createAdaptorServer({ fetch: (mode === "static" ? files(dataDir) : echo()).fetch });
}

function files(folder: string): Hono {
  const app = new Hono();
  app.use(serveStatic({ root: folder }));
  return app;
}

function echo(): Hono {
  const app = new Hono();
  app.post("/echo", async (c) => c.json(await c.req.json()));
  return app;
}

async function service(dataDir: string, pages?: PageSurface) {
  const { COUNTERSIGN_DATABASE_URL } = process.env;
  const config = parseConfig({
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_DATABASE_URL,
    COUNTERSIGN_TRUSTED_PROXIES: "127.0.0.1",
  });
  const logger = createJsonLogger((line) => process.stderr.write(`${line}\n`));
  const clock = { now: () => Date.now() + clockOffsetMs };
  const { deps } = await openNodeDeps(config, { logger, estimator: createWorkerEstimator(), clock });
  startEventIndexer(deps);
  startSightFlusher(deps);
  return httpServer(config, deps, createApp(deps, pages));
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, residentBytes: process.memoryUsage.rss() };
}

function tell(report: Report): void {
  process.send?.(report);
}
