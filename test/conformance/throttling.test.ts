import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { createInProcessEstimator } from "../../src/password/in-process-estimator.ts";
import { openNodeDeps } from "../../src/runtime/node-deps.ts";
import { enrolTotp, textIn } from "../support/enrol.ts";
import { client, type Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

/** Long enough to be past every wait, the day's count and, at 25 wrong answers, the month's. */
const LONG_MS = 4 * 24 * 60 * 60 * 1000;

test("T-11: an app is disabled before a hundred wrong codes in a row, whatever lanes they came by", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const remembered = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code(), remember_device: true });
  const lanes: readonly Json[] = [{}, { first_factor: true }, { device: textIn(remembered, "device") }];
  let lookedAt = 0;
  for (const lane of lanes) {
    for (;;) {
      use.service.clock.advance(LONG_MS);
      const wrong = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong(), ...lane });
      if (wrong.body.code !== "answer_rejected") break;
      lookedAt++;
    }
  }
  expect(lookedAt).toBe(99);
  use.service.clock.advance(10 * LONG_MS);
  for (const lane of lanes) {
    const right = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code(), ...lane });
    expect(right.body.code).toBe("subject_locked");
  }
});

test("H-01: guesses are counted together by processes that share a database, also by one that starts later", async () => {
  const { clock, config } = use.service;
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const wrong = { subject: "alice", totp: "00000" };
  for (let guess = 0; guess < 3; guess++) expect((await use.rp.post("/v1/verify", wrong)).status).toBe(403);
  const { deps } = await openNodeDeps(config, { logger, clock, estimator: createInProcessEstimator() });
  const later = client(createApp(deps), use.rp.apiKey);
  for (let guess = 0; guess < 2; guess++) expect((await later("/v1/verify", wrong)).status).toBe(403);
  expect((await later("/v1/verify", wrong)).body.code).toBe("subject_locked");
  expect((await use.rp.post("/v1/verify", wrong)).body.code).toBe("subject_locked");
  await deps.store.close();
});
