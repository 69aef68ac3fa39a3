import type { Catalogue } from "../i18n/catalogue.ts";

export type Ceremony = "get" | "create";
export type PasskeyMessage = Extract<keyof Catalogue, `passkey.${string}`>;
export type PasskeyTrouble = Readonly<{ message: PasskeyMessage; tone: "notice" | "problem" | "success" }>;

const CANCELLED: PasskeyTrouble = { message: "passkey.cancelled", tone: "notice" };

const BY_NAME: Readonly<Record<string, PasskeyTrouble>> = {
  NotAllowedError: CANCELLED,
  ConstraintError: { message: "passkey.device_cannot", tone: "problem" },
  NotSupportedError: { message: "passkey.not_supported", tone: "problem" },
  SecurityError: { message: "passkey.setup_fault", tone: "problem" },
  TypeError: { message: "passkey.our_fault", tone: "problem" },
};

/**
 * What to say about a failed ceremony, from the name of the error alone; nothing when we ended it ourselves. Names
 * outside of WebAuthn L3 §5.1.3 and §5.1.4 occur on some platforms and mean no more than "it did not happen".
 */
export function passkeyTrouble(ceremony: Ceremony, error: unknown): PasskeyTrouble | undefined {
  const name = nameOf(error);
  if (name === "AbortError") return undefined;
  if (name === "InvalidStateError" && ceremony === "create")
    return { message: "passkey.already_here", tone: "success" };
  return BY_NAME[name] ?? CANCELLED;
}

/** Ended by us, cancelled, in use already, or more than the device can: nothing that an operator could mend. */
const ORDINARY: readonly string[] = ["AbortError", "NotAllowedError", "InvalidStateError", "ConstraintError"];

/** What the operator is told of a failed ceremony: the error's name; nothing when there is no fault in it. */
export function passkeyFault(error: unknown): string | undefined {
  const name = nameOf(error);
  return ORDINARY.includes(name) ? undefined : name;
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}
