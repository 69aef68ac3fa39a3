import { denied, granted, type Outcome } from "../domain/denial.ts";
import { isUsableAccount } from "../methods/otpauth-uri.ts";
import type { Deps } from "../ports/deps.ts";
import type { Call } from "./call.ts";
import { type IssuedLink, issueLink, type LinkData, type PersonLink } from "./links.ts";
import { spendProof } from "./proof.ts";
import { noteSight, resolveSubject, takeSight } from "./sights.ts";

export type RequestLinkInput = Readonly<{
  page: "prompt" | "account" | "enrol";
  /** Normalised reference; not needed for the prompt, whose challenge names the subject. */
  reference?: string;
  challenge?: string;
  returnUrl?: string;
  accountName?: string;
  /** Enrolment only: a satisfied challenge, at most five minutes old. */
  proof?: string;
}>;

/**
 * A one-time link for a person whose first factor the relying party has checked: to the prompt for an opened challenge,
 * to their account, or to enrolment (of a first authenticator, or with a proof). `returnUrl` must be one of the
 * registered URIs, exactly.
 */
export async function requestLink(deps: Deps, call: Call, input: RequestLinkInput): Promise<Outcome<IssuedLink>> {
  const { returnUrl, accountName } = input;
  if (!(await isRegistered(deps, call, returnUrl))) {
    return denied("invalid_request", { detail: "return_url is not one of the registered redirect URIs." });
  }
  if (accountName !== undefined && !isUsableAccount(accountName)) {
    return denied("invalid_request", { detail: "account_name cannot be shown in an authenticator app." });
  }
  const link = await linkFor(deps, call, input);
  return link.ok ? granted(await issueLink(deps, call, link.value)) : link;
}

async function linkFor(deps: Deps, call: Call, input: RequestLinkInput): Promise<Outcome<PersonLink>> {
  const data = { returnUrl: input.returnUrl, accountName: input.accountName, keyId: call.key?.id };
  if (input.page === "prompt") {
    const challenge = await deps.store.challenges.find(input.challenge ?? "", call.rpId);
    if (!challenge) return denied("challenge_unknown");
    return granted({ kind: "prompt", lookup: challenge.subjectLookup, data: { ...data, challenge: challenge.id } });
  }
  if (input.reference === undefined) return denied("invalid_request", { detail: "subject is missing." });
  const resolved = resolveSubject(deps, call, input.reference);
  if (!resolved.ok) return resolved;
  const lookup = resolved.value;
  if (input.page === "enrol") return enrolLink(deps, call, { lookup, data, proof: input.proof });
  noteSight(deps, call, lookup);
  return granted({ kind: input.page, lookup, data });
}

/** The relying party's word is enough for the first authenticator; the next one needs a proof with one of them. */
async function enrolLink(
  deps: Deps,
  call: Call,
  { lookup, data, proof }: Readonly<{ lookup: string; data: LinkData; proof: string | undefined }>,
): Promise<Outcome<PersonLink>> {
  const active = await deps.store.authenticators.listActive(lookup);
  const isKnown = active.length > 0;
  const sight = await takeSight(deps, call, { subjectLookup: lookup, isKnown });
  if (!sight.ok) return sight;
  if (!isKnown) return granted({ kind: "enrol", lookup, data });
  const shown = proof === undefined ? undefined : { challenge: proof, purpose: "verify" };
  const spent = await spendProof(deps, call, { lookup, proof: shown });
  if (!spent.ok) return spent;
  const { method, satisfiedAtMs } = spent.value;
  if (method === null || satisfiedAtMs === null) throw new Error("a satisfied challenge without its method");
  return granted({ kind: "enrol", lookup, data: { ...data, proof: { method, atMs: satisfiedAtMs } } });
}

async function isRegistered(deps: Deps, call: Call, returnUrl: string | undefined): Promise<boolean> {
  if (returnUrl === undefined) return true;
  const rp = await deps.store.relyingParties.find(call.rpId);
  return rp?.redirectUris.includes(returnUrl) ?? false;
}
