/** Why a password is not acceptable, the gravest first. `breached` and `common_password` can both hold. */
export type PasswordViolation =
  | "not_text"
  | "too_long"
  | "too_short"
  | "common_password"
  | "breached"
  | "context_word"
  | "banned_word"
  | "too_guessable";
