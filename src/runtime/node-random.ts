import { randomFillSync } from "node:crypto";
import type { Random } from "../ports/random.ts";

const POOL_BYTES = 8192;

/** The system's generator, asked for a few kilobytes at a time; bytes handed out are wiped from the pool. */
export function createNodeRandom(): Random {
  const pool = new Uint8Array(POOL_BYTES);
  let offset = POOL_BYTES;
  return {
    bytes(length) {
      if (length > POOL_BYTES) return randomFillSync(new Uint8Array(length));
      if (offset + length > POOL_BYTES) {
        randomFillSync(pool);
        offset = 0;
      }
      const taken = pool.slice(offset, offset + length);
      pool.fill(0, offset, offset + length);
      offset += length;
      return taken;
    },
  };
}
