import { lookupOfSession } from "../../flows/end-sessions.ts";
import type { SessionData } from "../../flows/sessions.ts";
import type { StoredAuthenticator } from "../../ports/store.ts";
import { viewAuthenticators } from "./authenticator-view.ts";
import type { AccountModel, AccountOverview } from "./models.ts";
import type { PageContext, PageReply } from "./page-route.ts";
import { recentActivity, suspicionOf } from "./present-activity.ts";
import { hostOf, remember } from "./replies.ts";

type Done = NonNullable<AccountOverview["done"]>;

const DONE: readonly Done[] = ["renamed", "removed", "recovery_codes_saved", "added", "reported", "dismissed"];

/** Everything of the person's at a glance. `isFresh` right after a proof or a change: passkey managers are told then. */
export async function overview(
  context: PageContext,
  { done, isFresh = false }: Readonly<{ done?: Done; isFresh?: boolean }> = {},
): Promise<AccountModel> {
  const { deps, frame, session } = context;
  const lookup = lookupOfSession(session);
  const active = await deps.store.authenticators.listActive(lookup);
  const authenticators = viewAuthenticators(active);
  return {
    ...frame,
    page: "account",
    view: "overview",
    authenticators,
    recoveryCodesLeft: await codesLeft(context, active),
    activity: await recentActivity(deps, lookup),
    suspicion: await suspicionOf(deps, lookup),
    nudgeSecond: authenticators.length < 2 && session.data.remindLater !== true,
    done,
    signal: isFresh ? await signalOf(context, active) : undefined,
    returnHost: hostOf(session.data.returnUrl),
  };
}

/** The overview after a change: at once for script, else on the page that a browser is sent to. */
export async function changed(context: PageContext, done?: Done): Promise<PageReply> {
  if (context.scripted) return { model: await overview(context, { done, isFresh: true }) };
  await remember(context, { done });
  return { location: "/account" };
}

/** The overview, saying once what was done before the browser came here. */
export async function overviewOnce(context: PageContext): Promise<PageReply> {
  const { deps, session } = context;
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  const done = wasAdded(session.data, active) ? "added" : DONE.find((one) => one === session.data.done);
  const hasLeftovers = done !== undefined || session.data.wants !== undefined;
  const change = {
    done: undefined,
    wants: undefined,
    addingSinceMs: done === "added" ? undefined : session.data.addingSinceMs,
  };
  const next = hasLeftovers ? await remember(context, change) : context;
  return { model: await overview(next, { done, isFresh: done !== undefined }) };
}

/** What would still work without an authenticator; undefined when it is not one of the subject's. */
export async function removeModel(context: PageContext, authenticatorId: string): Promise<AccountModel | undefined> {
  const { deps, frame, session } = context;
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  const all = viewAuthenticators(active);
  const authenticator = all.find(({ id }) => id === authenticatorId);
  if (!authenticator) return undefined;
  const stillWork = all.filter(({ id }) => id !== authenticatorId);
  const isLast = stillWork.length === 0;
  // With the last authenticator the recovery codes go too.
  const recoveryCodesLeft = isLast ? 0 : ((await codesLeft(context, active)) ?? 0);
  return {
    ...frame,
    page: "account",
    view: "remove",
    authenticator,
    stillWork,
    recoveryCodesLeft,
    lastStrong: isLast,
  };
}

async function codesLeft({ deps }: PageContext, active: readonly StoredAuthenticator[]): Promise<number | undefined> {
  const set = active.find(({ method }) => method === "recovery_code");
  return set && deps.store.recoveryCodes.countLeft(set.id);
}

function wasAdded({ addingSinceMs }: SessionData, active: readonly StoredAuthenticator[]): boolean {
  if (addingSinceMs === undefined) return false;
  return active.some(
    ({ method, activatedAtMs }) => method !== "recovery_code" && (activatedAtMs ?? 0) >= addingSinceMs,
  );
}

/** The complete list: a passkey missing from it may be hidden for good (WebAuthn L3 §5.1.10). */
async function signalOf(
  { deps, call, session }: PageContext,
  active: readonly StoredAuthenticator[],
): Promise<AccountOverview["signal"]> {
  const subject = await deps.store.subjects.find(lookupOfSession(session));
  return (
    subject && {
      rpId: call.realm.rpId,
      userHandle: subject.userHandle,
      credentialIds: active.flatMap(({ credentialId }) => credentialId ?? []),
      accountName: session.data.accountName,
    }
  );
}
