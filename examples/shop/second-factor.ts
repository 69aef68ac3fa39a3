import type { Context, Hono } from "hono";
import type { CodeAnswer, Method, Problem, Result, Verdict } from "./countersign-client.ts";
import { addressOf, adopt, goTo, isSameSecret, show } from "./http.ts";
import type { Question, SensitiveAction, Session } from "./sessions.ts";
import { type Form, returnUrls, type Shop, type ShopEnv } from "./shop-env.ts";
import type { User } from "./users.ts";
import { secondFactorPage } from "./views/second-factor.ts";
import { isOver, statusFor, type Tried, wordsFor } from "./words.ts";

/** Where each confirmed action goes on. */
export const ACTION_PATHS = {
  change_address: "/security/address",
  delete_account: "/security/delete",
} as const satisfies Record<SensitiveAction, string>;

/** The second step: a code typed here, or a trip to Countersign's own page. */
export function mountSecondFactor(app: Hono<ShopEnv>, shop: Shop): void {
  app.get(
    "/second-factor",
    forAsked((c, { question }) => show(c, shop, secondFactorPage({ question }))),
  );
  app.post(
    "/second-factor",
    forAsked(async (c, asked) => {
      const answer = answerIn(c.get("form"));
      const verdict = await shop.client.verify(asked.question.challenge, answer, addressOf(c));
      return settle(c, shop, { ...asked, tried: "totp" in answer ? "totp" : "recovery_code" }, verdict);
    }),
  );
  app.post(
    "/second-factor/continue",
    forAsked(async (c, { question }) => {
      const { challenge } = question;
      const link = await shop.client.link({ page: "prompt", challenge, return_url: returnUrls(shop.url).question });
      return link.ok ? c.redirect(link.value, 303) : trouble(c, shop, { question }, link.problem);
    }),
  );
  app.get(
    "/second-factor/return",
    forAsked((c, asked) => comeBack(c, shop, asked)),
  );
  app.post("/second-factor/cancel", (c) => cancel(c, shop));
}

type Asking = Readonly<{ user: User; why: Question["why"]; enrolled: readonly Method[] }>;

/** Puts a challenge to somebody who is known to have a second step. */
export async function ask(
  c: Context<ShopEnv>,
  shop: Shop,
  session: Session,
  asking: Asking,
): Promise<Result<Response>> {
  const opened = await openQuestion(c, shop, asking);
  if (!opened.ok) return opened;
  const question = opened.value;
  const standing = { stage: "password_checked", userId: question.userId, atMs: Date.now() } as const;
  // At sign-in this is the moment the session comes to mean somebody: it gets a new id.
  if (asking.why === "sign_in") adopt(c, shop, shop.sessions.rotate(session.id, { standing, question }));
  else shop.sessions.change(session.id, { question });
  return { ok: true, value: goTo(c, shop, "/second-factor") };
}

/** Signing in takes any way that the person has; a sensitive action takes the strongest kind. */
async function openQuestion(c: Context<ShopEnv>, shop: Shop, asking: Asking): Promise<Result<Question>> {
  const { user, why, enrolled } = asking;
  const acr = why === "sign_in" ? undefined : strongest(enrolled);
  const opened = await shop.client.openChallenge({ subject: user.id, acr, sourceIp: addressOf(c) });
  if (!opened.ok) return opened;
  const { challenge, subject_id: subjectId, methods } = opened.value;
  shop.users.change(user.id, { subjectId });
  return { ok: true, value: { userId: user.id, why, challenge, subjectId, methods } };
}

/** Countersign's names for how strong a proof is: phishing-resistant, one-time code. */
function strongest(enrolled: readonly Method[]): string | undefined {
  if (enrolled.includes("webauthn")) return "phr";
  return enrolled.includes("totp") ? "urn:countersign:acr:otp" : undefined;
}

type Asked = Readonly<{ session: Session; question: Question; tried?: Tried }>;
type AskedHandler = (c: Context<ShopEnv>, asked: Asked) => Response | Promise<Response>;

