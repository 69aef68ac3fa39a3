import { roleMay } from "../../domain/administrator.ts";
import { listGuessing, type RealmGuessing } from "../../flows/admin-guessing.ts";
import { askTouch } from "../../flows/admin-touch.ts";
import type { GuessingView } from "../pages/admin-models.ts";
import { timeOf } from "../v1/schemas.ts";
import type { AdminContext } from "./admin-route.ts";

/** Guessing across accounts, as the first page shows it; a touch for each to lift, for those who may. */
export async function viewGuessing({ deps, call }: AdminContext): Promise<readonly GuessingView[]> {
  const mayLift = roleMay(call.administrator.role, "reset");
  const view = async ({ realmId, realmName, lane, wrong, shutUntilMs }: RealmGuessing): Promise<GuessingView> => ({
    realm: { id: realmId, name: realmName },
    lane,
    wrong,
    opensAt: shutUntilMs > call.nowMs ? timeOf(shutUntilMs) : undefined,
    touch: mayLift ? await askTouch(deps, call, { action: "lift_guessing" }) : undefined,
  });
  return Promise.all((await listGuessing(deps, call)).map(view));
}
