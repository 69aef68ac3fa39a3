import type { Method } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { fromBase64url } from "../domain/encoding.ts";
import { afterwards, type Eventual } from "../domain/eventual.ts";
import type { Lane } from "../domain/guess-budget.ts";
import type { Realm } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { RealmBudget, Store, Write } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** How long a process that has seen a budget shut goes without asking whether it still is. */
const CHECK_MS = 5_000;
/** Subjects with a right code are told apart by so many bits of their lookup: 128 kB a realm and lane, up to a million a day. */
const CREDIT_BITS = 20;

const DETAIL =
  "Too many wrong codes across the service: codes from unknown devices wait. Passkeys, recovery codes and known devices go on.";

/** The lanes that a realm has a budget for: somebody who has the device of a person is no crowd. */
export const REALM_LANES: readonly Lane[] = ["proven", "open"];

export type Attempt = Readonly<{ lookup: string; lane: Lane; method: Method }>;

/** What an attempt has cost the realm before it was looked at: nothing, while its budget is well filled. */
export type RealmCharge = "charged" | "uncharged";

/**
 * Refuses codes while the realm's budget for the lane is used up. Known devices, passkeys and recovery codes have no such
 * budget, so that whoever uses it up shuts nobody out who has one of them. While less than half is used, wrong codes are
 * charged once they have turned out wrong, and right ones cost no statement; from then on each is charged before it is
 * looked at, so that no number of parallel guesses gets through.
 */
export function takeFromRealm(deps: Deps, call: Call, attempt: Attempt): Eventual<Outcome<RealmCharge>> {
  if (!isCounted(attempt)) return granted("uncharged");
  return afterwards(seenOf(deps, call, attempt.lane), (seen) =>
    isHalfEmpty(seen, call) ? granted("uncharged") : takeCounted(deps, call, attempt, seen),
  );
}

async function takeCounted(deps: Deps, call: Call, attempt: Attempt, seen: Seen): Promise<Outcome<RealmCharge>> {
  if (shutUntil(seen, call) > call.nowMs && call.nowMs - seen.checkedAtMs < CHECK_MS)
    return refuse(deps, call, attempt, seen);
  const taken = await deps.store.realmBudgets.take(budgetOf(call, attempt), limitsOf(call), call.nowMs);
  note(seen, call, taken ?? (await deps.store.realmBudgets.find(budgetOf(call, attempt))));
  return taken === undefined ? refuse(deps, call, attempt, seen) : granted("charged");
}

/** What a wrong code costs the realm, unless it was charged already. Answers what is to be written down of it. */
export async function chargeRealm(
  deps: Deps,
  call: Call,
  attempt: Attempt,
  charge: RealmCharge,
): Promise<readonly Write[]> {
  if (!isCounted(attempt) || charge === "charged") return [];
  const seen = await seenOf(deps, call, attempt.lane);
  const terms = { ...limitsOf(call), creditMs: spendCredit(seen, call) };
  note(seen, call, await deps.store.realmBudgets.charge(budgetOf(call, attempt), terms, call.nowMs));
  return shutUntil(seen, call) > call.nowMs ? alarm(deps, call, attempt.lane, seen) : [];
}

/**
 * A right code costs the realm nothing, and each person's first of the day gives part of a wrong one back. That is counted
 * with the next wrong code.
 */
export function creditRealm(deps: Deps, call: Call, attempt: Attempt, charge: RealmCharge): Eventual<readonly Write[]> {
  if (!isCounted(attempt)) return [];
  return afterwards(seenOf(deps, call, attempt.lane), (seen) => {
    noteRight(seen, call, attempt.lookup);
    return charge === "charged" ? [giveBack(deps, call, attempt, seen)] : [];
  });
}

/** Undoes the charge of what was no guess. */
export async function giveBackToRealm(
  deps: Deps,
  call: Call,
  attempt: Attempt,
  charge: RealmCharge,
): Promise<readonly Write[]> {
  return charge === "charged" ? [giveBack(deps, call, attempt, await seenOf(deps, call, attempt.lane))] : [];
}

function giveBack(deps: Deps, call: Call, attempt: Attempt, seen: Seen): Write {
  const ms = limitsOf(call).intervalMs + spendCredit(seen, call);
  seen.arrivalMs -= ms;
  return deps.store.realmBudgets.giveBack(budgetOf(call, attempt), ms, call.nowMs);
}

async function refuse(deps: Deps, call: Call, attempt: Attempt, seen: Seen): Promise<Outcome<RealmCharge>> {
  const { lookup, lane, method } = attempt;
  const about = { subjectLookup: lookup, lane, method, reason: "realm_budget" };
  await deps.store.atomically([
    deps.store.audit.append(auditOf(call, "answer_throttled", about)),
    ...alarm(deps, call, lane, seen),
  ]);
  const retryAfterSeconds = Math.max(1, Math.ceil((shutUntil(seen, call) - call.nowMs) / 1000));
  return denied("rate_limited", { detail: DETAIL, retryAfterSeconds });
}

