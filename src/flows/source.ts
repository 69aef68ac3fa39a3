import { denied, granted, type Outcome } from "../domain/denial.ts";
import { type Bytes, toBase64url } from "../domain/encoding.ts";
import type { Eventual } from "../domain/eventual.ts";
import type { SourcePolicy } from "../domain/realm.ts";
import { sourcePrefix } from "../domain/source.ts";
import type { Deps } from "../ports/deps.ts";
import type { Call } from "./call.ts";

const SOURCE_ID_BYTES = 16;

/**
 * Counts one request of a source against its rate. An address that is none is `invalid_request`; no address at all
 * passes, since then the relying party limits its own sources.
 */
export function takeSource(deps: Deps, call: Call, address: string | undefined): Eventual<Outcome<undefined>> {
  if (address === undefined) return granted(undefined);
  const prefix = sourcePrefix(address);
  if (prefix === undefined) return denied("invalid_request", { detail: "source_ip is not an IP address." });
  return take(deps, call, call.realm.policy.source, [call.realm.id, prefix]);
}

/**
 * Counts a link that is followed or a form that is posted on a hosted page, apart from the answers and twice as many:
 * a sign-in there is a link and a form. An address that is none passes.
 */
export async function takePageSource(
  deps: Deps,
  call: Pick<Call, "realm" | "nowMs">,
  address: string | undefined,
): Promise<Outcome<undefined>> {
  const prefix = address === undefined ? undefined : sourcePrefix(address);
  if (prefix === undefined) return granted(undefined);
  const { burst, perMinute } = call.realm.policy.source;
  return take(deps, call, { burst: 2 * burst, perMinute: 2 * perMinute }, ["", "page", prefix]);
}

async function take(
  deps: Deps,
  { nowMs }: Pick<Call, "nowMs">,
  policy: SourcePolicy,
  source: readonly string[],
): Promise<Outcome<undefined>> {
  const id: Bytes = deps.keyring.mac("source", ...source).subarray(0, SOURCE_ID_BYTES);
  if (await deps.store.sources.take(toBase64url(id), policy, nowMs)) return granted(undefined);
  return denied("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil(60 / policy.perMinute)) });
}
