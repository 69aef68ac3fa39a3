import { toHex } from "../domain/encoding.ts";

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** y coordinates of the eight points whose order divides the cofactor: with such a key any signature may fit. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303021863n,
  55188659117513257062467267217118295137698188065244968500265048394206261417926n,
]);

/** Whether 32 bytes are the canonical encoding of a point of edwards25519 (RFC 8032 §5.1.3) of large order. */
export function isSafeEd25519Point(encoded: Uint8Array): boolean {
  if (encoded.length !== 32) return false;
  const y = BigInt(`0x${toHex(encoded.toReversed())}`) & (2n ** 255n - 1n);
  if (y >= P || SMALL_ORDER_Y.has(y)) return false;
  const ySquared = (y * y) % P;
  const u = (ySquared - 1n + P) % P;
  const v = (D * ySquared + 1n) % P;
  // x² = u/v has a root exactly when u·v is a square (Euler's criterion).
  return power((u * v) % P, (P - 1n) / 2n) === 1n;
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
