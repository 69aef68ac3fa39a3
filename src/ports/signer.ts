/** Signs what relying parties check without asking us: ES256 under a key whose public half is in the JWKS. */
export type Signer = Readonly<{
  /** A compact JWS (RFC 7515) with `kid` and the given `typ` in its header. */
  sign: (typ: string, claims: Readonly<Record<string, unknown>>) => Promise<string>;
  /** The public keys as a JWK set (RFC 7517): the one that signs now, and those before it that may still be met. */
  jwks: () => Promise<Readonly<{ keys: readonly Readonly<Record<string, unknown>>[] }>>;
}>;
