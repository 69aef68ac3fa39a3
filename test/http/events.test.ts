import { expect, test } from "vitest";
import { enrolTotp, prove, textIn } from "../support/enrol.ts";
import type { Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function list(terms: Json = {}, rp = use.rp): Promise<Readonly<{ events: readonly Json[]; next: string }>> {
  const answer = await rp.post("/v1/events/list", terms);
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text);
}

test("an event says what happened to whom, by the id that this relying party knows", async () => {
  expect(await list()).toEqual({ events: [], next: "0" });
  const started = await use.rp.post("/v1/challenges", { subject: "alice" });
  await enrolTotp(use.service, use.rp, "alice");
  const { events } = await list();
  expect(events).toEqual([
    {
      id: expect.stringMatching(/^\d+$/),
      kind: "authenticator_added",
      at: "2026-11-23T08:00:00.000Z",
      subject_id: textIn(started, "subject_id"),
      method: "totp",
      by_administrator: false,
    },
  ]);
});

test("pages follow each other by the cursor, without gap or repeat", async () => {
  for (const subject of ["a", "b", "c", "d", "e"]) await enrolTotp(use.service, use.rp, subject);
  const seen: unknown[] = [];
  let after = "0";
  for (let page = 0; page < 4; page++) {
    const { events, next } = await list({ after, limit: 2 });
    seen.push(...events.map(({ id }) => id));
    after = next;
  }
  const all = (await list()).events.map(({ id }) => id);
  expect(seen).toEqual(all);
  expect(all).toHaveLength(5);
  expect(await list({ after })).toEqual({ events: [], next: after });
});

test("relying parties of a realm see the same events under unlinkable ids", async () => {
  const sibling = await use.service.addRelyingParty();
  await enrolTotp(use.service, use.rp, "alice");
  const [ours, theirs] = [await list(), await list({}, sibling)];
  expect(theirs.events.map(({ id }) => id)).toEqual(ours.events.map(({ id }) => id));
  expect(theirs.events[0]?.subject_id).not.toBe(ours.events[0]?.subject_id);
});

test("another realm's events are absent", async () => {
  const { store } = use.service.deps;
  const realm = { id: "other", name: "Other", rpId: "localhost", origins: [use.service.config.publicUrl] };
  await store.atomically([store.realms.put(realm, use.service.clock.now())]);
  const foreign = await use.service.addRelyingParty({ realmId: "other" });
  await enrolTotp(use.service, use.rp, "alice");
  expect(await list({}, foreign)).toEqual({ events: [], next: "0" });
});

test("what people should be told of is told: added, used, renewed, removed, deleted", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  await use.rp.post("/v1/verify", { subject: "alice", recovery_code: totp.recoveryCodes[0] });
  const renewing = await prove(use.rp, "alice", { totp: totp.code() });
  await use.rp.post("/v1/recovery-codes/regenerate", { subject: "alice", proof: renewing });
  const revoking = await prove(use.rp, "alice", { totp: totp.next() });
  await use.rp.post("/v1/authenticators/revoke", { subject: "alice", authenticator: totp.id, proof: revoking });
  await use.rp.post("/v1/subjects/delete", { subject: "alice", reason: "test" });
  expect((await list()).events.map(({ kind }) => kind)).toEqual([
    "authenticator_added",
    "recovery_code_used",
    "recovery_codes_renewed",
    "authenticator_revoked",
    "authenticator_revoked",
    "subject_deleted",
  ]);
});

test("a cursor or page size out of bounds is refused", async () => {
  for (const terms of [{ after: "x" }, { after: "-1" }, { after: 1 }, { limit: 0 }, { limit: 501 }, { limit: 1.5 }]) {
    expect((await use.rp.post("/v1/events/list", terms)).body.code).toBe("invalid_request");
  }
});
