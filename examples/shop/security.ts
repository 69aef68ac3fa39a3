import type { Context, Hono } from "hono";
import { goOn } from "./accounts.ts";
import type { Status } from "./countersign-client.ts";
import { addressOf, forSignedIn, goTo, type SignedIn, show } from "./http.ts";
import { returnUrls, type Shop, type ShopEnv } from "./shop-env.ts";
import type { User } from "./users.ts";
import { securityPage } from "./views/security.ts";
import { wordsFor } from "./words.ts";

/** What customers see of their own protection, and the ways to Countersign's pages. */
export function mountSecurity(app: Hono<ShopEnv>, shop: Shop): void {
  app.get(
    "/security",
    forSignedIn(shop, async (c, { user }) => {
      const status = await shop.client.status(user.id);
      const subjectId = status.ok && status.value.enrolled ? await subjectIdOf(c, shop, user) : user.subjectId;
      const events = subjectId === undefined ? [] : await shop.events.listOf(subjectId);
      return show(c, shop, securityPage({ user, status: status.ok ? status.value : undefined, events }));
    }),
  );
  app.post(
    "/security/manage",
    forSignedIn(shop, async (c, { user }) => {
      const back = returnUrls(shop.url).settings;
      const link = await shop.client.link({
        page: "account",
        subject: user.id,
        return_url: back,
        account_name: user.name,
      });
      return link.ok ? c.redirect(link.value, 303) : goTo(c, shop, "/security", wordsFor(link.problem));
    }),
  );
  app.get("/security/return", (c) => comeBack(c, shop));
}

/** Back from setting up or managing. The address proves nothing; Countersign is asked what is so now. */
async function comeBack(c: Context<ShopEnv>, shop: Shop): Promise<Response> {
  const session = c.get("session");
  if (!session) return goTo(c, shop, "/sign-in");
  const { standing, isSettingUp } = session;
  shop.sessions.change(session.id, { isSettingUp: undefined });
  if (standing.stage === "password_checked") {
    const user = shop.users.find(standing.userId);
    return user ? goOn(c, shop, user) : goTo(c, shop, "/sign-in");
  }
  const user = standing.stage === "signed_in" ? shop.users.find(standing.userId) : undefined;
  if (!user) return goTo(c, shop, "/sign-in");
  const status = isSettingUp ? await shop.client.status(user.id) : undefined;
  return goTo(c, shop, "/security", noticeAfter(shop, { session, user }, status?.ok ? status.value : undefined));
}

/** Sessions that were opened with the password alone end as soon as there is a second step: all but the one that set it up. */
function noticeAfter(shop: Shop, { session, user }: SignedIn, status: Status | undefined): string | undefined {
  if (!status?.enrolled) return undefined;
  shop.sessions.endAllOf(user.id, session.id);
  shop.sessions.change(session.id, { isPasswordOnly: undefined });
  return "Your second step is on. From now on a password alone does not open your account.";
}

/** Countersign's id for the person, which its events carry. A challenge names it; nobody has to answer this one. */
async function subjectIdOf(c: Context<ShopEnv>, shop: Shop, user: User): Promise<string | undefined> {
  if (user.subjectId !== undefined) return user.subjectId;
  const opened = await shop.client.openChallenge({ subject: user.id, sourceIp: addressOf(c) });
  if (!opened.ok) return undefined;
  shop.users.change(user.id, { subjectId: opened.value.subject_id });
  return opened.value.subject_id;
}
