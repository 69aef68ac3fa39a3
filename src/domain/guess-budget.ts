import type { Method } from "./authenticator.ts";

/**
 * The lane that a wrong answer is charged to: `device` (this subject succeeded from there before), `proven` (the
 * relying party has just checked the first factor) or `open` (neither). An exhausted lane never closes another.
 */
export type Lane = "device" | "proven" | "open";

export const LANES: readonly Lane[] = ["device", "proven", "open"];

/**
 * How long the wrong answers of a lane are remembered after the last one, in milliseconds: beyond it neither day nor month
 * counts them any more, and the row of them ends.
 */
export const BUDGET_KEPT_MS = 180 * 24 * 60 * 60 * 1000;

/** Passkeys cannot be guessed, and are never closed by a budget. */
export type GuessableMethod = Exclude<Method, "webauthn">;

export const GUESSABLE_METHODS: readonly GuessableMethod[] = ["totp", "recovery_code"];
