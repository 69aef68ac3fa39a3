import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { SealContext } from "../ports/keyring.ts";
import type { SealedColumns } from "../ports/store.ts";
import type { Actor } from "./relying-parties.ts";
import { accountNameContext } from "./start-enrolment.ts";
import { secretContext } from "./unseal-authenticator.ts";

const PAGE = 50;
/** Rows made while a pass runs may still carry the old key, so passes follow until one finds nothing. */
const MAX_PASSES = 10;
/** Sessions, links and stored answers are sealed too; none of them lives longer. */
const SHORT_LIVED_MS = 24 * 60 * 60 * 1000;

type Sealed = Pick<Deps, "store" | "keyring">;

export type ResealOptions = Readonly<{
  /** Awaited between batches, so that a running server gets its turn to write. */
  pause: () => Promise<void>;
}>;

/**
 * Seals every long-lived value anew under the primary key, and answers how many rows it changed. Can be stopped at any
 * point and run again: each row changes in one guarded statement, and what was done stays done. Throws when rows under
 * other keys keep appearing, which means that something still seals with them.
 */
export async function resealAll(deps: Sealed, options: ResealOptions): Promise<number> {
  let resealed = 0;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const found = await passOver(deps, options);
    resealed += found.resealed;
    if (found.old === 0) return resealed;
  }
  throw new Error("values under an old master key keep appearing");
}

/** How many long-lived rows are sealed, by the id of the key that sealed them. */
export async function countByKey(deps: Sealed): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const count = (envelopes: readonly (string | null)[]) => {
    for (const id of new Set(envelopes.filter((one) => one !== null).map(deps.keyring.keyIdOf))) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  };
  for (const { sealed } of await systemKeys(deps)) count([sealed]);
  for await (const { secret, accountName } of sealedAuthenticators(deps)) count([secret, accountName]);
  return counts;
}

/** Whether a rotation to the present primary key was begun and not finished. */
export async function isRotationOpen(deps: Sealed): Promise<boolean> {
  const primary = deps.keyring.primaryKeyId();
  const [latest] = await deps.store.audit.list({ kind: "master_key_rotated", limit: 1 });
  const isOldInUse = [...(await countByKey(deps)).keys()].some((id) => id !== primary);
  return isOldInUse || latest?.reason !== primary;
}

/** Writes down that the present primary key has replaced the others. */
export async function recordRotation(deps: Sealed, by: Actor): Promise<void> {
  const event = {
    atMs: by.nowMs,
    kind: "master_key_rotated",
    realmId: ADMIN_REALM_ID,
    requestId: by.requestId,
    reason: deps.keyring.primaryKeyId(),
    actor: by.actor,
  } as const;
  await deps.store.atomically([deps.store.audit.append(event)]);
  await deps.store.committed();
}

export type Retirement = "retirable" | "in_use" | "too_recent";

/**
 * Whether nothing needs the key any more: no long-lived row is sealed under it, and the rotation away from it is a day
 * past, so that no session, link or stored answer can be either.
 */
export async function retirementOf(deps: Sealed, keyId: string, nowMs: number): Promise<Retirement> {
  if ((await countByKey(deps)).has(keyId)) return "in_use";
  const [latest] = await deps.store.audit.list({ kind: "master_key_rotated", limit: 1 });
  const isPast = latest !== undefined && nowMs - latest.atMs >= SHORT_LIVED_MS;
  return isPast ? "retirable" : "too_recent";
}

type Found = Readonly<{ old: number; resealed: number }>;

async function passOver(deps: Sealed, { pause }: ResealOptions): Promise<Found> {
  let { old, resealed } = await resealSystemKeys(deps);
  let batched = 0;
  for await (const row of sealedAuthenticators(deps)) {
    if (isCurrent(deps, row.secret) && isCurrent(deps, row.accountName)) continue;
    old += 1;
    if (await resealAuthenticator(deps, row)) resealed += 1;
    batched += 1;
    if (batched % PAGE !== 0) continue;
    await deps.store.committed();
    await pause();
  }
  await deps.store.committed();
  return { old, resealed };
}

async function resealSystemKeys(deps: Sealed): Promise<Found> {
  const old = (await systemKeys(deps)).filter(({ sealed }) => !isCurrent(deps, sealed));
  let resealed = 0;
  for (const { id, sealed } of old) {
    const context: SealContext = { table: "system_keys", column: "sealed", row: id };
    if (await deps.store.systemKeys.reseal(id, sealed, sealAnew(deps, context, sealed))) resealed += 1;
  }
  return { old: old.length, resealed };
}

async function resealAuthenticator(deps: Sealed, row: SealedColumns & Readonly<{ id: string }>): Promise<boolean> {
  const { id, secret, accountName } = row;
  const to = {
    secret: secret === null ? null : sealAnew(deps, secretContext(id), secret),
    accountName: accountName === null ? null : sealAnew(deps, accountNameContext(id), accountName),
  };
  return deps.store.authenticators.reseal(id, { secret, accountName }, to);
}

async function systemKeys({ store }: Sealed) {
  return [...(await store.systemKeys.list("mac_root")), ...(await store.systemKeys.list("signing"))];
}

async function* sealedAuthenticators({ store }: Sealed) {
  for (let after = ""; ; ) {
    const page = await store.authenticators.listSealed(after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}

function isCurrent({ keyring }: Sealed, envelope: string | null): boolean {
  return envelope === null || keyring.keyIdOf(envelope) === keyring.primaryKeyId();
}

function sealAnew({ keyring }: Sealed, context: SealContext, envelope: string): string {
  return keyring.seal(context, keyring.open(context, envelope));
}
