import { useEffect, useState } from "preact/hooks";
import type { PasskeyMessage } from "./errors.ts";

/** What this browser can do with passkeys; `platform`: whether the device itself can keep one. */
export type PasskeyAbility =
  | Readonly<{ able: true; platform: boolean }>
  | Readonly<{ able: false; reason: Extract<PasskeyMessage, "passkey.no_browser" | "passkey.insecure"> }>;

/** The browser's ability; undefined on the server and until the browser has told. */
export function usePasskeyAbility(): PasskeyAbility | undefined {
  const [ability, setAbility] = useState<PasskeyAbility>();
  useEffect(() => {
    void findAbility().then(setAbility);
  }, []);
  return ability;
}

/** Asks the browser, by the newest way it has (WebAuthn L3 §5.1.6, §5.1.7). Never rejects. */
export async function findAbility(): Promise<PasskeyAbility> {
  if (!window.isSecureContext) return { able: false, reason: "passkey.insecure" };
  if (typeof window.PublicKeyCredential !== "function") return { able: false, reason: "passkey.no_browser" };
  return { able: true, platform: await hasPlatformAuthenticator() };
}

/** In doubt the answer is yes: the person can always cancel, but cannot press a button that is not there. */
async function hasPlatformAuthenticator(): Promise<boolean> {
  try {
    const capabilities = await PublicKeyCredential.getClientCapabilities?.();
    const told = capabilities?.userVerifyingPlatformAuthenticator;
    return told ?? (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return true;
  }
}
