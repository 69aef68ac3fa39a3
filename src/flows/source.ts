import { denied, granted, type Outcome } from "../domain/denial.ts";
import { type Bytes, toBase64url } from "../domain/encoding.ts";
import { sourcePrefix } from "../domain/source.ts";
import type { Deps } from "../ports/deps.ts";
import type { Call } from "./call.ts";

const SOURCE_ID_BYTES = 16;

/**
 * Counts one request of a source against its rate. An address that is none is `invalid_request`; no address at all
 * passes, since then the relying party limits its own sources.
 */
export async function takeSource(deps: Deps, call: Call, address: string | undefined): Promise<Outcome<undefined>> {
  if (address === undefined) return granted(undefined);
  const prefix = sourcePrefix(address);
  if (prefix === undefined) return denied("invalid_request", { detail: "source_ip is not an IP address." });
  const id: Bytes = deps.keyring.mac("source", call.realm.id, prefix).subarray(0, SOURCE_ID_BYTES);
  const { source } = call.realm.policy;
  if (await deps.store.sources.take(toBase64url(id), source, call.nowMs)) return granted(undefined);
  return denied("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil(60 / source.perMinute)) });
}
