// What a verification on Workers costs in CPU time: `node test/bench/worker-cpu.ts` (Node 24 on Linux). The figures are of
// the runtime's processes: they hold wrangler's proxy and, with D1, the database too, so the isolate's own are below them.
import { type AuthenticatorApp, addToApp, SYSTEM_CLOCK } from "../support/authenticator-app.ts";
import type { Environment } from "../support/command-line.ts";
import { creationOptionsIn, requestOptionsIn } from "../support/enrol.ts";
import type { Json, TestRelyingParty } from "../support/service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";
import { openWorkerPostgres } from "../support/worker-postgres.ts";
import { type RunningWorker, runWorker } from "../support/worker-program.ts";
import { confirmEnrolment, withWorker } from "./worker-bed.ts";

const PEOPLE = 100;

await bench("D1", (settings) => runWorker(settings));
await bench("PostgreSQL", async (settings) => runWorker(settings, await openWorkerPostgres()));

function bench(database: string, run: (settings: Environment) => Promise<RunningWorker>): Promise<void> {
  return withWorker(run, (worker, rp) => measureAll(database, worker, rp));
}

async function measureAll(database: string, worker: RunningWorker, rp: TestRelyingParty): Promise<void> {
  const measure = async (what: string, requests: readonly Json[], send: (request: Json) => Promise<boolean>) => {
    const before = worker.cpuMs();
    for (const request of requests) if (!(await send(request))) throw new Error(`${what}: not answered as expected`);
    const cpuMs = (worker.cpuMs() - before) / requests.length;
    console.log(`${database.padEnd(12)} ${what.padEnd(24)} ${cpuMs.toFixed(1)} ms of CPU a request`);
  };
  const nothing = Array.from({ length: PEOPLE }, () => ({}));
  const isVerified = async (request: Json) => (await rp.post("/v1/verify", request)).status === 200;
  const apps = await forEachPerson((n) => enrolTotp(rp, `totp-${n}`));
  // The first round of each kind warms the code up.
  for (const round of ["cold", "warm"]) {
    const isNotFound = async () => (await worker.app.request("/nowhere")).status === 404;
    await measure(`refused unread, ${round}`, nothing, isNotFound);
    const isReady = async () => (await worker.app.request("/health/ready")).status === 200;
    await measure(`one statement, ${round}`, nothing, isReady);
    const codes = await forEachPerson(async (n) => ({ subject: `totp-${n}`, totp: await apps[n]?.next() }));
    await measure(`TOTP, ${round}`, codes, isVerified);
    const passkeys = await forEachPerson((n) => answerChallenge(rp, worker.url, `passkey-${round}-${n}`));
    await measure(`WebAuthn ES256, ${round}`, passkeys, isVerified);
  }
}

/** One person after the other: it is not about speed. */
async function forEachPerson<T>(work: (n: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  for (let n = 0; n < PEOPLE; n++) made.push(await work(n));
  return made;
}

async function enrolTotp(rp: TestRelyingParty, subject: string): Promise<AuthenticatorApp> {
  const started = await rp.post("/v1/enrolments", { subject, method: "totp" });
  const app = addToApp(String((started.body.totp as Json).uri), SYSTEM_CLOCK);
  await confirmEnrolment(rp, started, { totp: await app.next() });
  return app;
}

/** Enrols a passkey and answers with a request for an opened challenge. */
async function answerChallenge(rp: TestRelyingParty, origin: string, subject: string): Promise<Json> {
  const device = createAuthenticator({ rpId: "localhost", origin, counts: true });
  const started = await rp.post("/v1/enrolments", { subject, method: "webauthn" });
  await confirmEnrolment(rp, started, { webauthn: device.register(creationOptionsIn(started)) });
  const opened = await rp.post("/v1/challenges", { subject });
  return { challenge: opened.body.challenge, webauthn: device.authenticate(requestOptionsIn(opened)) };
}
