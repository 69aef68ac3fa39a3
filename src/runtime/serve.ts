import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "../app.ts";
import type { Config } from "../config.ts";
import { ConfigError } from "../domain/config-error.ts";
import type { Env } from "../http/env.ts";
import { V1_ROUTES } from "../http/v1/index.ts";
import type { Deps } from "../ports/deps.ts";
import type { Logger } from "../ports/logger.ts";
import { apiListener } from "./api-listener.ts";
import { clientAddressReader } from "./client-address.ts";
import { startEventIndexer } from "./event-indexer.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { inStep } from "./in-step.ts";
import { loadPages } from "./load-pages.ts";
import { openNodeDeps } from "./node-deps.ts";
import { createWorkerEstimator } from "./password-estimator.ts";
import { startSightFlusher } from "./sight-flusher.ts";
import { watchMasterKeys } from "./watch-master-keys.ts";

/** How long a stop waits for answers that are under way, in milliseconds. */
const DRAIN_MS = 10_000;
const DRAIN_LOOK_MS = 50;

/** Against clients that send slowly or never. Idle connections outlive the 60 s that proxies commonly keep theirs. */
const SERVER_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
};

export type RunningServer = Readonly<{
  /** Where it listens; people and relying parties reach it at the public URL. */
  url: string;
  deps: Deps;
  hasPages: boolean;
  /** Takes no more requests, answers those under way (10 s at most) and closes the database. */
  close: () => Promise<void>;
}>;

/** Opens the data and listens; throws ConfigError when it cannot as configured. */
export async function startServer(
  config: Config,
  options: Readonly<{ logger: Logger; onBroken: (cause: unknown) => void }>,
): Promise<RunningServer> {
  const estimator = createWorkerEstimator();
  const [{ deps, masterKeyFile, close: closeData }, pages] = await Promise.all([
    openNodeDeps(config, { ...options, estimator }),
    loadPages(),
  ]);
  // Requests that come together would each make one.
  await deps.signer.jwks();
  const server = httpServer(config, deps, createApp(deps, pages));
  const port = await listen(server, config);
  const stops = [
    startHousekeeping(deps),
    startEventIndexer(deps),
    startSightFlusher(deps),
    ...(masterKeyFile === undefined ? [] : [watchMasterKeys(deps, masterKeyFile)]),
  ];
  warmBreaches(deps);
  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    deps,
    hasPages: pages !== undefined,
    close: async () => {
      await Promise.all(stops.map((stop) => stop()));
      await drain(server);
      await estimator.close();
      await closeData();
    },
  };
}

/** The API and the rest of the app behind Node's HTTP server, not yet listening. */
export function httpServer(
  config: Pick<Config, "trustedProxies">,
  deps: Deps,
  app: ReturnType<typeof createApp>,
): Server {
  const addressOf = clientAddressReader(config.trustedProxies);
  const bindings = (incoming: IncomingMessage): Env["Bindings"] => {
    let read: Readonly<{ address: string | undefined }> | undefined;
    return {
      get clientAddress() {
        read ??= { address: readAddress(incoming) };
        return read.address;
      },
    };
  };
  const readAddress = ({ headers, socket }: IncomingMessage) => {
    const { "x-forwarded-for": list, forwarded } = headers;
    const xForwardedFor = Array.isArray(list) ? list.join(",") : list;
    return addressOf(socket.remoteAddress, { xForwardedFor, forwarded });
  };
  const listener = getRequestListener(
    inStep((request, { incoming }) => app.fetch(request, bindings(incoming as IncomingMessage))),
  );
  return createServer(SERVER_OPTIONS, apiListener(deps, V1_ROUTES, listener));
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(unusable(error)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function unusable(error: NodeJS.ErrnoException): Error {
  const code = error.code ?? "unknown error";
  if (code === "EADDRINUSE") return new ConfigError("COUNTERSIGN_PORT is in use by another program.");
  return new ConfigError(`COUNTERSIGN_HOST and COUNTERSIGN_PORT cannot be listened on (${code}).`);
}

/** Connections fall idle one by one as their answers leave; what is still busy at the end is cut. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const look = setInterval(() => server.closeIdleConnections(), DRAIN_LOOK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(look);
  clearTimeout(cut);
}

/** The first look-up loads the index; it shall not be a person's. The index never rejects. */
function warmBreaches(deps: Deps): void {
  setImmediate(() => void deps.breaches.lookUp("0".repeat(40)));
}
