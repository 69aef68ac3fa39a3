import type { Denial } from "../../domain/denial.ts";
import {
  type ConfirmEnrolmentInput,
  type ConfirmedEnrolment,
  confirmEnrolment,
} from "../../flows/confirm-enrolment.ts";
import { lookupOfSession } from "../../flows/end-sessions.ts";
import { mayEnrol } from "../../flows/session-rights.ts";
import type { StoredAuthenticator } from "../../ports/store.ts";
import { PROBLEMS } from "../problem.ts";
import { label } from "../v1/schemas.ts";
import { passkeyIn } from "./answer.ts";
import { enrolExpired, enrolModel, pendingOf, serviceName } from "./enrol-view.ts";
import type { EnrolModel, EnrolProblem } from "./models.ts";
import type { PageContext, PageReply } from "./page-route.ts";
import { remember, rise, shown } from "./replies.ts";

/** `POST /enrol/totp`: the first code of the authenticator app. */
export async function confirmTotp(context: PageContext): Promise<PageReply> {
  const { totp } = context.form;
  return totp?.trim() ? confirm(context, { totp }) : { model: await enrolModel(context), status: 400 };
}

/** `POST /enrol/passkey`: the new passkey as the browser made it. */
export async function confirmPasskey(context: PageContext): Promise<PageReply> {
  const { webauthn } = context.form;
  return webauthn?.trim()
    ? confirm(context, { webauthn: passkeyIn(webauthn) })
    : { model: await enrolModel(context), status: 400 };
}

/** `POST /enrol/codes`: the renewal of recovery codes that a relying party asked for; shows them this once. */
export async function confirmRecoveryCodes(context: PageContext): Promise<PageReply> {
  const { deps, call } = context;
  const pending = await pendingOf(context);
  if (pending?.method !== "recovery_code") return end(context);
  const terms = { authenticatorId: pending.id, createdBy: call.rpId, answer: { recoveryCodes: true } } as const;
  const outcome = await confirmEnrolment(deps, call, terms);
  if (!outcome.ok || !outcome.value.recoveryCodes) return end(context);
  const next = await remember(context, { enrolment: undefined, done: "recovery_codes" });
  return { model: recoveryCodesModel(next, outcome.value.recoveryCodes) };
}

async function confirm(context: PageContext, answer: ConfirmEnrolmentInput["answer"]): Promise<PageReply> {
  const { deps, call } = context;
  const pending = await pendingOf(context);
  if (!pending) return end(context);
  const outcome = await confirmEnrolment(deps, call, {
    authenticatorId: pending.id,
    createdBy: call.rpId,
    answer,
    label: labelIn(context),
  });
  return outcome.ok ? finish(context, outcome.value) : refuse(context, { pending, answer, denial: outcome.denial });
}

/** A name that cannot be shown counts as none, and then there is a default. */
function labelIn({ form }: PageContext): string | undefined {
  const typed = label.safeParse((form.label ?? "").trim());
  return typed.success && typed.data !== "" ? typed.data : undefined;
}

async function finish(context: PageContext, confirmed: ConfirmedEnrolment): Promise<PageReply> {
  const { authenticator, recoveryCodes } = confirmed;
  const { method, id: added } = authenticator;
  const data = { added, enrolment: undefined, enrolmentIsFixed: undefined, misses: undefined };
  const { provenAtMs } = context.session.stored;
  // Setting it up has proven it; a stronger proof that the session came with stays.
  const isRise = provenAtMs === null || method === "webauthn";
  const risen = isRise ? await rise(context, { provenMethod: method, data }) : undefined;
  const next = risen?.context ?? (await remember(context, data));
  const session = risen?.cookie;
  if (!recoveryCodes) return { ...shown(next, await enrolModel(next), "/enrol"), session };
  return { model: recoveryCodesModel(next, recoveryCodes), session };
}

/** These leave with this answer and are kept nowhere: whoever asks again is shown that it is done. */
function recoveryCodesModel(context: PageContext, codes: readonly string[]): EnrolModel {
  const createdAt = new Date(context.call.nowMs).toISOString();
  const recoveryCodes = { codes, createdAt, serviceName: serviceName(context) };
  return { ...context.frame, page: "enrol", view: "recovery_codes", recoveryCodes };
}

type Refused = Readonly<{ pending: StoredAuthenticator; answer: ConfirmEnrolmentInput["answer"]; denial: Denial }>;

async function refuse(context: PageContext, refused: Refused): Promise<PageReply> {
  const misses = (context.session.data.misses ?? 0) + 1;
  const counted = await remember(context, { misses });
  if (!(await pendingOf(counted))) return end(counted);
  const problem = await problemOf(counted, refused, misses);
  return { model: await enrolModel(counted, problem), status: PROBLEMS[refused.denial.code].status };
}

/** Too old, or tried too often. What was confirmed a moment ago, in another tab, is simply done. */
async function end(context: PageContext): Promise<PageReply> {
  const { deps, call, session } = context;
  if (session.data.added !== undefined || session.data.done !== undefined)
    return shown(context, await enrolModel(context), "/enrol");
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  const canChooseAgain = !session.data.enrolmentIsFixed && mayEnrol(session, active, call.nowMs);
  return { model: enrolExpired(context, canChooseAgain), status: PROBLEMS.challenge_expired.status };
}

async function problemOf(
  context: PageContext,
  { pending, answer, denial }: Refused,
  misses: number,
): Promise<EnrolProblem> {
  if (pending.method === "webauthn") {
    return { code: (await isOwn(context, answer)) ? "already_registered" : "passkey_refused" };
  }
  const { clockSkewSeconds } = denial;
  return clockSkewSeconds === undefined
    ? { code: "wrong_code", misses }
    : { code: "clock_skew", minutes: minutesOf(clockSkewSeconds) };
}

/** Only the subject's own passkeys are told apart: whether somebody else has one is nobody's business. */
async function isOwn({ deps, session }: PageContext, answer: ConfirmEnrolmentInput["answer"]): Promise<boolean> {
  const response = "webauthn" in answer ? answer.webauthn : undefined;
  if (typeof response !== "object" || response === null || !("id" in response)) return false;
  const own = await deps.store.authenticators.listUsable(lookupOfSession(session), "webauthn");
  return own.some(({ credentialId }) => credentialId === response.id);
}

/** Whole minutes, at least one, with the sign: negative means behind. */
function minutesOf(seconds: number): number {
  return Math.sign(seconds) * Math.max(1, Math.round(Math.abs(seconds) / 60));
}
