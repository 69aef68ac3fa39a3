// What a verification on Workers with D1 costs in CPU time: `node test/bench/worker-cpu.ts` (Node 24 on Linux). The runtime
// is one process, so the figures hold the database's part and wrangler's proxy too: the isolate's own are below them.
import { announceInvitation } from "../../src/runtime/announced-invitation.ts";
import { type AuthenticatorApp, addToApp, SYSTEM_CLOCK } from "../support/authenticator-app.ts";
import { creationOptionsIn, requestOptionsIn } from "../support/enrol.ts";
import type { Answer, Json, TestRelyingParty } from "../support/service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";
import { joinAsOwner, registerRelyingParty } from "../support/worker-operator.ts";
import { runWorker } from "../support/worker-program.ts";

const PEOPLE = 100;

const announced = announceInvitation("http://localhost", Date.now());
const worker = await runWorker({ COUNTERSIGN_INVITATION: announced.setting });
try {
  const { browser } = await joinAsOwner(worker, worker.url + new URL(announced.url).pathname);
  const rp = await registerRelyingParty(worker, browser);
  const nothing = Array.from({ length: PEOPLE }, () => ({}));
  const apps = await forEachPerson((n) => enrolTotp(rp, `totp-${n}`));
  // The first round of each kind warms the code up.
  for (const round of ["cold", "warm"]) {
    await measure(
      `refused unread, ${round}`,
      nothing,
      async () => (await worker.app.request("/nowhere")).status === 404,
    );
    const codes = await forEachPerson(async (n) => ({ subject: `totp-${n}`, totp: await apps[n]?.next() }));
    await measure(`TOTP, ${round}`, codes, (request) => isVerified(rp, request));
    const passkeys = await forEachPerson((n) => answerChallenge(rp, `passkey-${round}-${n}`));
    await measure(`WebAuthn ES256, ${round}`, passkeys, (request) => isVerified(rp, request));
  }
} finally {
  await worker.stop();
}

/** One person after the other: it is not about speed. */
async function forEachPerson<T>(work: (n: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  for (let n = 0; n < PEOPLE; n++) made.push(await work(n));
  return made;
}

async function measure(
  what: string,
  requests: readonly Json[],
  send: (request: Json) => Promise<boolean>,
): Promise<void> {
  const before = worker.cpuMs();
  for (const request of requests) if (!(await send(request))) throw new Error(`${what}: not answered as expected`);
  console.log(`${what.padEnd(24)} ${((worker.cpuMs() - before) / requests.length).toFixed(1)} ms of CPU a request`);
}

async function isVerified(rp: TestRelyingParty, request: Json): Promise<boolean> {
  return (await rp.post("/v1/verify", request)).status === 200;
}

async function enrolTotp(rp: TestRelyingParty, subject: string): Promise<AuthenticatorApp> {
  const started = await rp.post("/v1/enrolments", { subject, method: "totp" });
  const app = addToApp(String((started.body.totp as Json).uri), SYSTEM_CLOCK);
  await confirm(rp, started, { totp: await app.next() });
  return app;
}

/** Enrols a passkey and answers with a request for an opened challenge. */
async function answerChallenge(rp: TestRelyingParty, subject: string): Promise<Json> {
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
