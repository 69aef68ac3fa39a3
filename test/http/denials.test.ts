import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import type { DenialCode } from "../../src/domain/denial.ts";
import { PROBLEMS } from "../../src/http/problem.ts";
import { PasswordEstimatorError } from "../../src/ports/password-estimator.ts";
import { tamper } from "../support/dump.ts";
import { enrolTotp, openChallenge } from "../support/enrol.ts";
import { type Answer, client, readAnswer } from "../support/service.ts";
import { type Fixture, useService } from "../support/use-service.ts";

const use = useService();
const NONE = "0".repeat(26);

type Provocation = (fixture: Fixture) => Promise<Answer>;

/** How each denial is provoked over HTTP. A code without an entry does not compile. */
const PROVOKED = {
  invalid_request: ({ rp }) => rp.post("/v1/verify", {}),
  caller_unauthenticated: ({ rp }) => rp.post("/v1/verify", {}, { authorization: "Bearer nonsense" }),
  caller_forbidden: async ({ service }) => {
    const reader = await service.addRelyingParty({ scopes: ["events:read"] });
    return reader.post("/v1/verify", {});
  },
  answer_rejected: ({ rp }) => rp.post("/v1/verify", { subject: "nobody", totp: "123456" }),
  attempts_exhausted: async ({ rp }) => {
    const { challenge } = (await openChallenge(rp, "nobody")).body;
    for (let attempt = 0; attempt < 10; attempt++) await rp.post("/v1/verify", { challenge, webauthn: {} });
    return rp.post("/v1/verify", { challenge, webauthn: {} });
  },
  assurance_unmet: async ({ rp, service }) => {
    await enrolTotp(service, rp, "alice");
    return rp.post("/v1/challenges", { subject: "alice", acr: "phr" });
  },
  not_found: ({ rp }) => rp.post(`/v1/enrolments/en_${NONE}/confirm`, { totp: "123456" }),
  challenge_unknown: ({ rp }) => rp.post("/v1/verify", { challenge: `ch_${NONE}`, totp: "123456" }),
  challenge_closed: async ({ rp, service }) => {
    const totp = await enrolTotp(service, rp, "alice");
    const { challenge } = (await openChallenge(rp, "alice")).body;
    await rp.post("/v1/verify", { challenge, totp: totp.code() });
    return rp.post("/v1/verify", { challenge, totp: totp.next() });
  },
  step_up_required: async ({ rp, service }) => {
    await enrolTotp(service, rp, "alice");
    return rp.post("/v1/enrolments", { subject: "alice", method: "totp" });
  },
  request_in_progress: async ({ rp }) => {
    const body = { subject: "nobody", totp: "123456" };
    const answers = [1, 2].map(() => rp.post("/v1/verify", body, { "idempotency-key": "k" }));
    const [, second] = await Promise.all(answers);
    if (second === undefined) throw new Error("two were sent");
    return second;
  },
  idempotency_mismatch: async ({ rp }) => {
    const headers = { "idempotency-key": "k" };
    await rp.post("/v1/verify", { subject: "nobody", totp: "123456" }, headers);
    return rp.post("/v1/verify", { subject: "nobody", totp: "654321" }, headers);
  },
  challenge_expired: async ({ rp, service }) => {
    const { challenge } = (await openChallenge(rp, "nobody")).body;
    service.clock.advance(10 * 60_000);
    return rp.post("/v1/verify", { challenge, totp: "123456" });
  },
  body_too_large: ({ rp }) => rp.post("/v1/verify", { subject: "x".repeat(70_000) }),
  unsupported_media_type: ({ rp }) => rp.post("/v1/verify", {}, { "content-type": "text/plain" }),
  method_not_allowed: async ({ service }) => readAnswer(await service.app.request("/v1/verify")),
  rate_limited: async ({ rp }) => {
    const body = { subject: "nobody", source_ip: "192.0.2.1" };
    for (let request = 0; request < 60; request++) await rp.post("/v1/challenges", body);
    return rp.post("/v1/challenges", body);
  },
  subject_locked: async ({ rp }) => {
    for (let guess = 0; guess < 5; guess++) await rp.post("/v1/verify", { subject: "nobody", totp: "123456" });
    return rp.post("/v1/verify", { subject: "nobody", totp: "123456" });
  },
  internal: async ({ rp, service }) => {
    const totp = await enrolTotp(service, rp, "alice");
    await tamper(service, "update authenticators set secret = 'not an envelope'");
    return rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
  },
  unavailable: async ({ rp, service }) => {
    await tamper(service, "drop table challenges");
    return rp.post("/v1/challenges", { subject: "alice" });
  },
} satisfies Record<DenialCode, Provocation>;

