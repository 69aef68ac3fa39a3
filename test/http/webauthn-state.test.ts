import { afterEach, beforeEach, expect, test } from "vitest";
import { fromBase64url } from "../../src/domain/encoding.ts";
import { createNodeRandom } from "../../src/runtime/node-random.ts";
import { openChallenge } from "../support/enrol.ts";
import { type Answer, startService, type TestRelyingParty, type TestService } from "../support/service.ts";
import { type DerivedVector, readDerivedVectors } from "../support/webauthn-vectors.ts";

/** The cases of test/unit/webauthn-vectors.test.ts whose outcome depends on what was stored before. */
const REGISTRATION = vectorOf("reg-cred-id-duplicate");
const REPLAYED = vectorOf("auth-challenge-replay");
const EXPIRED = vectorOf("auth-challenge-expired");
const CHALLENGE_BYTES = 32;

let service: TestService;
let rp: TestRelyingParty;
/** What the next challenge will be, instead of random bytes. */
let nextChallenge: string | undefined;

beforeEach(async () => {
  const real = createNodeRandom();
  const bytes = (length: number) => (length === CHALLENGE_BYTES && takeNext()) || real.bytes(length);
  service = await startService({ random: { bytes } });
  const { expectedOrigins: origins, rpId } = REGISTRATION.given;
  await service.deps.store.atomically([
    service.deps.store.realms.put({ id: "vectors", name: "Vectors", rpId, origins }, service.clock.now()),
  ]);
  rp = await service.addRelyingParty({ realmId: "vectors" });
});
afterEach(() => service.close());

test("a replayed answer is refused (auth-challenge-replay)", async () => {
  expect((await register("alice")).status).toBe(201);
  const challenge = await ask("alice", REPLAYED);
  expect((await answer(challenge, REPLAYED)).status).toBe(200);
  expect((await answer(challenge, REPLAYED)).body.code).toBe("challenge_closed");
  const later = await openChallenge(rp, "alice");
  expect((await answer(later, REPLAYED)).body.code).toBe("answer_rejected");
});

test("an answer after the challenge's life is refused (auth-challenge-expired)", async () => {
  expect((await register("alice")).status).toBe(201);
  const challenge = await ask("alice", EXPIRED);
  service.clock.advance(10 * 60_000 + 1);
  expect((await answer(challenge, EXPIRED)).body.code).toBe("challenge_expired");
});

test("a credential id is registered once, for whichever subject (reg-cred-id-duplicate)", async () => {
  expect((await register("alice")).status).toBe(201);
  expect((await register("bob")).body.code).toBe("answer_rejected");
  const status = await rp.post("/v1/subjects/status", { subject: "bob" });
  expect(status.body).toEqual({ enrolled: false, methods: [] });
  const challenge = await ask("alice", REPLAYED);
  expect((await answer(challenge, REPLAYED)).status).toBe(200);
});

async function register(subject: string): Promise<Answer> {
  nextChallenge = REGISTRATION.given.expectedChallenge;
  const started = await rp.post("/v1/enrolments", { subject, method: "webauthn" });
  expect(started.text).toContain(REGISTRATION.given.expectedChallenge);
  return rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, { webauthn: REGISTRATION.response });
}

async function ask(subject: string, vector: DerivedVector): Promise<Answer> {
  nextChallenge = vector.given.expectedChallenge;
  const opened = await openChallenge(rp, subject);
  expect(opened.text).toContain(vector.given.expectedChallenge);
  return opened;
}

function answer(opened: Answer, vector: DerivedVector): Promise<Answer> {
  return rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn: vector.response });
}

function takeNext() {
  const bytes = nextChallenge === undefined ? undefined : fromBase64url(nextChallenge);
  nextChallenge = undefined;
  return bytes;
}

function vectorOf(id: string): DerivedVector {
  const vector = readDerivedVectors().find((candidate) => candidate.id === id);
  if (vector === undefined) throw new Error(`no vector ${id}`);
  return vector;
}
