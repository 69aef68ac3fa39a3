/** What an API key may do. */
export const SCOPES = [
  "enrolments:write",
  "challenges:write",
  "verify",
  "authenticators:read",
  "authenticators:write",
  "subjects:read",
  "subjects:delete",
  "passwords:assess",
  "links:write",
  "events:read",
] as const;

export type Scope = (typeof SCOPES)[number];

/** A registered application. */
export type RelyingParty = Readonly<{
  id: string;
  realmId: string;
  name: string;
  redirectUris: readonly string[];
}>;

/** Public keys (RFC 7517 §5), as registered. */
export type JwkSet = Readonly<{ keys: readonly Readonly<Record<string, unknown>>[] }>;

/** Who is calling the API: resolved from the key, once a request. */
export type Caller = Readonly<{
  keyId: string;
  rpId: string;
  realmId: string;
  scopes: readonly string[];
  /** Since when the scan alarm has stopped the key. */
  scanStoppedAtMs: number | null;
}>;
