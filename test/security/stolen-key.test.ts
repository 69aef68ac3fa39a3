import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SCOPES } from "../../src/domain/relying-party.ts";
import { enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "../support/enrol.ts";
import { type Answer, type Json, startService, type TestRelyingParty, type TestService } from "../support/service.ts";

/**
 * Requirements A-13 and E-15: whoever holds an API key and every identifier of a person (reference, ids of
 * authenticators and challenges), but no authenticator, gets no verdict and changes nothing, whatever the calls.
 * Deletion with a reason is left out: it is a scope of its own and brings nobody in.
 */
const VICTIM = "victim";
const DEPTH = 6;
const RUNS = 60;

let service: TestService;
let thief: TestRelyingParty;
let known: Readonly<{ authenticators: readonly string[]; challenges: string[]; enrolments: string[] }>;

beforeEach(async () => {
  service = await startService();
  thief = await service.addRelyingParty({ scopes: SCOPES });
  const totp = await enrolTotp(service, thief, VICTIM);
  const proof = await prove(thief, VICTIM, { totp: totp.code() });
  const passkey = await enrolPasskey(service, thief, VICTIM, { proof });
  const pending = textIn(await openChallenge(thief, VICTIM), "challenge");
  // The proof was spent by the second enrolment; an older one has gone stale.
  const stale = await prove(thief, VICTIM, { totp: totp.next() });
  service.clock.advance(6 * 60_000);
  known = { authenticators: [totp.id, passkey.id], challenges: [proof, pending, stale], enrolments: [] };
});
afterEach(() => service.close());

type Step = Readonly<{ kind: number; pick: number; flag: boolean }>;

/** The calls that the thief can think of, with what he has learnt so far. */
const MOVES: readonly ((step: Step) => readonly [path: string, body: Json])[] = [
  () => ["/v1/challenges", { subject: VICTIM }],
  ({ flag }) => ["/v1/challenges", { subject: VICTIM, lane: { first_factor: flag } }],
  () => ["/v1/challenges", { subject: "thief" }],
  (step) => ["/v1/verify", { challenge: challengeOf(step), totp: "12345" }],
  (step) => ["/v1/verify", { challenge: challengeOf(step), webauthn: {} }],
  ({ flag }) => ["/v1/verify", { subject: VICTIM, recovery_code: "0".repeat(24), first_factor: flag }],
  (step) => ["/v1/challenges/redeem", { challenge: challengeOf(step) }],
  ({ flag }) => ["/v1/enrolments", { subject: VICTIM, method: flag ? "totp" : "webauthn" }],
  (step) => ["/v1/enrolments", { subject: VICTIM, method: "recovery_code", proof: challengeOf(step) }],
  () => ["/v1/enrolments", { subject: "thief", method: "totp" }],
  (step) => [`/v1/enrolments/${enrolmentOf(step)}/confirm`, step.flag ? {} : { totp: "12345" }],
  (step) => [
    "/v1/authenticators/revoke",
    { subject: VICTIM, authenticator: authenticatorOf(step), proof: challengeOf(step) },
  ],
  (step) => [
    "/v1/authenticators/revoke",
    { subject: "thief", authenticator: authenticatorOf(step), proof: challengeOf(step) },
  ],
  (step) => ["/v1/recovery-codes/regenerate", { subject: VICTIM, proof: challengeOf(step) }],
  (step) => ["/v1/subjects/delete", { subject: VICTIM, proof: challengeOf(step) }],
  (step) => ["/v1/authenticators/rename", { subject: "thief", authenticator: authenticatorOf(step), label: "Mine" }],
  () => ["/v1/links", { page: "account", subject: VICTIM }],
  () => ["/v1/events/list", {}],
];

function challengeOf({ pick }: Step): string {
  return known.challenges[pick % known.challenges.length] ?? "";
}

function enrolmentOf({ pick }: Step): string {
  return known.enrolments[pick % Math.max(1, known.enrolments.length)] ?? `en_${"0".repeat(26)}`;
}

function authenticatorOf({ pick }: Step): string {
  return known.authenticators[pick % known.authenticators.length] ?? "";
}

/** What the thief learns from an answer: further ids to try. */
function learn({ body }: Answer): void {
  if (typeof body.challenge === "string") known.challenges.push(body.challenge);
  if (typeof body.enrolment === "string") known.enrolments.push(body.enrolment);
}

async function victimNow(): Promise<string> {
  const { text } = await thief.post("/v1/authenticators/list", { subject: VICTIM });
  return text;
}

test(`no sequence of ${DEPTH} calls with a stolen key passes for a person or changes what they hold`, async () => {
  const before = await victimNow();
  const step = fc.record({ kind: fc.nat(MOVES.length - 1), pick: fc.nat(50), flag: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: DEPTH, maxLength: DEPTH }), async (steps) => {
      for (const taken of steps) {
        const move = MOVES[taken.kind];
        if (move === undefined) throw new Error("no such move");
        const [path, body] = move(taken);
        const answer = await thief.post(path, body);
        expect(answer.body, path).not.toHaveProperty("verified");
        expect(answer.body, path).not.toHaveProperty("recovery_codes");
        learn(answer);
      }
      expect(await victimNow()).toBe(before);
    }),
    { numRuns: RUNS },
  );
});
