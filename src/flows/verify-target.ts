import type { Acr } from "../domain/assurance.ts";
import { type Answer, METHOD_NAMES, type Method } from "../domain/authenticator.ts";
import { type Denial, denied, granted, type Outcome } from "../domain/denial.ts";
import { afterwards, type Eventual } from "../domain/eventual.ts";
import type { Lane } from "../domain/guess-budget.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { chooseLane, type KnownDevice } from "./device.ts";
import { admitLane } from "./sights.ts";
import { lookupOf } from "./subject.ts";

/** Which question is answered: an opened challenge, or a subject asked without one (normalised reference). */
export type Question =
  | Readonly<{ challenge: string }>
  | Readonly<{ reference: string; firstFactor: boolean; deviceToken?: string }>;

/** Whom an answer is about, and under which terms. */
export type Target = Readonly<{
  lookup: string;
  lane: Lane;
  firstFactor: boolean;
  methods: readonly Method[];
  requiredAcr: Acr | undefined;
  webauthnChallenge: string;
  challenge?: string;
  attemptsLeft?: number;
  device?: KnownDevice;
}>;

/** Takes an attempt of the challenge, or works out the subject asked without one. */
export function resolveTarget(
  deps: Deps,
  call: Call,
  { about, answer }: Readonly<{ about: Question; answer: Answer }>,
): Eventual<Outcome<Target>> {
  if ("reference" in about) return fromReference(deps, call, about);
  return fromChallenge(deps, call, { id: about.challenge, method: answer.method });
}

type Attempt = Readonly<{ id: string; method: Method }>;

async function fromChallenge(deps: Deps, call: Call, attempt: Attempt): Promise<Outcome<Target>> {
  const challenge = await deps.store.challenges.takeAttempt(attempt.id, call.rpId, call.nowMs);
  if (!challenge) return { ok: false, denial: await refuseClosed(deps, call, attempt) };
  return granted({
    lookup: challenge.subjectLookup,
    lane: challenge.lane,
    device: deviceOf(challenge),
    firstFactor: challenge.firstFactor,
    methods: challenge.methods,
    requiredAcr: challenge.requiredAcr ?? undefined,
    webauthnChallenge: challenge.webauthnChallenge,
    challenge: challenge.id,
    attemptsLeft: challenge.attemptsLeft,
  });
}

/** The device token that the challenge was opened with. */
export function deviceOf({ deviceId, deviceTokenHash }: StoredChallenge): KnownDevice | undefined {
  return deviceId === null || deviceTokenHash === null ? undefined : { id: deviceId, tokenHash: deviceTokenHash };
}

function fromReference(
  deps: Deps,
  call: Call,
  about: Extract<Question, { reference: string }>,
): Eventual<Outcome<Target>> {
  const { firstFactor, deviceToken } = about;
  const lookup = lookupOf(deps.keyring, call.realm.id, about.reference);
  return afterwards(chooseLane(deps, call, { lookup, firstFactor, deviceToken }), ({ lane, device }) => {
    const admitted = admitLane(call, lane);
    if (!admitted.ok) return admitted;
    return granted({
      lookup,
      lane,
      device,
      firstFactor,
      methods: METHOD_NAMES,
      requiredAcr: undefined,
      webauthnChallenge: "",
    });
  });
}

/** An answer that came too late is written down like any other. */
async function refuseClosed(deps: Deps, call: Call, { id, method }: Attempt): Promise<Denial> {
  const challenge = await deps.store.challenges.find(id, call.rpId);
  if (!challenge) return denied("challenge_unknown").denial;
  const denial = closedDenial(challenge, call.nowMs);
  const { lane, subjectLookup } = challenge;
  const about = { subjectLookup, method, lane, reason: denial.code };
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "answer_rejected", about))]);
  return denial;
}

/** Why a challenge takes no more answers. */
export function closedDenial(challenge: StoredChallenge, nowMs: number): Denial {
  if (challenge.status !== "pending") return { code: "challenge_closed" };
  if (challenge.expiresAtMs <= nowMs) return { code: "challenge_expired" };
  return { code: "attempts_exhausted", attemptsLeft: 0 };
}
