import type { z } from "@hono/zod-openapi";
import { afterwards, type Eventual } from "../../domain/eventual.ts";
import type { Call } from "../../flows/call.ts";
import { signReceipt } from "../../flows/receipt.ts";
import type { Verdict } from "../../flows/verify.ts";
import { providerName } from "../../methods/webauthn/provider-names.ts";
import type { Deps } from "../../ports/deps.ts";
import type { StoredAuthenticator } from "../../ports/store.ts";
import { type authenticator, timeOf, type verdict } from "./schemas.ts";

/** An authenticator as a relying party sees it: an explicit list of members, never the row. */
export async function presentAuthenticator(
  deps: Deps,
  stored: StoredAuthenticator,
): Promise<z.infer<typeof authenticator>> {
  const isPasskey = stored.method === "webauthn";
  return {
    id: stored.id,
    method: stored.method,
    label: stored.label,
    created_at: timeOf(stored.activatedAtMs ?? stored.createdAtMs),
    last_used_at: stored.lastUsedAtMs === null ? undefined : timeOf(stored.lastUsedAtMs),
    provider: isPasskey ? providerName(stored.aaguid ?? "") : undefined,
    synced: isPasskey ? stored.backupState === 1 : undefined,
    clone_suspected: stored.cloneSuspectedAtMs === null ? undefined : true,
    recovery_codes_left:
      stored.method === "recovery_code" ? await deps.store.recoveryCodes.countLeft(stored.id) : undefined,
  };
}

/** A verdict, with a receipt when one was asked for. */
export function presentVerdict(
  deps: Deps,
  call: Call,
  value: Verdict,
  wantsReceipt: boolean,
): Eventual<z.infer<typeof verdict>> {
  const { assurance } = value;
  return afterwards(wantsReceipt ? signReceipt(deps, call, value) : undefined, (receipt) => ({
    verified: true,
    challenge: value.challenge,
    subject_id: value.subjectId,
    method: value.method,
    authenticator: value.authenticatorId,
    acr: assurance.acr,
    amr: [...assurance.amr],
    phishing_resistant: assurance.phishingResistant,
    user_verified: assurance.userVerified,
    auth_time: timeOf(value.authTimeMs),
    receipt,
    device: value.deviceToken,
    recovery_codes_left: value.recoveryCodesLeft,
  }));
}
