import type { Bytes } from "../domain/encoding.ts";

/** Where a sealed value lives. A value sealed for one place opens in no other. `table` and `column` as in SQL. */
export type SealContext = Readonly<{ table: string; column: string; row: string }>;

/** One master key: 32 random bytes, and the name under which envelopes refer to it (1 to 32 of `A-Z a-z 0-9 _ -`). */
export type MasterKey = Readonly<{ id: string; bytes: Uint8Array }>;

/** The primary key seals; all of them open. */
export type MasterKeys = Readonly<{ primary: MasterKey; others: readonly MasterKey[] }>;

/** What a keyed hash is for. Each purpose has a key of its own: equal input gives unrelated output across purposes. */
export type MacPurpose =
  | "subject_lookup"
  | "subject_id"
  | "recovery_code"
  | "token"
  | "device"
  | "idempotency"
  | "source"
  | "decoy"
  | "csrf"
  | "audit";

/** Authenticated encryption under the master keys, which can be replaced while the program runs. */
export type Sealer = Readonly<{
  /** An envelope `v1.<key id>.<base64url>` that opens only with the same context. */
  seal(context: SealContext, plaintext: Uint8Array): string;
  /** The plaintext; throws KeyringError when the key is unknown, the context differs or any character was changed. */
  open(context: SealContext, envelope: string): Bytes;
  /** The id of the key that sealed the envelope; throws KeyringError when it is not an envelope. */
  keyIdOf(envelope: string): string;
  /** The id of the key that seals now. An envelope with another one wants sealing anew. */
  primaryKeyId(): string;
  /** Swaps the whole set at once. Throws KeyringError, and changes nothing, when an id would come to mean another key. */
  replaceKeys(keys: MasterKeys): void;
}>;

/** Everything the service does with keys of its own. Keyed hashes outlive every rotation of the master keys. */
export type Keyring = Sealer &
  Readonly<{
    /**
     * HMAC-SHA-256 (32 bytes) over the parts, each with its length, so that ("ab", "c") differs from ("a", "bc"). Text
     * counts as its UTF-8 bytes; text with a lone surrogate has none, and throws TypeError.
     */
    mac(purpose: MacPurpose, ...parts: readonly (string | Uint8Array)[]): Bytes;
    /** SHA-256 in base64url: only for random tokens of at least 128 bits, never for what a person chose. */
    hash(text: string): string;
    /** Whether two texts are equal, in a time that does not tell where they differ. */
    sameText(a: string, b: string): boolean;
  }>;

/** Why a value could not be sealed or opened. */
export type KeyringFault = "not_an_envelope" | "unknown_key" | "not_authentic" | "unusable_key" | "key_changed";

/** A fault of keys or envelopes. The message holds neither key material nor the value. */
export class KeyringError extends Error {
  readonly fault: KeyringFault;

  constructor(fault: KeyringFault, message: string) {
    super(message);
    this.name = "KeyringError";
    this.fault = fault;
  }
}
