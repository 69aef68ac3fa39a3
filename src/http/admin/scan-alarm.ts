import { readReason } from "../../domain/administrator.ts";
import { liftWithTouch, limitWithTouch, readLimit } from "../../flows/admin-relying-parties.ts";
import { type AdminRoute, readTouch } from "./admin-route.ts";
import { RELYING_PARTIES, showRelyingParty } from "./relying-parties.ts";

/** `POST /admin/relying-parties/{id}/lift`: lets the keys go on that the scan alarm has stopped. */
export const liftScanAlarmRoute: AdminRoute = {
  method: "post",
  path: `${RELYING_PARTIES}/:id/lift`,
  needs: "manage",
  async handle(context) {
    const { deps, call, form, path } = context;
    const rpId = path.id ?? "";
    const reason = readReason(form.reason);
    if (reason === undefined) return showRelyingParty(context, rpId, { problem: "reason_missing" });
    const lifted = await liftWithTouch(deps, call, { rpId, reason, touch: readTouch(form) });
    if (!lifted.ok) return showRelyingParty(context, rpId, { problem: lifted.problem });
    return { location: `${RELYING_PARTIES}/${rpId}` };
  },
};

/** `POST /admin/relying-parties/{id}/limit`: how many unknown subjects each of its keys may ask about in an hour. */
export const limitUnknownRoute: AdminRoute = {
  method: "post",
  path: `${RELYING_PARTIES}/:id/limit`,
  needs: "manage",
  async handle(context) {
    const { deps, call, form, path } = context;
    const rpId = path.id ?? "";
    const limit = readLimit(form.unknown_per_hour ?? "");
    if (limit === undefined) return showRelyingParty(context, rpId, { problem: "invalid_input" });
    const limited = await limitWithTouch(deps, call, { rpId, limit, touch: readTouch(form) });
    if (!limited.ok) return showRelyingParty(context, rpId, { problem: limited.problem });
    return { location: `${RELYING_PARTIES}/${rpId}` };
  },
};
