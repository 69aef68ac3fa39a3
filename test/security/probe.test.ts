import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { EXIT } from "../../src/cli/command.ts";
import { compareSamples } from "../../src/cli/probe/statistics.ts";
import { probe } from "../../src/cli/probe.ts";
import { flushSights } from "../../src/flows/flush-sights.ts";
import { changeLimits } from "../../src/flows/realm-limits.ts";
import { limitUnknown } from "../../src/flows/relying-parties.ts";
import { lookupOf } from "../../src/flows/subject.ts";
import { problemResponse } from "../../src/http/problem.ts";
import type { Deps } from "../../src/ports/deps.ts";
import { type Listening, listen } from "../support/listen.ts";
import { startService, type TestRelyingParty, type TestService } from "../support/service.ts";

const SLOW_MS = 240_000;
/** Enough for a leak of one database write to show, and for chance not to look like one. */
const TIMED = 300;
const COMPARED = 60;

let service: TestService;
let rp: TestRelyingParty;
const servers: Listening[] = [];

beforeAll(async () => {
  service = await startService();
  // The probe's authenticator apps go by the real time.
  service.clock.now = Date.now;
  rp = await service.addRelyingParty();
  const by = { actor: "test", requestId: "req_test", nowMs: Date.now() };
  await changeLimits(service.deps, by, { realmId: "default", change: { realmBudget: { burst: 1_000_000 } } });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await service.close();
});

type Pair = Readonly<{ name: string; against: string; verdict: string }>;

async function run(answer: (request: Request) => Promise<Response>, samples: number, only: readonly string[]) {
  const server = await listen(answer);
  servers.push(server);
  const printed: string[] = [];
  const warned: string[] = [];
  const values = { url: server.url, origin: service.config.publicUrl, samples: String(samples), only, json: true };
  const code = await probe.run({
    values,
    positionals: [],
    env: { COUNTERSIGN_API_KEY: rp.apiKey },
    print: (line) => printed.push(line),
    warn: (line) => warned.push(line),
  });
  const said: { alike: boolean; pairs: readonly Pair[] } = JSON.parse(printed.join("\n"));
  return { code, warned, ...said };
}

const honest = async (request: Request) => service.app.fetch(request);

/** What peers do: whom nobody has heard of is answered at once. */
function leaky(deps: Deps): (request: Request) => Promise<Response> {
  const app = createApp(deps);
  return async (request) => {
    const { subject } = await request.clone().json();
    const isKnown =
      subject === undefined ||
      new URL(request.url).pathname !== "/v1/verify" ||
      (await deps.store.authenticators.listActive(lookupOf(deps.keyring, "default", subject))).length > 0;
    if (isKnown) return app.fetch(request);
    return problemResponse({ code: "answer_rejected" }, `req_${"0".repeat(26)}`);
  };
}

/** One that says a little more to those who are known. */
async function talkative(request: Request): Promise<Response> {
  const { subject } = await request.clone().json();
  const response = await service.app.fetch(request);
  const lookup = lookupOf(service.deps.keyring, "default", String(subject));
  if ((await service.deps.store.authenticators.listActive(lookup)).length > 0) response.headers.set("x-tried", "1");
  return response;
}

describe("countersign probe", () => {
  test(
    "finds no answer of ours that tells known from unknown subjects, and erases whom it made",
    async () => {
      const { pairs } = await run(honest, COMPARED, []);
      expect(pairs.filter(({ verdict }) => verdict === "told apart by answer")).toEqual([]);
      expect(new Set(pairs.map(({ name }) => name)).size).toBe(11);
      const left = await service.deps.store.authenticators.sample("default", "", 9);
      expect(left).toEqual([]);
    },
    SLOW_MS,
  );

  test(
    "cannot tell them apart by time either",
    async () => {
      const { alike, code, pairs } = await run(honest, TIMED, ["wrong code", "challenge, app", "wrong passkey"]);
      expect(pairs.filter(({ verdict }) => verdict.startsWith("told apart"))).toEqual([]);
      expect([alike, code]).toEqual([true, EXIT.ok]);
    },
    SLOW_MS,
  );

  test(
    "tells a build apart that answers early for unknown subjects",
    async () => {
      const { code, pairs } = await run(leaky(service.deps), TIMED, ["wrong code"]);
      expect(code).toBe(EXIT.failed);
      const against = pairs.filter(({ verdict }) => verdict === "told apart by time").map((pair) => pair.against);
      expect(against).toEqual(expect.arrayContaining(["app", "passkey", "several"]));
      expect(against).not.toContain("erased");
    },
    SLOW_MS,
  );

  test(
    "tells a build apart by one header more",
    async () => {
      const { code, pairs } = await run(talkative, COMPARED, ["without proof"]);
      expect(code).toBe(EXIT.failed);
      const against = pairs.filter(({ verdict }) => verdict === "told apart by answer").map((pair) => pair.against);
      expect(new Set(against)).toEqual(new Set(["app", "passkey"]));
    },
    SLOW_MS,
  );
});

test(
  "countersign probe ends when the scan alarm stops its key, rather than find everybody alike",
  async () => {
    const guarded = await startService();
    guarded.clock.now = Date.now;
    const other = await guarded.addRelyingParty();
    const by = { actor: "test", requestId: "req_test", nowMs: Date.now() };
    await limitUnknown(guarded.deps, by, { rpId: other.clientId, limit: 2 });
    const server = await listen(async (request) => {
      const response = await guarded.app.fetch(request);
      await flushSights(guarded.deps);
      return response;
    });
    servers.push(server);
    const values = {
      url: server.url,
      origin: guarded.config.publicUrl,
      samples: "40",
      only: ["wrong code"],
      json: true,
    };
    const env = { COUNTERSIGN_API_KEY: other.apiKey };
    const ignore = () => undefined;
    const probing = probe.run({ values, positionals: [], env, print: ignore, warn: ignore });
    await expect(probing).rejects.toThrow("The probe was stopped by a limit");
    await guarded.close();
  },
  SLOW_MS,
);

describe("its statistics", () => {
  // Worked out from the definitions by another program; U counts pairs one by one there.
  const a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
  const b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.4];

  test("agree with worked figures", () => {
    const compared = compareSamples(a, b);
    expect(compared.meanDifference).toBeCloseTo(-2.833333, 5);
    expect(compared.welchT).toBeCloseTo(-2.852955, 5);
    expect(compared.welchP).toBeCloseTo(0.0043315, 6);
    expect(compared.auc).toBeCloseTo(0.202222, 5);
    expect(compared.mannWhitneyP).toBeCloseTo(0.0054314, 6);
    expect(compared.aucLow).toBeCloseTo(0.039884, 5);
    expect(compared.aucHigh).toBeCloseTo(0.36456, 5);
  });

  test("say one half of a sample against itself, and nothing of alike ones", () => {
    const same = compareSamples(a, a);
    expect(same).toMatchObject({ auc: 0.5, welchT: 0, meanDifference: 0 });
    expect(same.mannWhitneyP).toBeCloseTo(1, 5);
    expect([same.aucLow < 0.5, same.aucHigh > 0.5]).toEqual([true, true]);
  });

  test("say nearly one of samples that do not overlap, with an interval that leaves one half out", () => {
    const far = compareSamples(
      a.map((value) => value + 100),
      b,
    );
    expect(far.auc).toBe(1);
    expect(far.aucLow).toBeGreaterThan(0.9);
    expect(far.welchP).toBeLessThan(0.0001);
  });
});
