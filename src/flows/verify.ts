import { type Assurance, assuranceOf, meets, methodsFor, userVerificationFor } from "../domain/assurance.ts";
import type { Answer, Method } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { afterwards, type Eventual, endOfStage } from "../domain/eventual.ts";
import { type Checked, type Evidence, type Rejection, reject, type Spend } from "../domain/evidence.ts";
import { METHODS } from "../methods/index.ts";
import type { Deps } from "../ports/deps.ts";
import type { RightCode, Write } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { candidatesOf } from "./candidates.ts";
import { DECOY_ID } from "./decoy.ts";
import { issueDeviceToken } from "./device.ts";
import { isUsedUp, type TakenGuess, takeGuess } from "./guess.ts";
import {
  type Attempt,
  chargeRealm,
  creditRealm,
  giveBackToRealm,
  type RealmCharge,
  takeFromRealm,
} from "./realm-budget.ts";
import { recoveryCodeMac } from "./recovery-code-mac.ts";
import { noteSight } from "./sights.ts";
import { takeSource } from "./source.ts";
import { publicSubjectId } from "./subject.ts";
import { suspectRefused } from "./suspicion.ts";
import { type Question, resolveTarget, type Target } from "./verify-target.ts";

export type VerifyInput = Readonly<{
  about: Question;
  answer: Answer;
  sourceIp?: string;
  rememberDevice: boolean;
  /** The verdict goes straight to the relying party: there is nothing left of the challenge to redeem. */
  redeem?: boolean;
}>;

/** What a relying party learns from a right answer. Times in epoch milliseconds. */
export type Verdict = Readonly<{
  challenge?: string;
  subjectId: string;
  method: Method;
  authenticatorId: string;
  assurance: Assurance;
  authTimeMs: number;
  deviceToken?: string;
  recoveryCodesLeft?: number;
}>;

/**
 * Decides whether an answer is right, and uses it up. Nothing of what the check says is told, or has any effect, before
 * one statement has used a right code up or charged the guess, so a crash on the way denies, and of parallel guesses no
 * more count than the budget allows. A subject nobody has heard of takes the same path.
 */
export async function verify(deps: Deps, call: Call, input: VerifyInput): Promise<Outcome<Verdict>> {
  const source = await takeSource(deps, call, input.sourceIp);
  if (!source.ok) return source;
  const resolved = await resolveTarget(deps, call, input);
  if (!resolved.ok) return resolved;
  const target = resolved.value;
  const { method } = input.answer;
  // Whatever the answer, this method is too weak: nothing is looked at, so nothing is guessed.
  if (!methodsFor(target.requiredAcr).includes(method)) return refuseWeak(deps, call, target, method);
  const attempt = { lookup: target.lookup, lane: target.lane, method };
  await endOfStage();
  const realm = await takeFromRealm(deps, call, attempt);
  if (!realm.ok) return realm;
  const { checked, isKnown } = await checkAnswer(deps, call, target, input.answer);
  const rated = checked.ok ? rate(checked.evidence, target) : checked;
  await endOfStage();
  const taken = await takeGuessFor(deps, call, attempt, { rated, realmCharge: realm.value });
  if (!taken.ok) return taken;
  if (target.challenge === undefined) noteSight(deps, call, target.lookup, isKnown);
  if (!rated.ok) return refuse(deps, call, target, { method, rejection: rated, ...taken.value });
  if (!rated.isEnough) return refuseWeak(deps, call, target, method);
  if (!(await spend(deps, call, rated.evidence.spend, taken.value.guess))) {
    const rejection = reject("already_used", rated.evidence.authenticatorId);
    return refuse(deps, call, target, { method, rejection, ...taken.value });
  }
  const right = { ...input, ...rated, ...taken.value };
  if (!(await satisfyChallenge(deps, call, target, right))) return refuseLate(deps, call, target, method);
  return accept(deps, call, target, right);
}

/** A right answer, what it is worth, and whether that is what was asked for. */
type Rated = Readonly<{ ok: true; evidence: Evidence; assurance: Assurance; isEnough: boolean }>;

function rate(evidence: Evidence, { firstFactor, requiredAcr }: Target): Rated {
  const assurance = assuranceOf(evidence, firstFactor);
  return { ok: true, evidence, assurance, isEnough: meets(assurance.acr, requiredAcr) };
}

