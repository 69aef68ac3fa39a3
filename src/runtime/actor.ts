import { newId } from "../domain/ids.ts";
import type { Actor } from "../flows/relying-parties.ts";
import type { Deps } from "../ports/deps.ts";

/** Who acts when it is no administrator: the command line, or the service itself. Shows in the audit log. */
export function systemActor(deps: Pick<Deps, "clock" | "random">, actor: string): Actor {
  return { actor, requestId: newId("req", deps.random.bytes), nowMs: deps.clock.now() };
}
