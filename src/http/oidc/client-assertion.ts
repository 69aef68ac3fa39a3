import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { toBase64url } from "../../domain/encoding.ts";
import type { JwkSet } from "../../domain/relying-party.ts";
import type { Deps } from "../../ports/deps.ts";

/** Asymmetric algorithms only, so that no public key is ever taken for a shared secret (FAPI 2.0 §5.4.1). */
export const ASSERTION_ALGORITHMS = ["ES256", "PS256", "EdDSA", "Ed25519"] as const;
/** FAPI 2.0 §5.3.2.1: clocks may be ahead of ours by up to 10 seconds. */
const AHEAD_SECONDS = 10;
const LONGEST_LIFE_SECONDS = 60 * 60;
const ID_BYTES = 16;

export type Assertion = Readonly<{ clientId: string; jwks: JwkSet; assertion: string; nowMs: number }>;

/**
 * Whether a client assertion (RFC 7523 §3) holds: signed by a key that the client registered, for us alone, within its
 * time, and its `jti` never seen before. Keys named in its header are not looked at.
 */
export async function holdsAssertion(deps: Deps, of: Assertion): Promise<boolean> {
  const claims = await verifiedClaims(deps, of);
  const now = of.nowMs / 1000;
  if (claims?.exp === undefined || claims.jti === undefined || claims.jti.length > 255) return false;
  const isOurs = claims.iss === of.clientId && claims.sub === of.clientId && claims.aud === deps.publicUrl;
  const isEarly = (claims.iat ?? 0) > now + AHEAD_SECONDS;
  if (!isOurs || isEarly || claims.exp > now + LONGEST_LIFE_SECONDS) return false;
  const id = deps.keyring.mac("token", "client_assertion", of.clientId, claims.jti).subarray(0, ID_BYTES);
  return deps.store.usedTokens.use(toBase64url(id), (claims.exp + AHEAD_SECONDS) * 1000);
}

async function verifiedClaims(deps: Deps, { assertion, jwks, nowMs }: Assertion): Promise<JWTPayload | undefined> {
  try {
    if (decodeProtectedHeader(assertion).crit !== undefined) return undefined;
    // The set was checked when it was registered.
    const keys = createLocalJWKSet({ keys: [...jwks.keys] } as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: [...ASSERTION_ALGORITHMS],
      audience: deps.publicUrl,
      currentDate: new Date(nowMs),
      clockTolerance: AHEAD_SECONDS,
      requiredClaims: ["iss", "sub", "exp", "jti"],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}
