import type { OauthErrorCode } from "../../domain/authorization-request.ts";
import type { Outcome } from "../../domain/denial.ts";
import { approve, refuse } from "../../flows/oidc/conclude-authorization.ts";
import { PROOF_MS } from "../../flows/proof.ts";
import type { PageContext, PageReply } from "./page-route.ts";
import { plain } from "./replies.ts";

/**
 * The way back to the relying party from the prompt: with the challenge to redeem, or with a code where the person came
 * by OpenID Connect. Undefined when there is nowhere to go back to.
 */
export async function backFromPrompt(
  context: PageContext,
  challenge: string,
  error?: OauthErrorCode,
): Promise<PageReply | undefined> {
  const { authorization, returnUrl } = context.session.data;
  if (authorization !== undefined) {
    const sinceMs = context.call.nowMs - PROOF_MS;
    return error === undefined ? backApproved(context, { challenge, sinceMs }) : backRefused(context, error);
  }
  return returnUrl === undefined ? undefined : { location: withChallenge(returnUrl, challenge, error) };
}

/** Back with a code for a challenge that was satisfied since a moment. */
export async function backApproved(
  context: PageContext,
  { challenge, sinceMs }: Readonly<{ challenge: string; sinceMs: number }>,
): Promise<PageReply> {
  const { deps, call, session } = context;
  const request = session.data.authorization?.request ?? "";
  return replyTo(context, await approve(deps, call, { request, challenge, sinceMs }));
}

/** Back with an error. */
export async function backRefused(context: PageContext, error: OauthErrorCode): Promise<PageReply> {
  const { deps, call, session } = context;
  const request = session.data.authorization?.request ?? "";
  return replyTo(context, await refuse(deps, call, { request, error }));
}

/** A request that was concluded before, in another window for instance, has no second answer. */
function replyTo(context: PageContext, concluded: Outcome<string>): PageReply {
  return concluded.ok ? { location: concluded.value } : plain(context, "session_expired", 410);
}

/** Registered URIs have no fragment, so what is appended is part of their query; what they carry stays as it is. */
function withChallenge(returnUrl: string, challenge: string, error?: string): string {
  const query = `challenge=${challenge}${error === undefined ? "" : `&error=${error}`}`;
  return `${returnUrl}${returnUrl.includes("?") ? "&" : "?"}${query}`;
}