/** What an answer has cost before anything of it is told: the subject's budget, and the realm's. */
type Taken = Readonly<{ guess?: TakenGuess; realmCharge: RealmCharge }>;

type Taking = Readonly<{ rated: Rated | Rejection; realmCharge: RealmCharge }>;

function takeGuessFor(
  deps: Deps,
  call: Call,
  attempt: Attempt,
  { rated, realmCharge }: Taking,
): Eventual<Outcome<Taken>> {
  // A passkey cannot be guessed, and no budget ever closes it.
  const { method } = attempt;
  if (method === "webauthn") return granted({ realmCharge });
  const code = rated.ok && rated.isEnough ? codeOf(rated.evidence.spend) : undefined;
  return afterwards(takeGuess(deps, call, { ...attempt, method }, code), (guess) =>
    guess.ok ? granted({ guess: guess.value, realmCharge }) : giveBack(deps, call, attempt, { guess, realmCharge }),
  );
}

async function giveBack(
  deps: Deps,
  call: Call,
  attempt: Attempt,
  { guess, realmCharge }: Readonly<{ guess: Extract<Outcome<never>, { ok: false }>; realmCharge: RealmCharge }>,
): Promise<Outcome<Taken>> {
  const undone = await giveBackToRealm(deps, call, attempt, realmCharge);
  if (undone.length > 0) await deps.store.atomically(undone);
  return guess;
}

/** The code, where the subject's budget remembers which were used. */
function codeOf(what: Spend): RightCode | undefined {
  return what.kind === "totp_step" && what.inBudget ? what : undefined;
}

type CheckedAnswer = Readonly<{ checked: Checked; isKnown: boolean }>;

async function checkAnswer(deps: Deps, call: Call, target: Target, answer: Answer): Promise<CheckedAnswer> {
  const { keyring } = deps;
  const { candidates, isKnown } = await candidatesOf(deps, call, { lookup: target.lookup, method: answer.method });
  const { check, isBoundToHandle } = METHODS[answer.method];
  const checked = await check({
    answer,
    candidates,
    realm: call.realm,
    nowMs: call.nowMs,
    webauthnChallenge: target.webauthnChallenge,
    userVerification: userVerificationFor(target.requiredAcr),
    userHandle: isBoundToHandle ? await userHandleOf(deps, target.lookup) : "",
    totpHmac: deps.totpHmac,
    webauthnCrypto: deps.webauthnCrypto,
    macRecoveryCode: (code) => recoveryCodeMac(keyring, target.lookup, code),
  });
  const isAllowed = target.methods.includes(answer.method);
  // A decoy is never right, whatever the dice say.
  const isDecoy =
    checked.ok && checked.evidence.authenticatorId === DECOY_ID && checked.evidence.method !== "recovery_code";
  return { checked: isAllowed && !isDecoy ? checked : reject("no_authenticator"), isKnown };
}

async function userHandleOf(deps: Deps, lookup: string): Promise<string> {
  return (await deps.store.subjects.find(lookup))?.userHandle ?? "";
}

/** Uses up what the evidence rests on: one statement, one winner. */
function spend(deps: Deps, call: Call, what: Spend, guess: TakenGuess | undefined): Eventual<boolean> {
  const { authenticators, recoveryCodes } = deps.store;
  switch (what.kind) {
    case "totp_step":
      if (what.inBudget) return guess !== undefined && isUsedUp(guess);
      return authenticators.spendStep(what.authenticatorId, what.step, call.nowMs);
    case "sign_count":
      return authenticators.spendSignCount(what.authenticatorId, what.signCount, what.backupState, call.nowMs);
    case "recovery_code":
      return recoveryCodes.spend(what.mac, what.authenticatorId, call.nowMs);
    default:
      return what satisfies never;
  }
}

type Satisfying = Readonly<{ evidence: Evidence; assurance: Assurance; redeem?: boolean }>;

/** One update, one winner: a challenge gives one verdict, here or to whoever redeems it. */
function satisfyChallenge(deps: Deps, call: Call, target: Target, satisfying: Satisfying): Eventual<boolean> {
  if (target.challenge === undefined) return true;
  const { method, authenticatorId } = satisfying.evidence;
  const { acr, amr, userVerified } = satisfying.assurance;
  const by = { method, authenticatorId, acr, amr, userVerified, redeemed: satisfying.redeem };
  return deps.store.challenges.satisfy(target.challenge, by, call.nowMs);
}

