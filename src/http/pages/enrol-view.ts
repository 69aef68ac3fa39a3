import { describePasskey, describeTotp } from "../../flows/describe-enrolment.ts";
import { lookupOfSession } from "../../flows/end-sessions.ts";
import { mayChange, mayEnrol } from "../../flows/session-rights.ts";
import { qrPath } from "../../methods/qr-svg.ts";
import type { StoredAuthenticator } from "../../ports/store.ts";
import { viewAuthenticator, viewAuthenticators } from "./authenticator-view.ts";
import type { AuthenticatorView, EnrolModel, EnrolProblem, TotpSetup } from "./models.ts";
import type { PageContext } from "./page-route.ts";
import { hostOf } from "./replies.ts";

type Done = Extract<EnrolModel, { view: "done" }>;

/** What the session's enrolment has come to: done, under way, or still to be chosen. */
export async function enrolModel(context: PageContext, problem?: EnrolProblem): Promise<EnrolModel> {
  const { deps, call, session } = context;
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  const stored = active.find(({ id }) => id === session.data.added);
  const added = stored && viewAuthenticator(stored);
  if (added || session.data.done === "recovery_codes") return doneModel(context, active, added);
  const pending = await pendingOf(context);
  if (pending) return setupModel(context, pending, problem);
  if (session.data.enrolmentIsFixed || !mayEnrol(session, active, call.nowMs)) return enrolExpired(context, false);
  return { ...context.frame, page: "enrol", view: "choose", hasAuthenticators: active.length > 0 };
}

/** The set-up has ended: nothing was changed. */
export function enrolExpired({ frame }: PageContext, canChooseAgain: boolean): EnrolModel {
  return { ...frame, page: "enrol", view: "expired", canChooseAgain };
}

/** The enrolment on the page, while it can still be confirmed. */
export async function pendingOf({ deps, call, session }: PageContext): Promise<StoredAuthenticator | undefined> {
  const { enrolment } = session.data;
  const stored = enrolment === undefined ? undefined : await deps.store.authenticators.find(enrolment, call.realm.id);
  if (stored?.status !== "pending" || stored.subjectLookup !== lookupOfSession(session)) return undefined;
  const isAlive = (stored.expiresAtMs ?? 0) > call.nowMs && stored.attemptsLeft > 0;
  return isAlive ? stored : undefined;
}

/** The name that goes with what the person sets up here. */
export function serviceName({ call, frame }: PageContext): string {
  return frame.relyingParty?.name ?? call.realm.name;
}

async function setupModel(
  context: PageContext,
  pending: StoredAuthenticator,
  problem: EnrolProblem | undefined,
): Promise<EnrolModel> {
  const canChooseAgain = !context.session.data.enrolmentIsFixed;
  const base = { ...context.frame, page: "enrol", canChooseAgain, problem } as const;
  switch (pending.method) {
    case "totp":
      return { ...base, view: "totp", totp: totpSetup(context, pending) };
    case "webauthn":
      return {
        ...base,
        view: "passkey",
        passkey: { options: await describePasskey(context.deps, context.call, pending) },
      };
    case "recovery_code":
      return { ...context.frame, page: "enrol", view: "make_codes" };
    default:
      return pending.method satisfies never;
  }
}

function totpSetup(context: PageContext, pending: StoredAuthenticator): TotpSetup {
  const { key, uri, digits, accountName } = describeTotp(context.deps, context.call, pending, serviceName(context));
  return { key, uri, qr: qrPath(uri), digits, accountName };
}

function doneModel(context: PageContext, active: readonly StoredAuthenticator[], added?: AuthenticatorView): Done {
  const { account, returnUrl } = context.session.data;
  return {
    ...context.frame,
    page: "enrol",
    view: "done",
    added,
    nudge: nudgeOf(context, active),
    returnHost: account === undefined ? hostOf(returnUrl) : undefined,
  };
}

/** One suggestion, and only one that can be followed at once. The account page makes its own. */
function nudgeOf({ call, session }: PageContext, active: readonly StoredAuthenticator[]): Done["nudge"] {
  if (session.data.account === "open" || !mayChange(session, active, call.nowMs)) return "none";
  if (!active.some(({ method }) => method === "webauthn")) return "passkey";
  return viewAuthenticators(active).length < 2 ? "second" : "none";
}
