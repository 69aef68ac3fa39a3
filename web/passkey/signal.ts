import type { AccountOverview } from "../../src/http/pages/models.ts";

type Signal = NonNullable<AccountOverview["signal"]>;

/**
 * Tells the password managers of this browser which passkeys still count, and the name that goes with them (WebAuthn L3
 * §5.1.10). The list must be complete: a missing one may be hidden or deleted. Never rejects, and nobody waits for it.
 */
export async function signalPasskeys({ rpId, userHandle, credentialIds, accountName }: Signal): Promise<void> {
  if (typeof window.PublicKeyCredential !== "function") return;
  const known = PublicKeyCredential.signalAllAcceptedCredentials?.({
    rpId,
    userId: userHandle,
    allAcceptedCredentialIds: [...credentialIds],
  });
  const named =
    accountName === undefined
      ? undefined
      : PublicKeyCredential.signalCurrentUserDetails?.({
          rpId,
          userId: userHandle,
          name: accountName,
          displayName: accountName,
        });
  await Promise.allSettled([known, named]);
}
