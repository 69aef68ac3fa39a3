import { type AdminProblem, readReason, roleMay } from "../../domain/administrator.ts";
import { normaliseReference } from "../../domain/ids.ts";
import { liftLane, readLane, resetSubject } from "../../flows/admin-reset.ts";
import {
  describeSubject,
  lookUpSubject,
  openTarget,
  type SubjectDescription,
  type SubjectTarget,
  sealTarget,
} from "../../flows/admin-subjects.ts";
import { askTouch } from "../../flows/admin-touch.ts";
import type { BudgetView, SubjectView } from "../pages/admin-models.ts";
import { viewAuthenticators } from "../pages/authenticator-view.ts";
import type { PageReply } from "../pages/page-route.ts";
import { timeOf } from "../v1/schemas.ts";
import { type AdminContext, type AdminRoute, HOME, readTouch, show } from "./admin-route.ts";
import { namedRelyingParties, viewEvents } from "./audit-view.ts";
import { viewGuessing } from "./guessing-view.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MONTH_MS = 30 * DAY_MS;

/** `GET /admin/subjects` */
export const findPageRoute: AdminRoute = {
  method: "get",
  path: HOME,
  needs: "read",
  handle: async (context) => showFind(context),
};

/** `POST /admin/subjects`: an exact reference in the body; an unknown subject looks like one without anything. */
export const findRoute: AdminRoute = {
  method: "post",
  path: HOME,
  needs: "read",
  async handle(context) {
    const { deps, call, form } = context;
    const reference = normaliseReference(form.subject ?? "");
    if (reference === undefined) return showFind(context, "invalid_input");
    const target = await lookUpSubject(deps, call, { rpId: form.relying_party ?? "", reference });
    return target ? showSubject(context, target) : showFind(context, "not_found");
  },
};

/** `POST /admin/subjects/reset` */
export const resetRoute: AdminRoute = {
  method: "post",
  path: "/admin/subjects/reset",
  needs: "reset",
  handle: async (context) =>
    change(context, "reset", (target, reason) => {
      const { deps, call, form } = context;
      const authenticatorId = form.authenticator === "" ? undefined : form.authenticator;
      return resetSubject(deps, call, { target, reason, authenticatorId, touch: readTouch(form) });
    }),
};

/** `POST /admin/subjects/lift` */
export const liftRoute: AdminRoute = {
  method: "post",
  path: "/admin/subjects/lift",
  needs: "reset",
  handle: async (context) =>
    change(context, "lifted", async (target, reason) => {
      const { deps, call, form } = context;
      const lane = readLane(form.lane);
      if (lane === undefined) return { ok: false, problem: "invalid_input" };
      return liftLane(deps, call, { target, reason, lane, touch: readTouch(form) });
    }),
};

async function change(
  context: AdminContext,
  what: "reset" | "lifted",
  carryOut: (target: SubjectTarget, reason: string) => ReturnType<typeof resetSubject>,
): Promise<PageReply> {
  const { deps, call, form } = context;
  const target = openTarget(deps, call, form.target);
  if (!target) return showFind(context, "not_found");
  const reason = readReason(form.reason);
  if (reason === undefined) return showSubject(context, target, { problem: "reason_missing" });
  const carried = await carryOut(target, reason);
  return showSubject(context, target, carried.ok ? { done: what } : { problem: carried.problem });
}

/** The page for finding a subject; also where somebody lands who asked for more than their role allows. */
export async function showFind(context: AdminContext, problem?: AdminProblem): Promise<PageReply> {
  const relyingParties = await namedRelyingParties(context.deps);
  return show(context, { view: "find", relyingParties, guessing: await viewGuessing(context), problem });
}

/** The page of one subject. */
export async function showSubject(
  context: AdminContext,
  target: SubjectTarget,
  outcome: Pick<SubjectView, "problem" | "done"> = {},
): Promise<PageReply> {
  const { deps, call } = context;
  const described = await describeSubject(deps, call, target);
  const rp = await deps.store.relyingParties.find(target.rpId);
  return show(context, {
    view: "subject",
    target: sealTarget(deps, call, target),
    relyingParty: { id: target.rpId, name: rp?.name ?? "" },
    authenticators: viewAuthenticators(described.authenticators),
    recoveryCodesLeft: described.recoveryCodesLeft,
    budgets: described.budgets
      .filter(({ wrongAtMs }) => wrongAtMs.length > 0)
      .map((one) => viewBudget(one, call.nowMs)),
    events: await viewEvents(deps, described.events),
    touch: await touchesFor(context, target),
    ...outcome,
  });
}

async function touchesFor({ deps, call }: AdminContext, { lookup }: SubjectTarget): Promise<SubjectView["touch"]> {
  if (!roleMay(call.administrator.role, "reset")) return undefined;
  return {
    reset: await askTouch(deps, call, { action: "reset", lookup }),
    lift: await askTouch(deps, call, { action: "lift", lookup }),
  };
}

function viewBudget(budget: SubjectDescription["budgets"][number], nowMs: number): BudgetView {
  const { lane, method, wrongInRow, wrongAtMs, closure } = budget;
  const since = (ms: number) => wrongAtMs.filter((atMs) => atMs > nowMs - ms).length;
  return {
    lane,
    method,
    state: closure?.state ?? "open",
    wrongInRow,
    wrongToday: since(DAY_MS),
    wrongThisMonth: since(MONTH_MS),
    opensAt: closure === undefined || closure.state === "suspended" ? undefined : timeOf(closure.untilMs),
  };
}
