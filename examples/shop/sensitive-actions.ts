import type { Context, Hono } from "hono";
import { adopt, forSignedIn, goTo, type SignedIn, show } from "./http.ts";
import { ACTION_PATHS, ask } from "./second-factor.ts";
import type { Confirmation, SensitiveAction } from "./sessions.ts";
import type { Shop, ShopEnv } from "./shop-env.ts";
import { addressPage, deletePage, goodbyePage, passwordPage } from "./views/sensitive-actions.ts";
import { wordsFor } from "./words.ts";

const CONFIRMED_FOR_MS = 5 * 60 * 1000;
const MAX_ADDRESS = 300;
const NOT_CONFIRMED = "Please confirm once more that it is you.";

/** Changing where parcels go, and deleting the account: each asks again, whatever was proven at sign-in. */
export function mountSensitiveActions(app: Hono<ShopEnv>, shop: Shop): void {
  app.post(
    "/security/confirm",
    forSignedIn(shop, (c, who) => startConfirming(c, shop, who)),
  );
  app.post(
    "/security/password",
    forSignedIn(shop, (c, who) => confirmWithPassword(c, shop, who)),
  );
  for (const action of ["change_address", "delete_account"] as const) {
    app.get(
      ACTION_PATHS[action],
      forSignedIn(shop, (c, { session, user }) => {
        if (!isFresh(session.confirmation, action)) return goTo(c, shop, "/security", NOT_CONFIRMED);
        return show(c, shop, action === "change_address" ? addressPage(user) : deletePage(user));
      }),
    );
  }
  app.post(
    ACTION_PATHS.change_address,
    forSignedIn(shop, (c, who) => changeAddress(c, shop, who)),
  );
  app.post(
    ACTION_PATHS.delete_account,
    forSignedIn(shop, (c, who) => deleteAccount(c, shop, who)),
  );
}

/** Who has a second step is asked for it; who has none types the password again. */
async function startConfirming(c: Context<ShopEnv>, shop: Shop, who: SignedIn): Promise<Response> {
  const action = actionIn(c.get("form").action);
  if (!action) return goTo(c, shop, "/security");
  const status = await shop.client.status(who.user.id);
  if (!status.ok) return goTo(c, shop, "/security", wordsFor(status.problem));
  if (!status.value.enrolled) return show(c, shop, passwordPage({ action }));
  const asked = await ask(c, shop, who.session, { user: who.user, why: action, enrolled: status.value.methods });
  return asked.ok ? asked.value : goTo(c, shop, "/security", wordsFor(asked.problem));
}

async function confirmWithPassword(c: Context<ShopEnv>, shop: Shop, { session, user }: SignedIn): Promise<Response> {
  const action = actionIn(c.get("form").action);
  if (!action) return goTo(c, shop, "/security");
  const isRight = await shop.users.checkPassword(user.name, c.get("form").password ?? "");
  if (!isRight) return show(c, shop, { ...passwordPage({ action, problem: "The password is wrong." }), status: 403 });
  adopt(c, shop, shop.sessions.rotate(session.id, { confirmation: { action, atMs: Date.now() } }));
  return goTo(c, shop, ACTION_PATHS[action]);
}

async function changeAddress(c: Context<ShopEnv>, shop: Shop, who: SignedIn): Promise<Response> {
  const used = await useConfirmation(shop, who, "change_address");
  if (!used) return goTo(c, shop, "/security", NOT_CONFIRMED);
  shop.users.change(who.user.id, { address: (c.get("form").address ?? "").trim().slice(0, MAX_ADDRESS) });
  return goTo(c, shop, "/security", "Your delivery address was changed.");
}

/** Countersign first: should it refuse, or be away, the account is still whole and still protected. */
async function deleteAccount(c: Context<ShopEnv>, shop: Shop, who: SignedIn): Promise<Response> {
  const used = await useConfirmation(shop, who, "delete_account");
  if (!used) return goTo(c, shop, "/security", NOT_CONFIRMED);
  const { challenge } = used;
  const because = challenge === undefined ? { reason: "Account deleted by its owner." } : { proof: challenge };
  const erased = await shop.client.deleteSubject(who.user.id, because);
  if (!erased.ok) return goTo(c, shop, "/security", wordsFor(erased.problem));
  shop.users.remove(who.user.id);
  shop.sessions.endAllOf(who.user.id);
  c.set("session", undefined);
  return show(c, shop, goodbyePage);
}

/**
 * Uses the session's confirmation up, if it is for this action and fresh. One by password counts only as long as there
 * is no second step: somebody may have set one up since.
 */
async function useConfirmation(
  shop: Shop,
  { session, user }: SignedIn,
  action: SensitiveAction,
): Promise<Confirmation | undefined> {
  const { confirmation } = session;
  if (!isFresh(confirmation, action)) return undefined;
  shop.sessions.change(session.id, { confirmation: undefined });
  if (confirmation.challenge !== undefined) return confirmation;
  const status = await shop.client.status(user.id);
  return status.ok && !status.value.enrolled ? confirmation : undefined;
}

function isFresh(confirmation: Confirmation | undefined, action: SensitiveAction): confirmation is Confirmation {
  return confirmation?.action === action && Date.now() - confirmation.atMs <= CONFIRMED_FOR_MS;
}

function actionIn(text: string | undefined): SensitiveAction | undefined {
  return text === "change_address" || text === "delete_account" ? text : undefined;
}
