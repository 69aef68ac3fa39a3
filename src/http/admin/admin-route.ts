import { ADMIN_ACTIONS, type AdminAction, type AdminProblem, roleMay } from "../../domain/administrator.ts";
import { type AdminCall, noteForbidden } from "../../flows/admin-call.ts";
import type { Touch } from "../../flows/admin-touch.ts";
import type { SignedInView } from "../pages/admin-models.ts";
import type { Form } from "../pages/form.ts";
import type { PageContext, PageReply, PageRoute } from "../pages/page-route.ts";
import { parseStrictJson } from "../strict-json.ts";

/** Where administrators sign in, and where they start. */
export const SIGN_IN = "/admin/sign-in";
export const HOME = "/admin/subjects";

/** What a signed-in administrator's handler starts from. */
export type AdminContext = PageContext & Readonly<{ call: AdminCall }>;

/** A page behind the sign-in. What `needs` does not name for a role is refused before the handler runs. */
export type AdminRoute = Readonly<{
  method: "get" | "post";
  path: string;
  needs: AdminAction;
  handle: (context: AdminContext) => Promise<PageReply>;
}>;

/**
 * The page behind its guard: a session alone is not enough, it has to be an administrator's who still is one, and whose
 * role allows what the page does (default deny, requirement A-06).
 */
export function guardPage(route: AdminRoute, onForbidden: AdminRoute["handle"]): PageRoute {
  const { method, path } = route;
  return {
    method,
    path,
    session: "admin",
    signIn: SIGN_IN,
    async handle(context) {
      const { deps, session } = context;
      const administrator = await deps.store.administrators.find(session.data.administrator ?? "");
      if (!administrator) return { location: SIGN_IN };
      const call = { ...context.call, administrator, sessionId: session.stored.id };
      if (roleMay(administrator.role, route.needs)) return route.handle({ ...context, call });
      await noteForbidden(deps, call);
      return onForbidden({ ...context, call });
    },
  };
}

/** A view for whoever is signed in; a problem decides the status. */
export function show({ frame, call }: AdminContext, view: SignedInView): PageReply {
  const { name, role } = call.administrator;
  const problem = "problem" in view ? view.problem : undefined;
  const status = problem === undefined ? 200 : PROBLEM_STATUS[problem];
  const may = ADMIN_ACTIONS.filter((action) => roleMay(role, action));
  return { model: { ...frame, page: "admin", self: { name, role, may }, ...view }, status };
}

/** What status goes with a problem. */
export const PROBLEM_STATUS = {
  not_found: 404,
  reason_missing: 400,
  invalid_name: 400,
  invalid_redirect_uri: 400,
  invalid_input: 400,
  passkey_refused: 403,
  forbidden: 403,
  own_account: 403,
  last_owner: 409,
  nothing_to_do: 409,
} as const satisfies Record<AdminProblem, number>;

/** The passkey touch in a form; whatever is missing or malformed is refused when it is spent. */
export function readTouch(form: Form): Touch {
  return { id: form.touch ?? "", response: readResponse(form) };
}

/** The passkey's answer in a form, as JSON; undefined when it is none. */
export function readResponse(form: Form): unknown {
  const json = parseStrictJson(form.webauthn ?? "");
  return json.ok ? json.value : undefined;
}
