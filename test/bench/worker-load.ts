import { totpHmac } from "../../src/crypto/hmac.ts";
import { type Bytes, fromBase32 } from "../../src/domain/encoding.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";
import { creationOptionsIn } from "../support/enrol.ts";
import type { Json, TestRelyingParty } from "../support/service.ts";
import { createAuthenticator, type VirtualAuthenticator } from "../support/virtual-authenticator.ts";
import { runWorker } from "../support/worker-program.ts";
import { type LoadBench, loadOfUsers, type Scale } from "./benches.ts";
import { PERIOD_SECONDS, requestOf } from "./requests.ts";
import { passkeySubject, totpSubject } from "./seed.ts";
import { confirmEnrolment, withWorker } from "./worker-bed.ts";

/** Enough that each is asked once in 30 seconds at the rate that the runtime gets through here. */
const APPS = 2_000;
const PASSKEYS = 200;
const AT_A_TIME = 8;
/** The runtime takes requests one by one: more connections only wait longer. */
const CONNECTIONS = 16;
/** No request is under way for longer. */
const LONGEST_WAY_MS = 10_000;

type App = { readonly secret: Bytes; lastStep: number };

/** A population's mix of actions against the Worker in the real runtime, with D1 as it is on this machine. */
export function loadOnD1(scale: Scale): Promise<LoadBench> {
  return withWorker(
    (settings) => runWorker(settings),
    async ({ url }, rp) => {
      const apps = await inParallel(APPS, (index) => enrolApp(rp, totpSubject(index)));
      const passkeys = await inParallel(PASSKEYS, (index) => enrolPasskey(rp, url, passkeySubject(index)));
      const codes = codesOf(rp.apiKey, apps);
      const seeded = { apiKey: rp.apiKey, passkeys };
      const service = { port: Number(new URL(url).port) };
      return loadOfUsers({ scale: { ...scale, connections: CONNECTIONS }, service, seeded, codes });
    },
  );
}

/** Right codes on the real clock, no step of any app twice. */
function codesOf(apiKey: string, apps: readonly App[]) {
  let place = 0;
  return {
    next(): Buffer {
      const index = place++ % apps.length;
      const app = apps[index];
      if (!app) throw new Error("no apps were enrolled");
      const now = stepAt(Date.now(), PERIOD_SECONDS);
      // Until shortly before the step ends the code of the one before it is good as well.
      const step = Math.max(app.lastStep + 1, stepAt(Date.now() + LONGEST_WAY_MS, PERIOD_SECONDS) - 1);
      if (step > now) throw new Error("too few apps for this rate");
      app.lastStep = step;
      return requestOf("/v1/verify", { subject: totpSubject(index), totp: codeOf(app, step) }, apiKey);
    },
    step: () => stepAt(Date.now(), PERIOD_SECONDS),
  };
}

function codeOf({ secret }: Pick<App, "secret">, step: number): string {
  return totpCode({ secret, algorithm: "SHA1", digits: 6, periodSeconds: PERIOD_SECONDS }, step, totpHmac);
}

async function enrolApp(rp: TestRelyingParty, subject: string): Promise<App> {
  const started = await rp.post("/v1/enrolments", { subject, method: "totp" });
  const secret = fromBase32(String((started.body.totp as Json | undefined)?.secret));
  if (!secret) throw new Error(started.text);
  const confirmWith = async (step: number) => {
    await confirmEnrolment(rp, started, { totp: codeOf({ secret }, step) });
    return { secret, lastStep: step };
  };
  // Twice, should the step end on the way: the code of the step before leaves the current one for later.
  return confirmWith(stepBefore()).catch(() => confirmWith(stepBefore()));
}

function stepBefore(): number {
  return stepAt(Date.now(), PERIOD_SECONDS) - 1;
}

async function enrolPasskey(rp: TestRelyingParty, origin: string, subject: string): Promise<VirtualAuthenticator> {
  const device = createAuthenticator({ rpId: "localhost", origin, counts: true });
  const started = await rp.post("/v1/enrolments", { subject, method: "webauthn" });
  await confirmEnrolment(rp, started, { webauthn: device.register(creationOptionsIn(started)) });
  return device;
}

async function inParallel<T>(count: number, work: (index: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  let next = 0;
  const go = async () => {
    while (next < count) {
      const index = next++;
      made[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, go));
  return made;
}
