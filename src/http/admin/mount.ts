import type { Hono } from "hono";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import { mountPage, type PageRoute } from "../pages/page-route.ts";
import type { PageSurface } from "../pages/surface.ts";
import { type AdminRoute, guardPage, HOME } from "./admin-route.ts";
import { administratorRoute, inviteRoute, listAdministratorsRoute, removeRoute } from "./administrators.ts";
import { auditRoute } from "./audit.ts";
import { liftGuessingRoute } from "./guessing.ts";
import { handledRoute, helpRoute, openHelpRoute } from "./help.ts";
import { acceptPage, invitePage, mountInvite } from "./invite.ts";
import {
  createKeyRoute,
  createRelyingPartyRoute,
  listRelyingPartiesRoute,
  relyingPartyRoute,
  revokeKeyRoute,
  revokeRelyingPartyRoute,
} from "./relying-parties.ts";
import { liftScanAlarmRoute, limitUnknownRoute } from "./scan-alarm.ts";
import { mountSignIn, signInPage, signOutRoute } from "./sign-in.ts";
import { findPageRoute, findRoute, liftRoute, resetRoute, showFind } from "./subjects.ts";

const homeRoute: AdminRoute = {
  method: "get",
  path: "/admin",
  needs: "read",
  handle: async () => ({ location: HOME }),
};

/** Every page behind the sign-in, with what it needs: what is not in this table does not exist. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [
  homeRoute,
  signOutRoute,
  findPageRoute,
  findRoute,
  resetRoute,
  liftRoute,
  liftGuessingRoute,
  helpRoute,
  openHelpRoute,
  handledRoute,
  listRelyingPartiesRoute,
  createRelyingPartyRoute,
  relyingPartyRoute,
  createKeyRoute,
  revokeKeyRoute,
  revokeRelyingPartyRoute,
  liftScanAlarmRoute,
  limitUnknownRoute,
  listAdministratorsRoute,
  inviteRoute,
  administratorRoute,
  removeRoute,
  auditRoute,
];

/** Pages for which nobody is signed in yet. */
const OPEN_PAGES: readonly PageRoute[] = [signInPage, invitePage, acceptPage];

/** Mounts the administration pages: invitation, sign-in, and everything behind it, each behind its guard. */
export function mountAdmin(app: Hono<Env>, deps: Deps, surface: PageSurface): void {
  mountSignIn(app, deps, surface);
  mountInvite(app, deps, surface);
  const guarded = ADMIN_ROUTES.map((route) => guardPage(route, (context) => showFind(context, "forbidden")));
  for (const page of [...OPEN_PAGES, ...guarded]) mountPage(app, deps, surface, page);
}
