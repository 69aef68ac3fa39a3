import { type AdminProblem, readReason } from "../../domain/administrator.ts";
import { listHelp, markHandled } from "../../flows/admin-help.ts";
import { noteLook, openTarget, sealTarget } from "../../flows/admin-subjects.ts";
import type { PageReply } from "../pages/page-route.ts";
import { timeOf } from "../v1/schemas.ts";
import { type AdminContext, type AdminRoute, show } from "./admin-route.ts";
import { namedRelyingParties, pseudonymOf } from "./audit-view.ts";
import { showSubject } from "./subjects.ts";

const LIST = "/admin/help";

/** `GET /admin/help`: who has lost every way in and waits for somebody. */
export const helpRoute: AdminRoute = {
  method: "get",
  path: LIST,
  needs: "read",
  handle: async (context) => showHelp(context),
};

/** `POST /admin/help/open`: the page of the person who asks, written down like any look. */
export const openHelpRoute: AdminRoute = {
  method: "post",
  path: `${LIST}/open`,
  needs: "read",
  async handle(context) {
    const { deps, call, form } = context;
    const target = openTarget(deps, call, form.target);
    if (!target) return showHelp(context, "not_found");
    await noteLook(deps, call, target);
    return showSubject(context, target);
  },
};

/** `POST /admin/help/handled` */
export const handledRoute: AdminRoute = {
  method: "post",
  path: `${LIST}/handled`,
  needs: "reset",
  async handle(context) {
    const { deps, call, form } = context;
    const target = openTarget(deps, call, form.target);
    if (!target) return showHelp(context, "not_found");
    const reason = readReason(form.reason);
    if (reason === undefined) return showHelp(context, "reason_missing");
    const handled = await markHandled(deps, call, { target, reason });
    return handled.ok ? { location: LIST } : showHelp(context, handled.problem);
  },
};

async function showHelp(context: AdminContext, problem?: AdminProblem): Promise<PageReply> {
  const { deps, call } = context;
  const { requests, isCut } = await listHelp(deps);
  const names = new Map((await namedRelyingParties(deps)).map(({ id, name }) => [id, name]));
  return show(context, {
    view: "help",
    requests: requests.map(({ target, atMs, times }) => ({
      target: sealTarget(deps, call, target),
      at: timeOf(atMs),
      times,
      relyingParty: names.get(target.rpId) ?? "",
      subject: pseudonymOf(target.lookup),
    })),
    isCut,
    problem,
  });
}
