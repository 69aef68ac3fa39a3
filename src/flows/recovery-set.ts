import { denied, granted, type Outcome } from "../domain/denial.ts";
import { authenticatorIdOf, newId } from "../domain/ids.ts";
import { newRecoveryCodes, normaliseRecoveryCode } from "../methods/recovery-code.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredAuthenticator, Write } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { spendProof } from "./proof.ts";
import { recoveryCodeMac } from "./recovery-code-mac.ts";
import { noteSight, resolveSubject } from "./sights.ts";

/** Recovery codes stand in for another authenticator and are never all that a sign-in needs (requirement R-09). */
export function mayHaveRecoveryCodes(active: readonly StoredAuthenticator[]): boolean {
  return active.some(({ method }) => method !== "recovery_code");
}

type SetOwner = Readonly<{ lookup: string; createdBy: string }>;

/**
 * Makes the subject's recovery codes unless there is an active set: then undefined, and `alongside` is not written.
 * The codes are returned this once and kept only as keyed MACs.
 */
export async function claimRecoveryCodes(
  deps: Deps,
  call: Call,
  of: SetOwner & Readonly<{ alongside?: readonly Write[] }>,
): Promise<readonly string[] | undefined> {
  const id = authenticatorIdOf(newId("en", deps.random.bytes));
  const set = { realmId: call.realm.id, subjectLookup: of.lookup, createdBy: of.createdBy, nowMs: call.nowMs };
  if (!(await deps.store.authenticators.claimRecoverySet(id, set))) return undefined;
  const codes = newRecoveryCodes(deps.random.bytes);
  const macs = codes.map((code) => recoveryCodeMac(deps.keyring, of.lookup, normaliseRecoveryCode(code) ?? ""));
  await deps.store.atomically([...deps.store.recoveryCodes.insertSet(id, macs, call.nowMs), ...(of.alongside ?? [])]);
  return codes;
}

/** Replaces the set: from here on no code of the old one works. Undefined when another renewal came first. */
export async function renewRecoveryCodes(deps: Deps, call: Call, of: SetOwner): Promise<readonly string[] | undefined> {
  for (const old of await deps.store.authenticators.listUsable(of.lookup, "recovery_code")) {
    if (!(await deps.store.authenticators.revoke(old.id, of.lookup, call.nowMs))) return undefined;
    await deps.store.atomically([deps.store.recoveryCodes.eraseSet(old.id)]);
  }
  const renewed = deps.store.audit.append(auditOf(call, "recovery_codes_renewed", { subjectLookup: of.lookup }));
  return claimRecoveryCodes(deps, call, { ...of, alongside: [renewed] });
}

/** Replaces the set for a relying party that shows a proof. */
export async function regenerateRecoveryCodes(
  deps: Deps,
  call: Call,
  input: Readonly<{ reference: string; proof: string }>,
): Promise<Outcome<readonly string[]>> {
  const resolved = resolveSubject(deps, call, input.reference);
  if (!resolved.ok) return resolved;
  const lookup = resolved.value;
  noteSight(deps, call, lookup);
  const spent = await spendProof(deps, call, { lookup, proof: { challenge: input.proof, purpose: "verify" } });
  if (!spent.ok) return spent;
  const codes = await renewRecoveryCodes(deps, call, { lookup, createdBy: call.rpId });
  return codes ? granted(codes) : denied("challenge_closed");
}
