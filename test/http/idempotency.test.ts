import { expect, test, vi } from "vitest";
import { enrolTotp, openChallenge } from "../support/enrol.ts";
import { holdSpending } from "../support/hold-spending.ts";
import { startService } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const KEY = { "idempotency-key": "5f3c" };

test("a retry returns the first success byte for byte, although the code is used up", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const body = { subject: "alice", totp: totp.code(), receipt: true, remember_device: true };
  const first = await use.rp.post("/v1/verify", body, KEY);
  const retry = await use.rp.post("/v1/verify", body, KEY);
  expect(first.status).toBe(200);
  expect({ status: retry.status, text: retry.text }).toEqual({ status: 200, text: first.text });
});

test("a retry returns the first denial byte for byte and costs no guess and no attempt", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const { challenge } = (await openChallenge(use.rp, "alice")).body;
  const body = { challenge, recovery_code: "wrong" };
  const first = await use.rp.post("/v1/verify", body, KEY);
  expect(first.body).toMatchObject({ status: 403, code: "answer_rejected", attempts_left: 9 });
  for (let retry = 0; retry < 20; retry++) {
    const again = await use.rp.post("/v1/verify", body, KEY);
    expect({ status: again.status, text: again.text }).toEqual({ status: 403, text: first.text });
  }
  const other = await use.rp.post("/v1/verify", body);
  expect(other.body.attempts_left).toBe(8);
});

test("another body under the same key is refused, and nothing of it is done", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const wrong = { subject: "alice", totp: totp.wrong() };
  await use.rp.post("/v1/verify", wrong, KEY);
  const right = { subject: "alice", totp: totp.code() };
  expect((await use.rp.post("/v1/verify", right, KEY)).body.code).toBe("idempotency_mismatch");
  expect((await use.rp.post("/v1/verify", right)).status).toBe(200);
});

test("of sixty parallel requests with one key one is executed, and the others are its verdict or told to wait", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const body = { subject: "alice", totp: totp.code() };
  const answers = await Promise.all(Array.from({ length: 60 }, () => use.rp.post("/v1/verify", body, KEY)));
  const verdicts = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text));
  expect(verdicts.size).toBe(1);
  const others = answers.filter(({ status }) => status !== 200);
  for (const { body, headers } of others) {
    expect(body.code).toBe("request_in_progress");
    expect(headers.get("retry-after")).toBe("1");
  }
  const accepted = await use.service.deps.store.audit.list({ kind: "answer_accepted", limit: 10 });
  const rejected = await use.service.deps.store.audit.list({ kind: "answer_rejected", limit: 10 });
  expect([accepted.length, rejected.length]).toEqual([1, 0]);
});

test("while the first request is being answered a second is told to wait, and gets its verdict then", async () => {
  const spending = holdSpending();
  const service = await startService({ wrap: spending.wrap });
  const rp = await service.addRelyingParty();
  const totp = await enrolTotp(service, rp, "alice");
  const body = { subject: "alice", totp: totp.code() };
  const held = spending.hold();
  const first = rp.post("/v1/verify", body, KEY);
  await held;
  expect((await rp.post("/v1/verify", body, KEY)).body.code).toBe("request_in_progress");
  spending.letGo();
  expect((await first).status).toBe(200);
  expect((await rp.post("/v1/verify", body, KEY)).text).toBe((await first).text);
  await service.close();
});

test("a request that was cut off without a verdict is a first try a minute later, and what it spent stays spent", async () => {
  const { deps, clock } = use.service;
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const body = { subject: "alice", totp: totp.code() };
  const settle = vi.spyOn(deps.store.idempotency, "settle").mockImplementation(() => {
    throw new Error("cut off");
  });
  const release = vi.spyOn(deps.store.idempotency, "release").mockImplementation(() => {
    throw new Error("cut off");
  });
  expect((await use.rp.post("/v1/verify", body, KEY)).status).toBe(500);
  settle.mockRestore();
  release.mockRestore();
  expect((await use.rp.post("/v1/verify", body, KEY)).body.code).toBe("request_in_progress");
  clock.advance(60_000);
  expect((await use.rp.post("/v1/verify", body, KEY)).body.code).toBe("answer_rejected");
});

test("after ten minutes the key is free again", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const body = { subject: "alice", totp: totp.code() };
  expect((await use.rp.post("/v1/verify", body, KEY)).status).toBe(200);
  use.service.clock.advance(10 * 60_000 - 1);
  expect((await use.rp.post("/v1/verify", body, KEY)).status).toBe(200);
  use.service.clock.advance(1);
  expect((await use.rp.post("/v1/verify", body, KEY)).body.code).toBe("answer_rejected");
});

test("another relying party's same key is another key", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const other = await use.service.addRelyingParty();
  const body = { subject: "alice", totp: totp.code() };
  expect((await use.rp.post("/v1/verify", body, KEY)).status).toBe(200);
  expect((await other.post("/v1/verify", body, KEY)).body.code).toBe("answer_rejected");
});

test("being told to wait is no verdict: the same key works after the wait", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  for (let guess = 0; guess < 5; guess++) await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong() });
  const body = { subject: "alice", totp: totp.code() };
  const early = await use.rp.post("/v1/verify", body, KEY);
  expect(early.body.code).toBe("subject_locked");
  use.service.clock.advance(Number(early.headers.get("retry-after")) * 1000);
  expect((await use.rp.post("/v1/verify", body, KEY)).status).toBe(200);
});

test("a key has 1 to 255 characters", async () => {
  for (const key of ["", "k".repeat(256)]) {
    const refused = await use.rp.post("/v1/verify", { subject: "a", totp: "123456" }, { "idempotency-key": key });
    expect(refused.body.code).toBe("invalid_request");
  }
  const longest = { "idempotency-key": "k".repeat(255) };
  expect((await use.rp.post("/v1/verify", { subject: "a", totp: "123456" }, longest)).status).toBe(403);
});
