import { totpHmac } from "../../src/crypto/hmac.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";
import type { VirtualAuthenticator } from "../support/virtual-authenticator.ts";
import type { Server } from "./child.ts";
import { passkeySubject, type Seeded, totpSecret, totpSubject } from "./seed.ts";

export const PERIOD_SECONDS = 30;
const PERIOD_MS = PERIOD_SECONDS * 1000;
/** Spreads neighbours over the whole table; coprime to every number of subjects used here. */
const STRIDE = 7_919;
/** The clock is set anew after so many requests; divides half of every number of subjects used here. */
const CLOCK_EVERY = 500;

/** A whole HTTP/1.1 request, ready to be written to a socket. */
export function requestOf(path: string, body: unknown, apiKey?: string): Buffer {
  const text = JSON.stringify(body);
  const authorization = apiKey === undefined ? "" : `authorization: Bearer ${apiKey}\r\n`;
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${authorization}content-type: application/json\r\n`;
  return Buffer.from(`${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

/** What the echo is asked: as long as a verify request. */
export const ECHO_REQUEST = requestOf("/echo", { subject: totpSubject(12_345), totp: "123456" });

/** Codes of the current step for the subjects `from`, `from + 1` and so on: each can be asked once in 30 seconds. */
export function currentTotpRequests({ apiKey, totpSubjects }: Seeded, from: number, count: number): readonly Buffer[] {
  const step = stepAt(Date.now(), PERIOD_SECONDS);
  return Array.from({ length: count }, (_, index) =>
    totpRequest({ apiKey, subject: (from + index) % totpSubjects, step }),
  );
}

/** Right codes without end, no step of any authenticator twice. */
export type TotpSource = Readonly<{
  /** The next requests, in the order in which they have to be sent. */
  take: (count: number) => readonly Buffer[];
  /** To be called before each is sent: moves the server's clock along. */
  onSend: (index: number) => void;
  /** The next request alone, to be sent at once. */
  next: () => Buffer;
  /** The time step that the next one is of. */
  step: () => number;
}>;

/**
 * Each subject is asked once in every 30 seconds of the server's clock, which runs ahead as fast as the subjects are
 * used up: in the first half of a cycle the code is the current one, in the second half that of the step before.
 */
export function totpSource(server: Server, { apiKey, totpSubjects }: Seeded): TotpSource {
  const firstStep = stepAt(Date.now(), PERIOD_SECONDS) + 1;
  const half = totpSubjects / 2;
  let start = 0;
  let next = 0;

  function stepOf(place: number): number {
    return firstStep + Math.floor(place / totpSubjects);
  }

  function request(place: number): Buffer {
    const subject = ((place % totpSubjects) * STRIDE) % totpSubjects;
    return totpRequest({ apiKey, subject, step: stepOf(place) });
  }

  function setClock(place: number): void {
    server.setClock(stepOf(place + half) * PERIOD_MS);
  }

  return {
    take(count) {
      start = next;
      const requests = Array.from({ length: count }, (_, index) => request(start + index));
      setClock(start);
      return requests;
    },
    onSend(index) {
      next = start + index + 1;
      if ((start + index) % CLOCK_EVERY === 0) setClock(start + index);
    },
    next() {
      if (next % CLOCK_EVERY === 0) setClock(next);
      return request(next++);
    },
    step: () => stepOf(next),
  };
}

function totpRequest({ apiKey, subject, step }: Readonly<{ apiKey: string; subject: number; step: number }>): Buffer {
  const key = { secret: totpSecret(subject), algorithm: "SHA1", digits: 6, periodSeconds: PERIOD_SECONDS } as const;
  return requestOf("/v1/verify", { subject: totpSubject(subject), totp: totpCode(key, step, totpHmac) }, apiKey);
}

/** Asks for challenges of the subjects with passkeys, one after the other. */
export function challengeRequests({ apiKey, passkeys }: Seeded, count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    requestOf("/v1/challenges", { subject: passkeySubject(index % passkeys.length) }, apiKey),
  );
}

/** The answer to one challenge, given as the body of the request that opened it. */
export function assertionRequest(apiKey: string, passkey: VirtualAuthenticator, opened: string): Buffer {
  // The contract's answer to POST /v1/challenges; the virtual authenticator throws when it is anything else.
  const { challenge, webauthn } = JSON.parse(opened) as OpenedChallenge;
  return requestOf("/v1/verify", { challenge, webauthn: passkey.authenticate(webauthn.options) }, apiKey);
}

/** Answers to challenges, given as the bodies of the requests made by `challengeRequests`. */
export function assertionRequests({ apiKey, passkeys }: Seeded, challenges: readonly string[]): readonly Buffer[] {
  return challenges.map((body, index) => assertionRequest(apiKey, passkeyAt(passkeys, index), body));
}

/** The passkey of the subject of that number, from the beginning again after the last. */
export function passkeyAt(passkeys: Seeded["passkeys"], index: number): VirtualAuthenticator {
  const passkey = passkeys[index % passkeys.length];
  if (!passkey) throw new Error("no passkeys were seeded");
  return passkey;
}

type OpenedChallenge = Readonly<{
  challenge: string;
  webauthn: { options: Parameters<Seeded["passkeys"][number]["authenticate"]>[0] };
}>;

/** Ordinary passwords, each another. */
export function passwordRequests({ apiKey }: Seeded, count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    requestOf("/v1/passwords/assess", { password: `gravel-otter-${index}-mosaic`, context: ["ann"] }, apiKey),
  );
}