/** A lasting attack uses up each single code that comes back: one alarm a day is enough. */
function alarm(deps: Deps, call: Call, lane: Lane, seen: Seen): readonly Write[] {
  if (call.nowMs - seen.alarmedAtMs < DAY_MS) return [];
  seen.alarmedAtMs = call.nowMs;
  deps.logger.warn("guessing_alarm", { realmId: call.realm.id, lane });
  return [deps.store.audit.append(auditOf(call, "guessing_alarm", { lane, rpId: null }))];
}

export type RealmUse = Readonly<{
  wrong: number;
  burst: number /** In the past while it is open. */;
  shutUntilMs: number;
}>;

/** How much of a realm's budget is used. */
export async function realmUse(
  deps: Deps,
  of: Readonly<{ realm: Realm; lane: Lane; nowMs: number }>,
): Promise<RealmUse> {
  const { burst, intervalMs } = limitsOf(of);
  const arrivalMs = await deps.store.realmBudgets.find({ realmId: of.realm.id, lane: of.lane });
  const wrong = Math.ceil(Math.max(0, arrivalMs - of.nowMs) / intervalMs);
  return { wrong, burst, shutUntilMs: shutUntil({ arrivalMs }, of) };
}

/** Recovery codes have 120 bits: nobody guesses them, and they are a way in while codes wait. */
function isCounted({ lane, method }: Attempt): boolean {
  return method === "totp" && REALM_LANES.includes(lane);
}

/** What this process has seen of a budget; the count itself is in the store, shared by all. */
type Seen = {
  arrivalMs: number;
  checkedAtMs: number;
  alarmedAtMs: number;
  /** Right codes since the last wrong one, of subjects that are not marked yet today. */
  rights: number;
  dayBeganMs: number;
  readonly subjects: Uint8Array;
};

const seenByStore = new WeakMap<Store, Map<string, Eventual<Seen>>>();

/** Read once from the store, so that a process that starts during an attack knows of it. */
function seenOf(deps: Deps, call: Call, lane: Lane): Eventual<Seen> {
  const all = seenByStore.get(deps.store) ?? new Map<string, Eventual<Seen>>();
  seenByStore.set(deps.store, all);
  const key = `${call.realm.id}:${lane}`;
  const known = all.get(key);
  if (known) return known;
  const reading = readSeen(deps, call, lane);
  all.set(key, reading);
  reading.then(
    (seen) => all.set(key, seen),
    () => all.delete(key),
  );
  return reading;
}

async function readSeen(deps: Deps, call: Call, lane: Lane): Promise<Seen> {
  return {
    arrivalMs: await deps.store.realmBudgets.find({ realmId: call.realm.id, lane }),
    checkedAtMs: call.nowMs,
    alarmedAtMs: Number.NEGATIVE_INFINITY,
    rights: 0,
    dayBeganMs: call.nowMs,
    subjects: new Uint8Array(2 ** CREDIT_BITS / 8),
  };
}

function noteRight(seen: Seen, call: Call, lookup: string): void {
  if (call.nowMs - seen.dayBeganMs >= DAY_MS) {
    seen.dayBeganMs = call.nowMs;
    seen.subjects.fill(0);
  }
  const [a = 0, b = 0, c = 0] = fromBase64url(lookup.slice(0, 4)) ?? [];
  const bit = ((a << 16) | (b << 8) | c) >>> (24 - CREDIT_BITS);
  const [byte, mask] = [bit >>> 3, 1 << (bit & 7)];
  if (((seen.subjects[byte] ?? 0) & mask) !== 0) return;
  seen.subjects[byte] = (seen.subjects[byte] ?? 0) | mask;
  seen.rights++;
}

/** What right codes have made up for since it was last counted, in milliseconds of arrival time. */
function spendCredit(seen: Seen, call: Call): number {
  const { intervalMs, burst } = limitsOf(call);
  const creditMs = Math.floor((seen.rights * intervalMs) / call.realm.policy.realmBudget.rightPerWrong);
  seen.rights = 0;
  return Math.min(creditMs, burst * intervalMs);
}

function note(seen: Seen, call: Call, arrivalMs: number): void {
  seen.arrivalMs = arrivalMs;
  seen.checkedAtMs = call.nowMs;
  // Lifted, or long over: the next one is news.
  if (isHalfEmpty(seen, call)) seen.alarmedAtMs = Number.NEGATIVE_INFINITY;
}

function isHalfEmpty({ arrivalMs }: Seen, call: Call): boolean {
  const { burst, intervalMs } = limitsOf(call);
  return arrivalMs - call.nowMs < (burst * intervalMs) / 2;
}

/** When the next code may be looked at, if that is later than now. */
function shutUntil({ arrivalMs }: Pick<Seen, "arrivalMs">, of: Pick<Call, "realm">): number {
  const { burst, intervalMs } = limitsOf(of);
  return arrivalMs - (burst - 1) * intervalMs;
}

function limitsOf({ realm }: Pick<Call, "realm">) {
  const { burst, perHour } = realm.policy.realmBudget;
  return { burst, intervalMs: Math.ceil(HOUR_MS / perHour) };
}

function budgetOf({ realm }: Call, { lane }: Attempt): RealmBudget {
  return { realmId: realm.id, lane };
}
