import { toBase64url } from "../domain/encoding.ts";
import type { Eventual } from "../domain/eventual.ts";
import type { Lane } from "../domain/guess-budget.ts";
import { newId } from "../domain/ids.ts";
import type { Deps } from "../ports/deps.ts";
import { auditOf, type Call } from "./call.ts";

const TOKEN_BYTES = 32;

/** A device token that was valid when it came in, to be rotated once the answer has proved right. */
export type KnownDevice = Readonly<{ id: string; tokenHash: string }>;

export type LaneChoice = Readonly<{ lane: Lane; device?: KnownDevice }>;

/**
 * Which lane a wrong answer would be charged to. A device token is `dev_….secret`; one that was rotated away shows that
 * two parties hold the line, so the whole line is revoked and the relying party is told.
 */
export function chooseLane(
  deps: Deps,
  call: Call,
  input: Readonly<{ lookup: string; firstFactor: boolean; deviceToken?: string }>,
): Eventual<LaneChoice> {
  const { lookup, firstFactor, deviceToken } = input;
  const fallback: LaneChoice = { lane: firstFactor ? "proven" : "open" };
  return deviceToken === undefined ? fallback : laneOfDevice(deps, call, { lookup, deviceToken, fallback });
}

type OfDevice = Readonly<{ lookup: string; deviceToken: string; fallback: LaneChoice }>;

async function laneOfDevice(deps: Deps, call: Call, { lookup, deviceToken, fallback }: OfDevice): Promise<LaneChoice> {
  const [id = "", secret = ""] = deviceToken.split(".", 2);
  const stored = await deps.store.devices.find(id);
  if (stored?.rpId !== call.rpId || stored.subjectLookup !== lookup || stored.revokedAtMs !== null) return fallback;
  const tokenHash = deps.keyring.hash(secret);
  if (deps.keyring.sameText(tokenHash, stored.tokenHash)) return { lane: "device", device: { id, tokenHash } };
  await deps.store.atomically([
    deps.store.devices.revoke(id, call.nowMs),
    deps.store.audit.append(auditOf(call, "device_replayed", { subjectLookup: lookup })),
  ]);
  return fallback;
}

/** The next token of a known device, or the first of a new one; undefined when the line was rotated meanwhile. */
export async function issueDeviceToken(
  deps: Deps,
  call: Call,
  of: Readonly<{ lookup: string; known?: KnownDevice }>,
): Promise<string | undefined> {
  const secret = toBase64url(deps.random.bytes(TOKEN_BYTES));
  const tokenHash = deps.keyring.hash(secret);
  if (of.known) {
    const rotated = await deps.store.devices.rotate(of.known.id, of.known.tokenHash, tokenHash, call.nowMs);
    return rotated ? `${of.known.id}.${secret}` : undefined;
  }
  const id = newId("dev", deps.random.bytes);
  await deps.store.atomically([
    deps.store.devices.insert({ id, rpId: call.rpId, subjectLookup: of.lookup, tokenHash, createdAtMs: call.nowMs }),
  ]);
  return `${id}.${secret}`;
}