type Accepted = Readonly<{
  evidence: Evidence;
  assurance: Assurance;
  guess?: TakenGuess;
  realmCharge: RealmCharge;
  rememberDevice: boolean;
  redeem?: boolean;
}>;

async function accept(deps: Deps, call: Call, target: Target, accepted: Accepted): Promise<Outcome<Verdict>> {
  const { evidence, assurance, guess, realmCharge } = accepted;
  const about = {
    subjectLookup: target.lookup,
    authenticatorId: evidence.authenticatorId,
    method: evidence.method,
    lane: target.lane,
  };
  const usedRecoveryCode = evidence.method === "recovery_code";
  const writes: Write[] = [deps.store.audit.append(auditOf(call, "answer_accepted", about))];
  writes.push(...(await creditRealm(deps, call, { ...about, lookup: target.lookup }, realmCharge)));
  if (guess && !isUsedUp(guess)) writes.push(deps.store.guessBudgets.giveBack(guess));
  if (usedRecoveryCode) {
    writes.push(deps.store.audit.append(auditOf(call, "recovery_code_used", about)));
    writes.push(deps.store.authenticators.touchRecoverySet(evidence.authenticatorId, call.nowMs));
  }
  await deps.store.atomically(writes);
  const subjectId = publicSubjectId(deps.keyring, call.rpId, target.lookup);
  await endOfStage();
  return granted({
    challenge: target.challenge,
    subjectId,
    method: evidence.method,
    authenticatorId: evidence.authenticatorId,
    assurance,
    authTimeMs: call.nowMs,
    deviceToken: await nextDeviceToken(deps, call, target, accepted),
    recoveryCodesLeft: usedRecoveryCode
      ? await deps.store.recoveryCodes.countLeft(evidence.authenticatorId)
      : undefined,
  });
}

/** The token goes to the relying party: one that redeems the challenge later gets it then. */
function nextDeviceToken(
  deps: Deps,
  call: Call,
  { lookup, device }: Target,
  { rememberDevice, redeem }: Accepted,
): Eventual<string | undefined> {
  if (!redeem || !(rememberDevice || device)) return undefined;
  return issueDeviceToken(deps, call, { lookup, known: device });
}

type Refused = Taken & Readonly<{ method: Method; rejection: Rejection }>;

/** Every refusal of an answer looks the same from outside; the private reason goes to the audit log only. */
async function refuse(deps: Deps, call: Call, target: Target, refused: Refused): Promise<Outcome<Verdict>> {
  const { method, rejection, realmCharge, guess } = refused;
  const authenticatorId = rejection.authenticatorId === DECOY_ID ? undefined : rejection.authenticatorId;
  const about = { subjectLookup: target.lookup, authenticatorId, method, lane: target.lane };
  const writes = [
    deps.store.audit.append(auditOf(call, "answer_rejected", { ...about, reason: rejection.reason })),
    ...suspectRefused(deps, call, { ...target, method, inRow: guess?.inRow }),
  ];
  // A code used twice was right: somebody has pressed the button again.
  const settle = rejection.reason === "already_used" ? giveBackToRealm : chargeRealm;
  writes.push(...(await settle(deps, call, { ...target, method }, realmCharge)));
  if (rejection.reason === "counter_regressed" && authenticatorId !== undefined) {
    writes.push(deps.store.audit.append(auditOf(call, "counter_regressed", about)));
    writes.push(deps.store.authenticators.suspectClone(authenticatorId, call.nowMs));
  }
  await deps.store.atomically(writes);
  return denied("answer_rejected", { attemptsLeft: target.attemptsLeft });
}

async function refuseWeak(deps: Deps, call: Call, target: Target, method: Method): Promise<Outcome<Verdict>> {
  const about = { subjectLookup: target.lookup, method, lane: target.lane, reason: "assurance_unmet" };
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "answer_rejected", about))]);
  return denied("assurance_unmet", { attemptsLeft: target.attemptsLeft });
}

/** Right, but another answer had closed the challenge in the meantime. */
async function refuseLate(deps: Deps, call: Call, target: Target, method: Method): Promise<Outcome<Verdict>> {
  const about = { subjectLookup: target.lookup, method, lane: target.lane, reason: "challenge_closed" };
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "answer_rejected", about))]);
  return denied("challenge_closed");
}
