import { isRotationOpen, recordRotation, resealAll } from "../flows/rotate-keys.ts";
import type { Deps } from "../ports/deps.ts";
import { systemActor } from "./actor.ts";

/**
 * What `countersign keys rotate` does, from a timer: seals to the first master key what is still under another, and writes
 * it down once nothing is. Can be stopped anywhere; the next run goes on.
 */
export async function finishRotation(deps: Deps): Promise<void> {
  if (!(await isRotationOpen(deps))) return;
  await resealAll(deps, { pause: async () => undefined });
  await recordRotation(deps, systemActor(deps, "timer"));
}
