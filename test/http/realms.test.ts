import { beforeEach, describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "../support/enrol.ts";
import type { Answer, Json, TestRelyingParty } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
/** A relying party of another realm, and one more of the same. */
let foreign: TestRelyingParty;
let sibling: TestRelyingParty;

beforeEach(async () => {
  const { store } = use.service.deps;
  const realm = { id: "other", name: "Other", rpId: "localhost", origins: [use.service.config.publicUrl] };
  await store.atomically([store.realms.put(realm, use.service.clock.now())]);
  foreign = await use.service.addRelyingParty({ realmId: "other", name: "Foreign" });
  sibling = await use.service.addRelyingParty({ name: "Sibling" });
});

function masked(answer: Answer): string {
  const headers = [...answer.headers].filter(([name]) => name !== "x-request-id");
  return JSON.stringify({ status: answer.status, headers, ...answer.body, instance: "" });
}

/** Every route that takes an id: with one that is another's, and with one that nobody has. */
async function expectAsAbsent(
  rp: TestRelyingParty,
  path: (id: string) => string,
  body: (id: string) => Json,
  id: string,
) {
  const absent = `${id.slice(0, 3)}${"0".repeat(26)}`;
  const ofOther = await rp.post(path(id), body(id));
  const ofNobody = await rp.post(path(absent), body(absent));
  expect(ofOther.status).toBeGreaterThanOrEqual(400);
  expect(masked(ofOther)).toBe(masked(ofNobody));
}

describe.each(["another realm's relying party", "another relying party of the realm"])("%s", (who) => {
  const rp = () => (who.startsWith("another realm") ? foreign : sibling);

  test("finds no challenge of ours, to verify, redeem, link or prove with", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const pending = textIn(await openChallenge(use.rp, "alice"), "challenge");
    const answered = await prove(use.rp, "alice", { totp: totp.code() });
    const authenticator = totp.id;
    for (const id of [pending, answered]) {
      await expectAsAbsent(
        rp(),
        () => "/v1/verify",
        (challenge) => ({ challenge, totp: totp.next() }),
        id,
      );
      await expectAsAbsent(
        rp(),
        () => "/v1/challenges/redeem",
        (challenge) => ({ challenge }),
        id,
      );
      await expectAsAbsent(
        rp(),
        () => "/v1/links",
        (challenge) => ({ page: "prompt", challenge }),
        id,
      );
      for (const path of ["/v1/recovery-codes/regenerate", "/v1/subjects/delete"]) {
        await expectAsAbsent(
          rp(),
          () => path,
          (proof) => ({ subject: "alice", proof }),
          id,
        );
      }
      const revoke = (proof: string) => ({ subject: "alice", authenticator, proof });
      await expectAsAbsent(rp(), () => "/v1/authenticators/revoke", revoke, id);
    }
    expect((await use.rp.post("/v1/verify", { challenge: pending, totp: totp.next() })).status).toBe(200);
  });

  test("finds no enrolment of ours to confirm", async () => {
    const started = await use.rp.post("/v1/enrolments", { subject: "alice", method: "totp" });
    const id = textIn(started, "enrolment");
    await expectAsAbsent(
      rp(),
      (enrolment) => `/v1/enrolments/${enrolment}/confirm`,
      () => ({ totp: "123456" }),
      id,
    );
  });
});

test("another realm finds no authenticator of ours to rename or revoke, although it names the same subject", async () => {
  const ours = await enrolTotp(use.service, use.rp, "alice");
  const theirs = await enrolTotp(use.service, foreign, "alice");
  const rename = (authenticator: string) => ({ subject: "alice", authenticator, label: "Mine" });
  await expectAsAbsent(foreign, () => "/v1/authenticators/rename", rename, ours.id);
  const proofs = [await prove(foreign, "alice", { totp: theirs.code() })];
  proofs.push(await prove(foreign, "alice", { totp: theirs.next() }));
  const revoke = (authenticator: string) => ({ subject: "alice", authenticator, proof: proofs.pop() });
  await expectAsAbsent(foreign, () => "/v1/authenticators/revoke", revoke, ours.id);
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: ours.next() })).status).toBe(200);
});

test("one reference in two realms is two subjects, with nothing in common", async () => {
  const ours = await enrolTotp(use.service, use.rp, "alice");
  expect((await foreign.post("/v1/subjects/status", { subject: "alice" })).body).toEqual({
    enrolled: false,
    methods: [],
  });
  expect((await foreign.post("/v1/authenticators/list", { subject: "alice" })).body).toEqual({ authenticators: [] });
  expect((await foreign.post("/v1/verify", { subject: "alice", totp: ours.code() })).status).toBe(403);
  await foreign.post("/v1/subjects/delete", { subject: "alice", reason: "test" });
  for (let guess = 0; guess < 5; guess++) await foreign.post("/v1/verify", { subject: "alice", totp: "00000" });
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: ours.code() })).status).toBe(200);
});

test("relying parties of one realm share subjects and authenticators", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  expect((await sibling.post("/v1/verify", { subject: "alice", totp: totp.code() })).status).toBe(200);
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() })).status).toBe(403);
});

test("a passkey of one realm does not answer in another", async () => {
  const ours = await enrolPasskey(use.service, use.rp, "alice");
  await enrolPasskey(use.service, foreign, "alice");
  const opened = await openChallenge(foreign, "alice");
  const { options } = JSON.parse(opened.text).webauthn;
  const webauthn = ours.device.authenticate({ ...options, allowCredentials: [] });
  const refused = await foreign.post("/v1/verify", { challenge: opened.body.challenge, webauthn });
  expect(refused.body.code).toBe("answer_rejected");
});
