import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { totpHmac } from "../../src/crypto/hmac.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";
import type { Scale } from "./benches.ts";
import { type Server, startServer } from "./child.ts";
import { BENCH_CLIENT, type BenchClient, type Journey, ledTo, type Paths, signIn } from "./openid-client.ts";
import { measurePairs, median, type PairFigures, type RoundFigures } from "./pairs.ts";
import { passkeySubject, type Seeded, seed, totpSecret, totpSubject } from "./seed.ts";

const STEP_MS = 30_000;
/** Sign-ins under way at a time. */
const BROWSERS = 64;

const OUR_PATHS: Paths = { par: "/oidc/par", authorize: "/oidc/authorize", token: "/oidc/token" };
const THEIR_PATHS: Paths = { par: "/request", authorize: "/auth", token: "/token" };

export type OpenidBench = Readonly<{ totp: PairFigures; passkey: PairFigures }>;

/**
 * Whole sign-ins by a fresh browser, five requests each: ours with a second factor, page included, and every step
 * durable; oidc-provider's with nothing to answer, in memory.
 */
export async function openidFlows(scale: Scale): Promise<OpenidBench> {
  const dataDir = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  const perRound = scale.openidFlows;
  const seeded = await seed({ dataDir, totpSubjects: perRound, passkeySubjects: perRound });
  const ours = await startServer({ mode: "hosted", dataDir }, scale.nodeOptions);
  const theirs = await startServer({ mode: "oidc-provider" });
  try {
    const yardstick = () =>
      round(theirs, perRound, (index) => ({
        client: BENCH_CLIENT,
        paths: THEIR_PATHS,
        subject: totpSubject(index),
        journey: throughInteraction,
      }));
    const party = { client: seeded.client, paths: OUR_PATHS };
    const { rounds } = scale;
    const clock = steps(ours);
    const totp = () => {
      const step = clock.next();
      return round(ours, perRound, (index) => ({
        ...party,
        subject: totpSubject(index),
        journey: withCode(codeOf(index, step)),
      }));
    };
    const passkey = () =>
      round(ours, perRound, (index) => ({
        ...party,
        subject: passkeySubject(index),
        journey: withPasskey(seeded, index),
      }));
    return {
      totp: await measurePairs({ rounds, yardstick, subject: totp }),
      passkey: await measurePairs({ rounds, yardstick, subject: passkey }),
    };
  } finally {
    await Promise.all([ours.stop(), theirs.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type SignIn = Readonly<{ client: BenchClient; paths: Paths; subject: string; journey: Journey }>;

/** A fixed number of sign-ins, so many at a time. */
async function round(server: Server, count: number, signInOf: (index: number) => SignIn): Promise<RoundFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: BROWSERS });
  const before = await server.usage();
  const latencies: number[] = [];
  const start = performance.now();
  let next = 0;
  const browse = async () => {
    for (let index = next++; index < count; index = next++) {
      const begun = performance.now();
      await signIn({ port: server.port, agent, ...signInOf(index) });
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: BROWSERS }, browse));
  const tookMs = performance.now() - start;
  const { cpuMicros } = await server.usage();
  agent.destroy();
  return {
    requests: count,
    perSecond: (count * 1000) / tookMs,
    p50Ms: median(latencies),
    p99Ms: latencies.toSorted((a, b) => a - b)[Math.floor(count * 0.99)] ?? Number.NaN,
    // It sleeps between answers, unlike the raw load.
    idleShare: Number.NaN,
    bodies: [],
    cpuMicros: (cpuMicros - before.cpuMicros) / count,
  };
}

/** Moves the server's clock on by one step, so that every authenticator has a fresh code. */
function steps(server: Server): Readonly<{ next: () => number }> {
  let step = stepAt(Date.now(), STEP_MS / 1000);
  return {
    next() {
      step += 1;
      server.setClock(step * STEP_MS);
      return step;
    },
  };
}

function codeOf(index: number, step: number): string {
  return totpCode({ secret: totpSecret(index), algorithm: "SHA1", digits: 6, periodSeconds: 30 }, step, totpHmac);
}

const throughInteraction: Journey = async (browser, authorizePath) => {
  const interaction = ledTo(await browser.get(authorizePath));
  const resume = ledTo(await browser.get(interaction));
  return ledTo(await browser.get(resume));
};

function withCode(code: string): Journey {
  return async (browser, authorizePath) => {
    const prompt = await browser.get(ledTo(await browser.get(authorizePath)));
    return ledTo(await browser.post("/prompt", { csrf: csrfIn(prompt.body), totp: code }));
  };
}

function withPasskey({ passkeys }: Seeded, index: number): Journey {
  return async (browser, authorizePath) => {
    const { body } = await browser.get(ledTo(await browser.get(authorizePath)));
    const model = JSON.parse(/<script type="application\/json" id="model">(.*?)<\/script>/s.exec(body)?.[1] ?? "{}");
    const answer = passkeys[index]?.authenticate(model.challenge.webauthn.options);
    return ledTo(await browser.post("/prompt", { csrf: csrfIn(body), webauthn: JSON.stringify(answer) }));
  };
}

function csrfIn(body: string): string {
  return /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? "";
}
