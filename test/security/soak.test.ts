import { expect, test } from "vitest";
import { type Scale, soak, withBed } from "../bench/benches.ts";

const SECOND_MS = 1000;
/** A short one; `npm run bench -- --only soak` is the long one. */
const SCALE: Scale = {
  rounds: 1,
  roundMs: SECOND_MS,
  connections: 16,
  totpSubjects: 2_000,
  passkeys: 100,
  memoryVerifies: 0,
  loadMs: 4 * SECOND_MS,
  soakMs: 20 * SECOND_MS,
  growthFrom: 0,
  growthTo: 0,
  starts: 0,
  openidFlows: 0,
  probeSamples: 0,
  nodeOptions: [],
};

test("under a population's mix of actions nothing fails and memory stays where it is", async () => {
  const size = { totpSubjects: SCALE.totpSubjects, passkeySubjects: SCALE.passkeys };
  const { load, residentMegabytes, growth } = await withBed(SCALE, size, soak);
  expect(load.failed).toBeLessThanOrEqual(load.all.count / 1000);
  expect(load.all.count).toBeGreaterThan(1000);
  expect(residentMegabytes.length).toBeGreaterThan(40);
  expect(growth).toBeLessThan(1.3);
  expect(Math.max(...residentMegabytes)).toBeLessThan(450);
}, 180_000);
