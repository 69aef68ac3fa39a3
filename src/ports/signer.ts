/** Claims of a token (RFC 7519 §4). */
export type Claims = Readonly<Record<string, unknown>>;

/** Signs what relying parties check without asking us: ES256 under a key whose public half is in the JWKS. */
export type Signer = Readonly<{
  /** A compact JWS (RFC 7515) with `kid` and the given `typ` in its header. */
  sign: (typ: string, claims: Claims) => Promise<string>;
  /** The claims of a token of ours with this `typ`, unless it is forged, expired, or of a key that is gone. */
  verify: (typ: string, token: string) => Promise<Claims | undefined>;
  /** The public keys as a JWK set (RFC 7517): the one that signs now, the next one, and those that may still be met. */
  jwks: () => Promise<Readonly<{ keys: readonly Readonly<Record<string, unknown>>[] }>>;
  /** Publishes a new key, which signs once everybody can know it; answers its id. */
  rotate: () => Promise<string>;
  /** Makes a new key that signs at once, and forgets all others with what they signed; answers its id. */
  replace: () => Promise<string>;
}>;
