import { expect, test } from "vitest";
import { purgeExpired } from "../../src/runtime/housekeeping.ts";
import { useService } from "../support/use-service.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const fixture = useService();

test("what has long expired is erased, and what may still count is not", async () => {
  const { service } = fixture;
  const { deps, clock } = service;
  await deps.store.atomically(
    [grant("over", clock.now()), grant("open", clock.now() + 2 * DAY_MS)].map(deps.store.grants.insert),
  );
  const id = "idempotency";
  expect(await deps.store.idempotency.claim(id, "hash", clock.now(), 0)).toBe(true);
  await purgeExpired(deps);
  expect(await deps.store.grants.find("over")).toBeDefined();
  expect(await deps.store.idempotency.find(id)).toBeDefined();
  clock.advance(DAY_MS);
  await purgeExpired(deps);
  expect(await deps.store.grants.find("over")).toBeUndefined();
  expect(await deps.store.idempotency.find(id)).toBeUndefined();
  expect(await deps.store.grants.find("open")).toBeDefined();
});

function grant(id: string, expiresAtMs: number) {
  return {
    ...({ id, kind: "enrol", realmId: "default", rpId: null, subjectLookup: null } as const),
    ...{ data: "", createdAtMs: 0, expiresAtMs },
  };
}
