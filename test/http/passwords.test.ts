import { expect, test } from "vitest";
import { changePasswordPolicy } from "../../src/flows/password-policy.ts";
import { dumpDatabase } from "../support/dump.ts";
import type { Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function assess(password: string, terms: Json = {}): Promise<Json> {
  const answer = await use.rp.post("/v1/passwords/assess", { password, ...terms });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

test("both outcomes are 200, with exactly the documented members", async () => {
  const good = await assess("mauve-otter-tunnel-9-teapot");
  expect(Object.keys(good)).toEqual([
    "acceptable",
    "violations",
    "score",
    "guesses_log10",
    "crack_times",
    "feedback",
    "breach",
  ]);
  expect(good).toMatchObject({ acceptable: true, violations: [], score: 4 });
  const bad = await assess("password1");
  expect(bad).toMatchObject({ acceptable: false, violations: expect.arrayContaining(["common_password"]) });
});

test("eight characters do beside a second factor, fifteen alone", async () => {
  const password = "k7#vQ2!mX9";
  expect((await assess(password)).violations).toEqual([]);
  expect((await assess(password, { use: "single_factor" })).violations).toEqual(["too_short"]);
  expect((await assess("k7#vQ2!")).violations).toContain("too_short");
});

test("advice is in the person's language: the locale that is named, or else the one that the caller prefers", async () => {
  const english = await assess("k7#vQ2!");
  expect(english.feedback).toMatchObject({ warning: "This password is too short." });
  const german = { warning: "Dieses Passwort ist zu kurz.", advice: expect.stringContaining("mindestens 8 Zeichen") };
  expect((await assess("k7#vQ2!", { locale: "de-AT" })).feedback).toMatchObject(german);
  expect((await assess("k7#vQ2!", { locale: "tlh" })).feedback).toEqual(english.feedback);
  const headers = { "accept-language": "tlh, de;q=0.8, fr;q=0.5" };
  const answer = await use.rp.post("/v1/passwords/assess", { password: "k7#vQ2!" }, headers);
  expect(answer.body.feedback).toMatchObject(german);
});

test("a realm's own policy counts: lengths, guesses and banned words", async () => {
  const { store, clock } = use.service.deps;
  const by = { actor: "test", requestId: "req_test", nowMs: clock.now() };
  const change = { minLengthWithSecondFactor: 12, bannedWords: ["Roadrunner"] };
  const changed = await changePasswordPolicy({ store }, by, { realmId: "default", change });
  expect(changed.ok).toBe(true);
  use.service.clock.advance(10_000);
  expect((await assess("k7#vQ2!mX9")).violations).toEqual(["too_short"]);
  expect((await assess("R0adrunner-2026!")).violations).toContain("banned_word");
});

test("the caller's context, its own name and the realm's are no passwords", async () => {
  for (const [password, context] of [
    ["maria.schmidt1987", ["maria.schmidt1987@example.org"]],
    ["Shop2026!", []],
    ["Countersign2026!", []],
  ] as const) {
    expect((await assess(password, { context })).violations, password).toContain("context_word");
  }
});

test("sixty-four characters are accepted, more than 256 are not, and nothing is cut", async () => {
  const long = "mauve otter tunnel 9 teapot walks under seven purple bridges now";
  expect(long.length).toBe(64);
  expect((await assess(long)).acceptable).toBe(true);
  expect((await assess("otter ".repeat(50))).violations).toEqual(["too_long"]);
  const huge = await use.rp.post("/v1/passwords/assess", { password: "x".repeat(100_000) });
  expect(huge.body.code).toBe("body_too_large");
});

test("text that is none is a violation, not a fault", async () => {
  expect((await assess("\ud800otter-tunnel")).violations).toEqual(["not_text"]);
});

test("no password is ever in a log line, the database or an answer", async () => {
  const canaries = ["canary-otter-tunnel-9", "Canary7!", "password-canary"];
  for (const password of canaries) {
    expect(JSON.stringify(await assess(password, { context: [`${password}-context`] }))).not.toContain(password);
  }
  const unknown = await use.rp.post("/v1/passwords/assess", { password: canaries[0], extra: canaries[1] });
  expect(unknown.body.detail).toBe('Unknown member "extra".');
  const { bytes, rows } = dumpDatabase(use.service.config.databasePath);
  for (const canary of canaries) {
    expect(rows + use.service.log.join()).not.toContain(canary);
    expect(bytes.includes(canary)).toBe(false);
  }
});
