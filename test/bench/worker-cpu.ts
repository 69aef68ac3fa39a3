// What a verification costs the isolate in CPU time: the runtime's own sampling profile, without its idle time.
// `node test/bench/worker-cpu.ts` (any Node from 24 on). A minute, since codes have to be fresh.
import { announceInvitation } from "../../src/runtime/announced-invitation.ts";
import { addToApp, SYSTEM_CLOCK } from "../support/authenticator-app.ts";
import { creationOptionsIn, requestOptionsIn } from "../support/enrol.ts";
import type { Answer, Json, TestRelyingParty } from "../support/service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";
import { joinAsOwner, registerRelyingParty } from "../support/worker-operator.ts";
import { runWorker } from "../support/worker-program.ts";

const PEOPLE = 50;

const announced = announceInvitation("http://localhost", Date.now());
const worker = await runWorker({ COUNTERSIGN_INVITATION: announced.setting });
try {
  const { browser } = await joinAsOwner(worker, worker.url + new URL(announced.url).pathname);
  const rp = await registerRelyingParty(worker, browser);
  const profiler = await openProfiler(worker.inspectorUrl);
  const codes = await Promise.all(numbers().map((n) => withTotp(rp, `totp-${n}`)));
  report("TOTP", await profiler.during(() => verifyAll(rp, codes)));
  const passkeys = await Promise.all(numbers().map((n) => withPasskey(rp, `passkey-${n}`)));
  report("WebAuthn ES256", await profiler.during(() => verifyAll(rp, passkeys)));
  report("wrong code", await profiler.during(() => verifyAll(rp, codes, 403)));
  profiler.close();
} finally {
  await worker.stop();
}

function numbers(): readonly number[] {
  return Array.from({ length: PEOPLE }, (_, n) => n);
}

function report(what: string, cpuMs: number): void {
  console.log(`${what.padEnd(16)} ${(cpuMs / PEOPLE).toFixed(2)} ms of CPU a verification, ${PEOPLE} of them`);
}

/** Enrols an app and answers with a request whose code is fresh. */
async function withTotp(rp: TestRelyingParty, subject: string): Promise<Json> {
  const started = await rp.post("/v1/enrolments", { subject, method: "totp" });
  const app = addToApp(String((started.body.totp as Json).uri), SYSTEM_CLOCK);
  await confirm(rp, started, { totp: await app.next() });
  return { subject, totp: await app.next() };
}

/** Enrols a passkey and answers with a request for an opened challenge. */
async function withPasskey(rp: TestRelyingParty, subject: string): Promise<Json> {
  const device = createAuthenticator({ rpId: "localhost", origin: worker.url, counts: true });
  const started = await rp.post("/v1/enrolments", { subject, method: "webauthn" });
  await confirm(rp, started, { webauthn: device.register(creationOptionsIn(started)) });
  const opened = await rp.post("/v1/challenges", { subject });
  return { challenge: opened.body.challenge, webauthn: device.authenticate(requestOptionsIn(opened)) };
}

async function confirm(rp: TestRelyingParty, started: Answer, answer: Json): Promise<void> {
  const confirmed = await rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, answer);
  if (confirmed.status !== 201) throw new Error(confirmed.text);
}

async function verifyAll(rp: TestRelyingParty, requests: readonly Json[], expected = 200): Promise<void> {
  for (const request of requests) {
    const { status, text } = await rp.post("/v1/verify", request);
    if (status !== expected) throw new Error(text);
  }
}

type Profile = Readonly<{
  nodes: readonly Readonly<{ id: number; callFrame: Readonly<{ functionName: string }> }>[];
  samples: readonly number[];
  timeDeltas: readonly number[];
}>;

/** The isolate's profiler, by the Chrome DevTools Protocol. `during` answers with milliseconds of CPU. */
async function openProfiler(url: string) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map<number, (result: Json) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: Json };
    if (id !== undefined) waiting.get(id)?.(result ?? {});
  };
  let last = 0;
  const send = (method: string, params: Json = {}) =>
    new Promise<Json>((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await send("Profiler.enable");
  await send("Profiler.setSamplingInterval", { interval: 100 });
  return {
    async during(work: () => Promise<void>): Promise<number> {
      await send("Profiler.start");
      await work();
      // The protocol's own type.
      return busyMs((await send("Profiler.stop")).profile as Profile);
    },
    close: () => socket.close(),
  };
}

function busyMs({ nodes, samples, timeDeltas }: Profile): number {
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === "(idle)").map(({ id }) => id));
  const busy = samples.reduce((sum, id, at) => (idle.has(id) ? sum : sum + (timeDeltas[at] ?? 0)), 0);
  return busy / 1000;
}
