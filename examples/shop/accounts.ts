import type { Context, Hono } from "hono";
import type { Problem } from "./countersign-client.ts";
import { adopt, ensureSession, goTo, show } from "./http.ts";
import { ask } from "./second-factor.ts";
import { userIn } from "./sessions.ts";
import { returnUrls, SHOP_NAME, type Shop, type ShopEnv } from "./shop-env.ts";
import type { User } from "./users.ts";
import { type SignUpView, setUpPage, signInPage, signUpPage } from "./views/accounts.ts";
import { wordsFor } from "./words.ts";

const USER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/;

/** Signing up, in and out: the shop's own business. Countersign comes in for the password's quality and the second step. */
export function mountAccounts(app: Hono<ShopEnv>, shop: Shop): void {
  app.get("/sign-up", (c) => {
    ensureSession(c, shop);
    return show(c, shop, signUpPage(shop, {}));
  });
  app.post("/sign-up", (c) => signUp(c, shop));
  app.get("/sign-in", (c) => {
    ensureSession(c, shop);
    return show(c, shop, signInPage({}));
  });
  app.post("/sign-in", (c) => signIn(c, shop));
  app.get("/set-up", (c) =>
    c.get("session")?.standing.stage === "password_checked" ? show(c, shop, setUpPage) : goTo(c, shop, "/"),
  );
  app.post("/set-up", (c) => sendToSetUp(c, shop));
  app.post("/sign-out", (c) => {
    const session = c.get("session");
    if (session) shop.sessions.end(session.id);
    return c.redirect("/", 303);
  });
}

async function signUp(c: Context<ShopEnv>, shop: Shop): Promise<Response> {
  const { name = "", password = "" } = c.get("form");
  const refuse = (view: SignUpView, status: 400 | 503 = 400) => show(c, shop, { ...signUpPage(shop, view), status });
  if (!USER_NAME.test(name)) {
    return refuse({ name, problem: "A user name has 3 to 32 letters, digits, dots, hyphens or underscores." });
  }
  const assessed = await shop.client.assessPassword({
    password,
    context: [name, SHOP_NAME],
    // Where the second step is only offered, the password may be all there is, and has to be longer.
    use: shop.secondFactor === "require" ? "with_second_factor" : "single_factor",
  });
  if (!assessed.ok) return refuse({ name, problem: wordsFor(assessed.problem) }, 503);
  const { acceptable, feedback } = assessed.value;
  if (!acceptable) {
    return refuse({
      name,
      problem: feedback.warning ?? "Please choose another password.",
      advice: feedback.suggestions,
    });
  }
  const user = await shop.users.add(name, password);
  return user ? goOn(c, shop, user) : refuse({ name, problem: "That user name is taken." });
}

async function signIn(c: Context<ShopEnv>, shop: Shop): Promise<Response> {
  const { name = "", password = "" } = c.get("form");
  const user = await shop.users.checkPassword(name, password);
  if (user) return goOn(c, shop, user);
  return show(c, shop, { ...signInPage({ name, problem: "User name or password is wrong." }), status: 403 });
}

/**
 * The password was right. Who has a second step is asked for it; who has none is let in, or sent to set one up. When
 * Countersign cannot say which, nobody gets in.
 */
export async function goOn(c: Context<ShopEnv>, shop: Shop, user: User): Promise<Response> {
  const session = ensureSession(c, shop);
  const status = await shop.client.status(user.id);
  if (!status.ok) return unavailable(c, shop, user, status.problem);
  if (status.value.enrolled) {
    const asked = await ask(c, shop, session, { user, why: "sign_in", enrolled: status.value.methods });
    return asked.ok ? asked.value : unavailable(c, shop, user, asked.problem);
  }
  if (shop.secondFactor === "require") {
    const standing = { stage: "password_checked", userId: user.id, atMs: Date.now() } as const;
    adopt(c, shop, shop.sessions.rotate(session.id, { standing }));
    return goTo(c, shop, "/set-up");
  }
  const standing = { stage: "signed_in", userId: user.id } as const;
  adopt(c, shop, shop.sessions.rotate(session.id, { standing, isPasswordOnly: true }));
  return goTo(c, shop, "/");
}

function unavailable(c: Context<ShopEnv>, shop: Shop, user: User, problem: Problem): Response | Promise<Response> {
  const { retryAfterSeconds } = problem;
  const page = signInPage({ name: user.name, problem: wordsFor(problem) });
  return show(c, shop, { ...page, status: 503, retryAfterSeconds });
}

/** To Countersign's enrolment page: from the settings, or, where a second step is required, before anything else. */
async function sendToSetUp(c: Context<ShopEnv>, shop: Shop): Promise<Response> {
  const session = c.get("session");
  const user = session && shop.users.find(userIn(session.standing));
  if (!session || !user) return goTo(c, shop, "/sign-in");
  const link = await shop.client.link({
    page: "enrol",
    subject: user.id,
    return_url: returnUrls(shop.url).settings,
    account_name: user.name,
  });
  const here = session.standing.stage === "signed_in" ? "/security" : "/set-up";
  if (!link.ok) return goTo(c, shop, here, wordsFor(link.problem));
  shop.sessions.change(session.id, { isSettingUp: true });
  return c.redirect(link.value, 303);
}
