import { expect } from "vitest";
import { totpHmac } from "../../src/crypto/hmac.ts";
import { fromBase32 } from "../../src/domain/encoding.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";
import type { Answer, Json, TestRelyingParty, TestService } from "./service.ts";
import {
  type AuthenticationOverrides,
  type AuthenticatorSettings,
  createAuthenticator,
  type RegistrationOverrides,
  type VirtualAuthenticator,
} from "./virtual-authenticator.ts";

const STEP_MS = 30_000;

type RegistrationOptions = Parameters<VirtualAuthenticator["register"]>[0];
type RequestOptions = Parameters<VirtualAuthenticator["authenticate"]>[0];

/** An authenticator app with one secret in it. */
export type TotpApp = Readonly<{
  /** The code shown now, or by a clock that is off. */
  code: (offsetMs?: number) => string;
  /** Moves the service's clock on by one step: a code that was not used yet. */
  next: () => string;
  /** A code that fits no accepted step. */
  wrong: () => string;
}>;

export type EnrolledTotp = TotpApp & Readonly<{ id: string; secret: string; recoveryCodes: readonly string[] }>;

/** An app for a base32 secret, on the service's clock. */
export function totpApp(service: TestService, secret: string): TotpApp {
  const bytes = fromBase32(secret);
  if (bytes === undefined) throw new Error("not base32");
  const key = { secret: bytes, algorithm: "SHA1", digits: 6, periodSeconds: 30 } as const;
  const code = (offsetMs = 0) => totpCode(key, stepAt(service.clock.now() + offsetMs, 30), totpHmac);
  const wrong = () => {
    const right = [-STEP_MS, 0, STEP_MS].map(code);
    const candidate = ["000000", "111111", "222222", "333333"].find((one) => !right.includes(one));
    if (candidate === undefined) throw new Error("no wrong code left");
    return candidate;
  };
  const next = () => {
    service.clock.advance(STEP_MS);
    return code();
  };
  return { code, next, wrong };
}

/** Enrols an authenticator app and moves on to the next step, so that the next code is a fresh one. */
export async function enrolTotp(
  service: TestService,
  rp: TestRelyingParty,
  subject: string,
  proof?: string,
): Promise<EnrolledTotp> {
  const started = await rp.post("/v1/enrolments", { subject, method: "totp", proof });
  expect(started.status, started.text).toBe(201);
  const { secret } = membersOf(started.body.totp);
  const app = totpApp(service, String(secret));
  const confirmed = await confirm(rp, started, { totp: app.code() });
  service.clock.advance(STEP_MS);
  return { ...app, secret: String(secret), ...confirmed };
}

export type EnrolledPasskey = Readonly<{
  id: string;
  recoveryCodes: readonly string[];
  device: VirtualAuthenticator;
  /** The device's answer to an opened challenge. */
  answer: (challenge: Answer, overrides?: AuthenticationOverrides) => unknown;
}>;

export type PasskeyWishes = Readonly<{
  proof?: string;
  settings?: Partial<AuthenticatorSettings>;
  overrides?: RegistrationOverrides;
  device?: VirtualAuthenticator;
}>;

/** Enrols a passkey on a device of its own, unless one is given. */
export async function enrolPasskey(
  service: TestService,
  rp: TestRelyingParty,
  subject: string,
  wishes: PasskeyWishes = {},
): Promise<EnrolledPasskey> {
  const { proof, settings, overrides } = wishes;
  const origin = service.config.publicUrl;
  const device = wishes.device ?? createAuthenticator({ rpId: new URL(origin).hostname, origin, ...settings });
  const started = await rp.post("/v1/enrolments", { subject, method: "webauthn", proof });
  expect(started.status, started.text).toBe(201);
  const webauthn = device.register(creationOptionsIn(started), overrides);
  const confirmed = await confirm(rp, started, { webauthn });
  return {
    ...confirmed,
    device,
    answer: (challenge, changes) => device.authenticate(requestOptionsIn(challenge), changes),
  };
}

/** The creation options of a started enrolment. */
export function creationOptionsIn(started: Answer): RegistrationOptions {
  // Held against the route's schema when it came in; the browser's type is what the library calls it.
  return membersOf(started.body.webauthn).options as RegistrationOptions;
}

/** The request options of an opened challenge. */
export function requestOptionsIn(challenge: Answer): RequestOptions {
  // As above.
  return membersOf(challenge.body.webauthn).options as RequestOptions;
}

/** Opens a challenge that must open. */
export async function openChallenge(rp: TestRelyingParty, subject: string, terms: Json = {}): Promise<Answer> {
  const opened = await rp.post("/v1/challenges", { subject, ...terms });
  expect(opened.status, opened.text).toBe(201);
  return opened;
}

/** Opens a challenge and answers it: the id is then good for one proof. */
export async function prove(
  rp: TestRelyingParty,
  subject: string,
  answer: Json | ((challenge: Answer) => Json),
): Promise<string> {
  const opened = await openChallenge(rp, subject);
  const { challenge } = opened.body;
  const given = typeof answer === "function" ? answer(opened) : answer;
  const verified = await rp.post("/v1/verify", { challenge, ...given });
  expect(verified.status, verified.text).toBe(200);
  return String(challenge);
}

/** The member `name` of an answer, as text. */
export function textIn(answer: Answer, name: string): string {
  const value = answer.body[name];
  if (typeof value !== "string") throw new Error(`${name} is missing in ${answer.text}`);
  return value;
}

/** An object's members, or none. */
export function membersOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

async function confirm(
  rp: TestRelyingParty,
  started: Answer,
  answer: Json,
): Promise<Readonly<{ id: string; recoveryCodes: readonly string[] }>> {
  const confirmed = await rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, answer);
  expect(confirmed.status, confirmed.text).toBe(201);
  const codes = confirmed.body.recovery_codes;
  return {
    id: String(membersOf(confirmed.body.authenticator).id),
    recoveryCodes: Array.isArray(codes) ? codes.map(String) : [],
  };
}
