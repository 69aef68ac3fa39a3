import { totpHmac } from "../../src/crypto/hmac.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";
import type { Server } from "./child.ts";
import { passkeySubject, type Seeded, totpSecret, totpSubject } from "./seed.ts";

const PERIOD_SECONDS = 30;
const PERIOD_MS = PERIOD_SECONDS * 1000;
/** Spreads neighbours over the whole table; coprime to every number of subjects used here. */
const STRIDE = 7_919;

/** A whole HTTP/1.1 request, ready to be written to a socket. */
export function requestOf(path: string, body: unknown, apiKey?: string): Buffer {
  const text = JSON.stringify(body);
  const authorization = apiKey === undefined ? "" : `authorization: Bearer ${apiKey}\r\n`;
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${authorization}content-type: application/json\r\n`;
  return Buffer.from(`${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

/** What the echo is asked: as long as a verify request. */
export const ECHO_REQUEST = requestOf("/echo", { subject: totpSubject(12_345), totp: "123456" });

/** Right codes without end, no step of any authenticator twice. */
export type TotpSource = Readonly<{
  /** The next requests, in the order in which they have to be sent. */
  take: (count: number) => readonly Buffer[];
  /** To be called before each is sent: moves the server's clock along. */
  onSend: (index: number) => void;
}>;

/**
 * Each subject is asked once in every 30 seconds of the server's clock, which runs ahead as fast as the subjects are
 * used up: in half of a cycle the code is the current one, in the other half that of the step before.
 */
export function totpSource(server: Server, { apiKey, totpSubjects }: Seeded): TotpSource {
  const startMs = Date.now();
  const firstStep = stepAt(startMs, PERIOD_SECONDS);
  const half = totpSubjects / 2;
  let taken = 0;
  let sentBefore = 0;

  return {
    take(count) {
      sentBefore = taken;
      taken += count;
      return Array.from({ length: count }, (_, index) => totpRequest(sentBefore + index));
    },
    onSend(index) {
      const place = sentBefore + index;
      if (index === 0 || place % half === 0) setStep(firstStep + Math.floor((place + half) / totpSubjects));
    },
  };

  function totpRequest(place: number): Buffer {
    const subject = ((place % totpSubjects) * STRIDE) % totpSubjects;
    const key = { secret: totpSecret(subject), algorithm: "SHA1", digits: 6, periodSeconds: PERIOD_SECONDS } as const;
    const totp = totpCode(key, firstStep + Math.floor(place / totpSubjects), totpHmac);
    return requestOf("/v1/verify", { subject: totpSubject(subject), totp }, apiKey);
  }

  /** Puts the server into that step, or leaves it there: its clock never goes back. */
  function setStep(step: number): void {
    server.setClock(Math.max(0, (step - firstStep) * PERIOD_MS));
  }
}

/** Asks for challenges of subjects with passkeys, over and over; `from` is where to go on. */
export function challengeRequests({ apiKey, passkeys }: Seeded, count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    requestOf("/v1/challenges", { subject: passkeySubject(index % passkeys.length) }, apiKey),
  );
}

/** Answers to challenges, given as the bodies of the requests made by `challengeRequests`. */
export function assertionRequests({ apiKey, passkeys }: Seeded, challenges: readonly string[]): readonly Buffer[] {
  return challenges.map((body, index) => {
    // The contract's answer to POST /v1/challenges; the virtual authenticator throws when it is anything else.
    const { challenge, webauthn } = JSON.parse(body) as OpenedChallenge;
    const answer = passkeys[index % passkeys.length]?.authenticate(webauthn.options);
    return requestOf("/v1/verify", { challenge, webauthn: answer }, apiKey);
  });
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
