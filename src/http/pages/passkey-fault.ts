import type { SessionKind } from "../../ports/store.ts";
import type { PageContext, PageReply, PageRoute } from "./page-route.ts";

const SESSIONS = ["enrol", "prompt", "account", "admin"] as const satisfies readonly SessionKind[];

/** Errors that are no answer of the person: those of WebAuthn L3 §5.1.3 and §5.1.4, and what some platforms give besides. */
const NAMES = [
  "NotSupportedError",
  "SecurityError",
  "TypeError",
  "UnknownError",
  "NotReadableError",
  "EncodingError",
  "DataError",
  "OperationError",
] as const;

/**
 * Where a page's script tells that the browser's passkey call has failed, and not because the person said no. The log
 * gets the error's name out of a closed list, the ceremony and the realm, and nothing of the person. The browser says
 * this, so it is a hint and no fact.
 */
export const PASSKEY_FAULT_PAGES: readonly PageRoute[] = SESSIONS.map((session) => ({
  method: "post",
  path: `/${session}/passkey-fault`,
  session,
  handle: async (context) => noteFault(context, `/${session}`),
}));

function noteFault({ deps, call, form }: PageContext, location: string): PageReply {
  const error = NAMES.find((name) => name === form.error) ?? "other";
  const ceremony = form.ceremony === "create" ? "create" : "get";
  const fields = { requestId: call.requestId, realmId: call.realm.id, ceremony };
  // The browser refuses our domain: no passkey of the realm works until the operator has mended its set-up.
  if (error === "SecurityError") deps.logger.error("webauthn_domain_refused", fields);
  else deps.logger.warn("webauthn_failed", { ...fields, error });
  return { location };
}
