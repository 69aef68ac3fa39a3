import { toHex } from "../domain/encoding.ts";

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** Whether 32 bytes are the canonical encoding of a point of edwards25519 (RFC 8032 §5.1.3) of large order. */
export function isSafeEd25519Point(encoded: Uint8Array): boolean {
  if (encoded.length !== 32) return false;
  const y = BigInt(`0x${toHex(encoded.toReversed())}`) & (2n ** 255n - 1n);
  const ySquared = (y * y) % P;
  if (y >= P || isSmallOrder(ySquared)) return false;
  const u = (ySquared - 1n + P) % P;
  const v = (D * ySquared + 1n) % P;
  // x² = u/v has a root exactly when u·v is a square (Euler's criterion).
  return power((u * v) % P, (P - 1n) / 2n) === 1n;
}

/**
 * The eight points whose order divides the cofactor, with which a signature over anything may fit: y² is 1 (orders 1
 * and 2), 0 (order 4), or 2P has y = 0, which on this curve means d·y⁴ + 2·y² = 1 (order 8).
 */
function isSmallOrder(ySquared: bigint): boolean {
  return ySquared <= 1n || (D * ySquared * ySquared + 2n * ySquared) % P === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
