import { providerName } from "../../methods/webauthn/provider-names.ts";
import type { StoredAuthenticator } from "../../ports/store.ts";
import { timeOf } from "../v1/schemas.ts";
import type { AuthenticatorView } from "./models.ts";

/** Authenticators as pages list them: recovery codes are told apart, as a number. An explicit list of members. */
export function viewAuthenticators(stored: readonly StoredAuthenticator[]): readonly AuthenticatorView[] {
  return stored.flatMap((one) => viewAuthenticator(one) ?? []);
}

/** One of them; undefined for a set of recovery codes. */
export function viewAuthenticator(stored: StoredAuthenticator): AuthenticatorView | undefined {
  const { method } = stored;
  if (method === "recovery_code") return undefined;
  return {
    id: stored.id,
    method,
    label: stored.label,
    provider: method === "webauthn" ? providerName(stored.aaguid ?? "") : undefined,
    createdAt: timeOf(stored.activatedAtMs ?? stored.createdAtMs),
    lastUsedAt: stored.lastUsedAtMs === null ? undefined : timeOf(stored.lastUsedAtMs),
    sync: method === "webauthn" ? syncOf(stored) : undefined,
    cloneSuspected: stored.cloneSuspectedAtMs === null ? undefined : true,
  };
}

function syncOf({ backupState, backupEligible }: StoredAuthenticator): "synced" | "syncable" | "device_bound" {
  if (backupState === 1) return "synced";
  return backupEligible === 1 ? "syncable" : "device_bound";
}
