import { useEffect, useState } from "preact/hooks";
import { findAbility } from "./ability.ts";

const USED_ELSEWHERE = "countersign.used-passkey-of-another-device";
const NOT_NOW = "countersign.no-passkey-on-this-device";

/** Remembers, for this tab, that the passkey just used lives on another device. Nothing secret is stored. */
export function noteAttachment(response: unknown): void {
  if (typeof response !== "object" || response === null || !("authenticatorAttachment" in response)) return;
  if (response.authenticatorAttachment === "cross-platform") remember(sessionStorage, USED_ELSEWHERE);
  else sessionStorage.removeItem(USED_ELSEWHERE);
}

/**
 * Whether to offer a passkey on this device: once another device's was used, if this one can keep any, until the person
 * says "not now" (the second value), which this browser keeps.
 */
export function useLocalPasskeyNudge(): readonly [boolean, () => void] {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (!has(sessionStorage, USED_ELSEWHERE) || has(localStorage, NOT_NOW)) return;
    void findAbility().then((ability) => setWanted(ability.able && ability.platform));
  }, []);
  const decline = (): void => {
    remember(localStorage, NOT_NOW);
    setWanted(false);
  };
  return [wanted, decline];
}

function has(storage: Storage, key: string): boolean {
  return storage.getItem(key) !== null;
}

function remember(storage: Storage, key: string): void {
  storage.setItem(key, "yes");
}