describe.each(Object.entries(PROVOKED))("%s", (code, provoke: Provocation) => {
  test("is a problem document with its status, whose instance is the request's id", async () => {
    const { body, headers, status } = await provoke(use);
    // The keys of the table above.
    const known = PROBLEMS[code as DenialCode];
    expect(body).toMatchObject({ type: `urn:countersign:problem:${code}`, title: known.title, status, code });
    expect(status).toBe(known.status);
    expect(body.instance).toBe(headers.get("x-request-id"));
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
  });
});

test("a path that is no route is not found, for any method and without a key", async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    for (const path of [
      "/v1",
      "/v1/",
      "/v1/verify/",
      "/v1/users",
      "/v2/verify",
      "/V1/verify",
      "/v1/enrolments//confirm",
    ]) {
      const answer = await readAnswer(await use.service.app.request(path, { method }));
      expect([answer.status, answer.body.code], path).toEqual([404, "not_found"]);
    }
  }
});

test("what cannot be decrypted is refused, and what failed is logged without a secret", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const code = totp.code();
  await tamper(use.service, "update authenticators set secret = substr(secret, 1, 30)");
  const failed = await use.rp.post("/v1/verify", { subject: "alice", totp: code });
  expect(failed.status).toBe(500);
  const [line = ""] = use.service.log;
  const { requestId, ...entry } = JSON.parse(line);
  expect(requestId).toBe(failed.body.instance);
  expect(entry).toEqual({ level: "error", event: "request_failed", code: "internal", error: "KeyringError" });
});

test("a success that cannot be audited is no success", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  await tamper(use.service, "drop table audit_events");
  const failed = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
  expect([failed.status, failed.headers.get("retry-after")]).toEqual([503, "1"]);
});

test("an outage of the password estimator is unavailable, not a fault", async () => {
  const estimator = { estimate: () => Promise.reject(new PasswordEstimatorError("busy")) };
  const post = client(createApp({ ...use.service.deps, estimator }), use.rp.apiKey);
  expect((await post("/v1/passwords/assess", { password: "any" })).body.code).toBe("unavailable");
});

test("an idempotent request that failed on our side can be tried again", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const body = { subject: "alice", totp: totp.code() };
  const key = { "idempotency-key": "k" };
  await tamper(use.service, "alter table audit_events rename to audit_events_away");
  expect((await use.rp.post("/v1/verify", body, key)).status).toBe(503);
  await tamper(use.service, "alter table audit_events_away rename to audit_events");
  // The code was spent before the fault: what fails on the way never grants.
  expect((await use.rp.post("/v1/verify", body, key)).body.code).toBe("answer_rejected");
  expect((await use.rp.post("/v1/verify", { ...body, totp: totp.next() })).status).toBe(200);
});

test("health tells outsiders a status and nothing else", async () => {
  for (const path of ["/health/live", "/health/ready"]) {
    const response = await use.service.app.request(path);
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    expect(response.headers.get("cache-control")).toBe("no-store");
  }
  await tamper(use.service, "drop table realms");
  const down = await use.service.app.request("/health/ready");
  expect([down.status, await down.json()]).toEqual([503, { status: "unavailable" }]);
});
