import { readReason } from "../../domain/administrator.ts";
import { liftGuessing } from "../../flows/admin-guessing.ts";
import { readLane } from "../../flows/admin-reset.ts";
import { type AdminRoute, HOME, readTouch } from "./admin-route.ts";
import { showFind } from "./subjects.ts";

/** `POST /admin/guessing/lift` */
export const liftGuessingRoute: AdminRoute = {
  method: "post",
  path: "/admin/guessing/lift",
  needs: "reset",
  async handle(context) {
    const { deps, call, form } = context;
    const reason = readReason(form.reason);
    if (reason === undefined) return showFind(context, "reason_missing");
    const lane = readLane(form.lane);
    if (lane === undefined) return showFind(context, "invalid_input");
    const lifted = await liftGuessing(deps, call, { realmId: form.realm ?? "", lane, reason, touch: readTouch(form) });
    return lifted.ok ? { location: HOME } : showFind(context, lifted.problem);
  },
};
