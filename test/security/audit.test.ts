import { describe, expect, test } from "vitest";
import type { AuditKind, StoredAuditEvent } from "../../src/domain/audit-event.ts";
import { dumpRows } from "../support/dump.ts";
import { enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function rows(): Promise<readonly StoredAuditEvent[]> {
  return (await use.service.deps.store.audit.list({ limit: 500 })).toReversed();
}

/** What `act` wrote down. */
async function writtenBy(act: () => Promise<unknown>): Promise<readonly StoredAuditEvent[]> {
  const before = (await rows()).length;
  await act();
  return (await rows()).slice(before);
}

async function kindsBy(act: () => Promise<unknown>): Promise<readonly AuditKind[]> {
  return (await writtenBy(act)).map(({ kind }) => kind);
}

describe("an answer", () => {
  test("accepted is written down with result, method, lane, relying party, request and time", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const body = { subject: "alice", totp: totp.code(), first_factor: true };
    let requestId: string | null = null;
    const written = await writtenBy(async () => {
      requestId = (await use.rp.post("/v1/verify", body)).headers.get("x-request-id");
    });
    expect(written).toEqual([
      {
        id: expect.any(Number),
        atMs: use.service.clock.now(),
        kind: "answer_accepted",
        realmId: "default",
        requestId,
        rpId: use.rp.clientId,
        subjectLookup: expect.stringMatching(/^[\w-]{22}$/),
        authenticatorId: totp.id,
        method: "totp",
        lane: "proven",
        reason: null,
        actor: null,
      },
    ]);
  });

  test("refused is written down with the reason that the caller is not told", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const passkey = await enrolPasskey(use.service, use.rp, "bob");
    const used = totp.code();
    await use.rp.post("/v1/verify", { subject: "alice", totp: used });
    const reasons = [];
    for (const answer of [{ totp: used }, { totp: totp.wrong() }, { totp: "1" }, { recovery_code: "1" }]) {
      const [row] = await writtenBy(() => use.rp.post("/v1/verify", { subject: "alice", ...answer }));
      reasons.push([row?.kind, row?.reason]);
    }
    for (const wrong of [{ origin: "https://evil.example" }, { userPresent: false }]) {
      const opened = await openChallenge(use.rp, "bob");
      const body = { challenge: opened.body.challenge, webauthn: passkey.answer(opened, wrong) };
      const [row] = await writtenBy(() => use.rp.post("/v1/verify", body));
      reasons.push([row?.kind, row?.reason]);
    }
    expect(reasons).toEqual([
      ["answer_rejected", "already_used"],
      ["answer_rejected", "wrong_code"],
      ["answer_rejected", "malformed"],
      ["answer_rejected", "malformed"],
      ["answer_rejected", "wrong_origin"],
      ["answer_rejected", "user_absent"],
    ]);
  });

  test("about a subject that does not exist is written down like any other", async () => {
    const [row] = await writtenBy(() => use.rp.post("/v1/verify", { subject: "nobody", totp: "123456" }));
    expect(row).toMatchObject({ kind: "answer_rejected", method: "totp", lane: "open", authenticatorId: null });
    expect(row?.subjectLookup).toMatch(/^[\w-]{22}$/);
  });

  test("that came too late, too often, too weak or during a wait is written down as well", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice", { acr: "urn:countersign:acr:otp" })).body;
    const answer = (body: object) => writtenBy(() => use.rp.post("/v1/verify", { challenge, ...body }));
    const seen = [(await answer({ recovery_code: totp.recoveryCodes[0] }))[0]?.reason];
    await answer({ totp: totp.code() });
    seen.push((await answer({ totp: totp.next() }))[0]?.reason);
    const stale = (await openChallenge(use.rp, "alice")).body.challenge;
    for (let guess = 0; guess < 5; guess++) await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong() });
    seen.push((await writtenBy(() => use.rp.post("/v1/verify", { subject: "alice", totp: "1" })))[0]?.kind);
    use.service.clock.advance(10 * 60_000);
    seen.push((await writtenBy(() => use.rp.post("/v1/verify", { challenge: stale, totp: "1" })))[0]?.reason);
    expect(seen).toEqual(["assurance_unmet", "challenge_closed", "answer_throttled", "challenge_expired"]);
  });

  test("that lost the race for its challenge is written down: its code is spent", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    const written = await writtenBy(() =>
      Promise.all([
        use.rp.post("/v1/verify", { challenge, totp: totp.code() }),
        use.rp.post("/v1/verify", { challenge, recovery_code: totp.recoveryCodes[0] }),
      ]),
    );
    const kinds = written.map(({ kind, reason }) => reason ?? kind).filter((kind) => kind !== "recovery_code_used");
    expect(kinds.sort()).toEqual(["answer_accepted", "challenge_closed"]);
  });
});

test("every change to a subject is written down", async () => {
  expect(await kindsBy(() => enrolTotp(use.service, use.rp, "alice"))).toEqual([
    "enrolment_started",
    "authenticator_added",
  ]);
  const totp = await enrolTotp(use.service, use.rp, "bob");
  const proof = textIn(await openChallenge(use.rp, "bob"), "challenge");
  const subject = "bob";
  expect(await kindsBy(() => use.rp.post("/v1/verify", { challenge: proof, totp: totp.code() }))).toEqual([
    "answer_accepted",
  ]);
  expect(await kindsBy(() => use.rp.post("/v1/recovery-codes/regenerate", { subject, proof }))).toEqual([
    "recovery_codes_renewed",
  ]);
  expect(await kindsBy(() => use.rp.post("/v1/recovery-codes/regenerate", { subject, proof }))).toEqual([
    "proof_rejected",
  ]);
  const rename = { subject, authenticator: totp.id, label: "Phone" };
  expect(await kindsBy(() => use.rp.post("/v1/authenticators/rename", rename))).toEqual(["authenticator_renamed"]);
  const again = await prove(use.rp, subject, { totp: totp.next() });
  const revoke = { subject, authenticator: totp.id, proof: again };
  expect(await kindsBy(() => use.rp.post("/v1/authenticators/revoke", revoke))).toEqual([
    "authenticator_revoked",
    "authenticator_revoked",
  ]);
  expect(await kindsBy(() => use.rp.post("/v1/subjects/delete", { subject, reason: "test" }))).toEqual([
    "subject_deleted",
  ]);
  expect(await kindsBy(() => openChallenge(use.rp, subject))).toEqual(["challenge_opened"]);
});

test("what was written down is durable when the answer leaves", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const answers = await Promise.all([
    use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() }),
    use.rp.post("/v1/verify", { subject: "bob", totp: "123456" }),
  ]);
  const written = JSON.stringify(dumpRows(use.service.config.databasePath, "audit_events"));
  for (const { headers } of answers) expect(written).toContain(headers.get("x-request-id"));
});
