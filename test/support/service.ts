import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { createApp } from "../../src/app.ts";
import { type Config, parseConfig } from "../../src/config.ts";
import { DEFAULT_REALM_ID } from "../../src/domain/realm.ts";
import type { JwkSet, Scope } from "../../src/domain/relying-party.ts";
import { createRelyingParty } from "../../src/flows/relying-parties.ts";
import type { PageSurface } from "../../src/http/pages/surface.ts";
import { createInProcessEstimator } from "../../src/password/in-process-estimator.ts";
import type { Deps } from "../../src/ports/deps.ts";
import type { Random } from "../../src/ports/random.ts";
import { openNodeDeps } from "../../src/runtime/node-deps.ts";
import { expectConformant } from "./conformant.ts";
import { createDatabase } from "./postgres-server.ts";
import { type LogWatch, watchLog } from "./watch-log.ts";

/** 2026-11-23T08:00:00Z: the first second of a TOTP step. */
const START_MS = Date.UTC(2026, 10, 23, 8, 0, 0);

export type TestClock = { nowMs: number; now: () => number; advance: (ms: number) => void };
export type Json = Record<string, unknown>;
export type Answer = Readonly<{ status: number; headers: Headers; text: string; body: Json }>;

export type TestService = Readonly<{
  deps: Deps;
  config: Config;
  clock: TestClock;
  /** Everything that was logged, one JSON line each. */
  log: string[];
  app: ReturnType<typeof createApp>;
  /** A relying party of its own, with a client bound to its key. */
  addRelyingParty: (
    options?: Readonly<{
      name?: string;
      realmId?: string;
      scopes?: readonly Scope[];
      redirectUris?: readonly string[];
      jwks?: JwkSet;
      allowInsecureAuthorize?: boolean;
    }>,
  ) => Promise<TestRelyingParty>;
  /** Fails when a line of the log holds an identifier or secret that went over the API. */
  close: () => Promise<void>;
}>;

export type TestRelyingParty = Readonly<{
  clientId: string;
  /** Empty for one that signs. */
  clientSecret: string;
  apiKey: string;
  /** Every answer is held against the route's own declaration: see `expectConformant`. */
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>;
}>;

export type ServiceOptions = Readonly<{
  env?: Record<string, string>;
  random?: Random;
  /** Puts a wrapper around what the app gets, to watch it. */
  wrap?: (deps: Deps) => Deps;
  /** The web UI; without it the app is the API alone. */
  pages?: PageSurface;
}>;

/**
 * The real service over real SQLite in a temporary folder, or over a database of its own on the real PostgreSQL of the
 * test project of that name; with a clock that the test moves.
 */
export async function startService(options: ServiceOptions = {}): Promise<TestService> {
  const dataDir = mkdtempSync(join(tmpdir(), "countersign-test-"));
  const config = parseConfig({ COUNTERSIGN_DATA_DIR: dataDir, ...(await database()), ...options.env });
  const clock = testClock();
  const log: string[] = [];
  const record =
    (level: string) =>
    (event: string, fields = {}) =>
      void log.push(JSON.stringify({ level, event, ...fields }));
  const watch = watchLog(log);
  const logger = { info: record("info"), warn: record("warn"), error: record("error") };
  const { random } = options;
  const opened = await openNodeDeps(config, { logger, estimator: createInProcessEstimator(), clock, random });
  const { deps } = opened;
  const app = createApp(options.wrap?.(deps) ?? deps, options.pages);
  return {
    deps,
    config,
    clock,
    log,
    app,
    addRelyingParty: (rp) => addRelyingParty(deps, { app, watch }, rp),
    close: async () => {
      await opened.close();
      rmSync(dataDir, { recursive: true, force: true });
      const telling = watch.tellingLines();
      if (telling.length > 0) throw new Error(`the log tells what it must not: ${telling.join("\n")}`);
    },
  };
}

async function database(): Promise<Record<string, string>> {
  if (process.env.COUNTERSIGN_TEST_ENGINE !== "postgres") return {};
  return {
    COUNTERSIGN_DATABASE_URL: await createDatabase(inject("postgresUrl")),
    COUNTERSIGN_DATABASE_CONNECTIONS: "4",
  };
}

function testClock(): TestClock {
  return {
    nowMs: START_MS,
    now() {
      return this.nowMs;
    },
    advance(ms) {
      this.nowMs += ms;
    },
  };
}

async function addRelyingParty(
  deps: Deps,
  { app, watch }: Readonly<{ app: TestService["app"]; watch: LogWatch }>,
  options: Parameters<TestService["addRelyingParty"]>[0] = {},
): Promise<TestRelyingParty> {
  const by = { actor: "test", requestId: "req_test", nowMs: deps.clock.now() };
  const {
    name = "Shop",
    realmId = DEFAULT_REALM_ID,
    redirectUris = ["http://localhost:3000/callback"],
    ...terms
  } = options;
  const created = await createRelyingParty(deps, by, { name, redirectUris, realmId, ...terms });
  if (!created.ok) throw new Error(`could not create a relying party: ${created.denial.code}`);
  const { clientId, clientSecret = "", apiKey } = created.value;
  watch.note({ secret: apiKey });
  watch.note({ secret: clientSecret });
  return { clientId, clientSecret, apiKey, post: client(app, apiKey, watch) };
}

/** What answers requests: the app itself, or a server that runs it. */
type Answering = Readonly<{ request: (path: string, init: RequestInit) => Response | Promise<Response> }>;

/** A client bound to one API key. */
export function client(app: Answering, apiKey: string, watch?: LogWatch): TestRelyingParty["post"] {
  return async (path, body, headers = {}) => {
    watch?.note(body);
    const response = await app.request(path, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const answer = await readAnswer(response);
    expectConformant(path, answer);
    watch?.note(answer.body);
    return answer;
  };
}

/** A response, read. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  // Whatever is not an object fails on its first use.
  const body = text === "" ? {} : (JSON.parse(text) as Json);
  return { status: response.status, headers: response.headers, text, body };
}
