import { expect, test } from "vitest";
import { purgeBudgets } from "../../src/flows/purge-budgets.ts";
import { lookupOf } from "../../src/flows/subject.ts";
import { purgeExpired } from "../../src/runtime/housekeeping.ts";
import { enrolTotp } from "../support/enrol.ts";
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
  expect(await deps.store.idempotency.claim(id, "hash", { nowMs: clock.now(), staleMs: 0, abandonedMs: 0 })).toBe(true);
  await purgeExpired(deps);
  expect(await deps.store.grants.find("over")).toBeDefined();
  expect(await deps.store.idempotency.find(id)).toBeDefined();
  clock.advance(DAY_MS);
  await purgeExpired(deps);
  expect(await deps.store.grants.find("over")).toBeUndefined();
  expect(await deps.store.idempotency.find(id)).toBeUndefined();
  expect(await deps.store.grants.find("open")).toBeDefined();
});

test("half a year after its last wrong answer a budget is forgotten, of somebody known and of nobody alike", async () => {
  const { service, rp } = fixture;
  const { deps, clock } = service;
  await enrolTotp(service, rp, "alice");
  const wrong = async (subject: string) => (await rp.post("/v1/verify", { subject, totp: "00000" })).status;
  const inRow = async () => {
    const lookups = ["alice", "nobody"].map((subject) => lookupOf(deps.keyring, "default", subject));
    const budgets = await Promise.all(lookups.map((lookup) => deps.store.guessBudgets.listOf(lookup)));
    return budgets.map(([budget]) => budget?.wrongInRow ?? 0);
  };
  for (const subject of ["alice", "nobody"]) for (let guess = 0; guess < 4; guess++) await wrong(subject);
  clock.advance(180 * DAY_MS);
  await purgeBudgets(deps);
  expect(await inRow()).toEqual([4, 4]);
  clock.advance(1);
  await purgeBudgets(deps);
  expect(await inRow()).toEqual([0, 0]);
  for (const subject of ["alice", "nobody"]) {
    expect([await wrong(subject), await wrong(subject)]).toEqual([403, 403]);
  }
});

function grant(id: string, expiresAtMs: number) {
  return {
    ...({ id, kind: "enrol", realmId: "default", rpId: null, subjectLookup: null } as const),
    ...{ data: "", createdAtMs: 0, expiresAtMs },
  };
}