/** Handlers for sessions with a question; without one there is nothing to confirm. */
function forAsked(handle: AskedHandler): (c: Context<ShopEnv>) => Response | Promise<Response> {
  return (c) => {
    const session = c.get("session");
    if (!session?.question) return c.redirect(session?.standing.stage === "signed_in" ? "/" : "/sign-in", 303);
    return handle(c, { session, question: session.question });
  };
}

function answerIn(form: Form): CodeAnswer {
  return form.recovery_code === undefined ? { totp: form.totp ?? "" } : { recovery_code: form.recovery_code };
}

/**
 * Back from Countersign. The address proves nothing: it only says which challenge to ask about, and only this session's
 * own is asked about. Somebody who talks another person into answering cannot finish in their own browser.
 */
async function comeBack(c: Context<ShopEnv>, shop: Shop, asked: Asked): Promise<Response> {
  const { challenge, error } = c.req.query();
  if (error !== undefined) return askAgain(c, shop, asked, "You came back without confirming. Choose a way to go on.");
  if (!isSameSecret(challenge ?? "", asked.question.challenge)) {
    return askAgain(c, shop, asked, "That answer was to another question. Please confirm once more.");
  }
  return settle(c, shop, asked, await shop.client.redeem(asked.question.challenge));
}

/** Only a verdict on this very question, about this very person, lets anybody go on; and it does so once. */
async function settle(c: Context<ShopEnv>, shop: Shop, asked: Asked, verdict: Result<Verdict>): Promise<Response> {
  const { session, question } = asked;
  if (!verdict.ok) {
    if (isOver(verdict.problem)) return askAgain(c, shop, asked, "That question was over. Here is a new one.");
    return trouble(c, shop, asked, verdict.problem);
  }
  const isTheirs = verdict.value.subject_id === question.subjectId;
  if (!isTheirs || !shop.sessions.takeQuestion(session.id, question.challenge)) return goTo(c, shop, "/sign-in");
  const { recovery_codes_left: left } = verdict.value;
  const notice = left === undefined ? undefined : `You used a recovery code. ${left} left.`;
  if (question.why === "sign_in") {
    const standing = { stage: "signed_in", userId: question.userId } as const;
    adopt(c, shop, shop.sessions.rotate(session.id, { standing, notice, isPasswordOnly: undefined }));
    return goTo(c, shop, "/");
  }
  const confirmation = { action: question.why, atMs: Date.now(), challenge: question.challenge };
  adopt(c, shop, shop.sessions.rotate(session.id, { confirmation, notice }));
  return goTo(c, shop, ACTION_PATHS[question.why]);
}

/** A challenge is answered or declined once; going on takes a new one, which costs no new password for a while. */
async function askAgain(c: Context<ShopEnv>, shop: Shop, asked: Asked, notice: string): Promise<Response> {
  const { session, question } = asked;
  const user = shop.users.find(question.userId);
  if (!user) return goTo(c, shop, "/sign-in");
  const status = await shop.client.status(user.id);
  if (!status.ok) return trouble(c, shop, asked, status.problem);
  const opened = await openQuestion(c, shop, { user, why: question.why, enrolled: status.value.methods });
  if (!opened.ok) return trouble(c, shop, asked, opened.problem);
  shop.sessions.change(session.id, { question: opened.value });
  return goTo(c, shop, "/second-factor", notice);
}

function trouble(
  c: Context<ShopEnv>,
  shop: Shop,
  { question, tried }: Pick<Asked, "question" | "tried">,
  problem: Problem,
): Response | Promise<Response> {
  const page = secondFactorPage({ question, tried, problem: wordsFor(problem, tried) });
  return show(c, shop, { ...page, status: statusFor(problem), retryAfterSeconds: problem.retryAfterSeconds });
}

function cancel(c: Context<ShopEnv>, shop: Shop): Response {
  const session = c.get("session");
  if (session?.standing.stage === "signed_in") {
    shop.sessions.change(session.id, { question: undefined });
    return goTo(c, shop, "/security");
  }
  if (session) adopt(c, shop, shop.sessions.rotate(session.id, { standing: { stage: "nobody" }, question: undefined }));
  return goTo(c, shop, "/");
}
