import { totpHmac } from "../../src/crypto/hmac.ts";
import { fromBase32 } from "../../src/domain/encoding.ts";
import { totpCode } from "../../src/methods/totp.ts";
import type { Server } from "./child.ts";
import type { Answer } from "./connection.ts";
import { assertionRequest, passkeyAt, requestOf, totpRequest } from "./requests.ts";
import { passkeySubject, type Seeded, totpSubject } from "./seed.ts";

/** Sends a request on the connection that the action has, and resolves with the answer. */
export type Ask = (request: Buffer) => Promise<Answer>;

/** One thing that a person does: one request, or two that need each other. Throws when an answer is not as expected. */
export type Action = Readonly<{ kind: Kind; act: (ask: Ask) => Promise<void> }>;

export type Kind = "totp" | "passkey" | "enrolment" | "wrong";

/** Of every twenty actions: 70 % codes, 20 % passkeys, 5 % enrolments, 5 % wrong codes. */
const KINDS: readonly Kind[] = spread({ totp: 14, passkey: 4, enrolment: 1, wrong: 1 });
const PERIOD_SECONDS = 30;
/** Spreads neighbours over the whole table; coprime to every number of subjects used here. */
const STRIDE = 7_919;
/** The clock is set anew after so many codes; divides half of every number of subjects used here. */
const CLOCK_EVERY = 500;

/**
 * Actions without end, as a population would cause them. Each subject's code is asked for once in 30 seconds of the
 * server's clock, which runs ahead as fast as the subjects are used up. `run` tells subjects of several mixes over one
 * database apart.
 */
export function actionMix(server: Server, seeded: Seeded, run: string): () => Action {
  const { apiKey, totpSubjects, passkeys } = seeded;
  const firstStep = Math.floor(Date.now() / 1000 / PERIOD_SECONDS) + 1;
  const counts: Record<Kind, number> = { totp: 0, passkey: 0, enrolment: 0, wrong: 0 };
  let next = 0;

  const stepNow = () => firstStep + Math.floor(counts.totp / totpSubjects);
  // Half a cycle ahead: the code is the current one or that of the step before, and never of one still to come.
  const setClock = (index: number) =>
    server.setClock((firstStep + Math.floor((index + totpSubjects / 2) / totpSubjects)) * PERIOD_SECONDS * 1000);

  const acts: Readonly<Record<Kind, (index: number) => Action["act"]>> = {
    totp: (index) => {
      if (index % CLOCK_EVERY === 0) setClock(index);
      const subject = (index * STRIDE) % totpSubjects;
      const request = totpRequest({ apiKey, subject, step: stepNow() });
      return async (ask) => void expect(await ask(request), 200);
    },
    passkey: (index) => async (ask) => {
      const subject = passkeySubject(index % passkeys.length);
      const opened = expect(await ask(requestOf("/v1/challenges", { subject }, apiKey)), 201);
      expect(await ask(assertionRequest(apiKey, passkeyAt(passkeys, index), opened)), 200);
    },
    enrolment: (index) => async (ask) => {
      const subject = `${run}-${index}`;
      const body = expect(await ask(requestOf("/v1/enrolments", { subject, method: "totp" }, apiKey)), 201);
      const { enrolment, totp } = JSON.parse(body) as Readonly<{ enrolment: string; totp: { secret: string } }>;
      const secret = fromBase32(totp.secret) ?? new Uint8Array();
      const code = totpCode(
        { secret, algorithm: "SHA1", digits: 6, periodSeconds: PERIOD_SECONDS },
        stepNow(),
        totpHmac,
      );
      expect(await ask(requestOf(`/v1/enrolments/${enrolment}/confirm`, { totp: code }, apiKey)), 201);
    },
    // The last one enrolled mistypes: each subject once, so that no budget is used up.
    wrong: (index) => async (ask) => {
      const subject = index === 0 ? totpSubject(0) : `${run}-${index - 1}`;
      expect(await ask(requestOf("/v1/verify", { subject, totp: "000000" }, apiKey)), 403);
    },
  };

  setClock(0);
  return () => {
    const kind = KINDS[next++ % KINDS.length] ?? "totp";
    return { kind, act: acts[kind](counts[kind]++) };
  };
}

/** The body of an answer with that status. */
function expect({ status, body }: Answer, expected: number): string {
  if (status !== expected) throw new Error(`not expected: ${status} ${body}`);
  return body;
}

/** So many of each kind, evenly among one another. */
function spread(counts: Readonly<Record<Kind, number>>): readonly Kind[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const places = (Object.keys(counts) as Kind[]).flatMap((kind) =>
    Array.from({ length: counts[kind] }, (_, index) => ({ kind, at: ((index + 0.5) * total) / counts[kind] })),
  );
  return places.toSorted((a, b) => a.at - b.at).map(({ kind }) => kind);
}
