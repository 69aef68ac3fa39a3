import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createInstallation, type Installation } from "../support/command-line.ts";

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let installation: Installation;

beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.remove());

async function policy(...options: readonly string[]): Promise<unknown> {
  const done = await installation.run("realm", "passwords", "default", ...options, "--json");
  expect(done.code, done.stderr).toBe(0);
  return JSON.parse(done.stdout);
}

const DEFAULTS = { min_length: 8, min_length_alone: 15, min_guesses_log10: 8, breached_from: 1, banned_words: [] };

test("a realm's password policy is changed member by member, and goes back to the defaults", async () => {
  expect(await policy()).toEqual(DEFAULTS);
  const words = ["--banned-word", "Acme", "--banned-word", "Roadrunner"];
  const changed = { ...DEFAULTS, min_length: 12, min_guesses_log10: 9.5, banned_words: ["Acme", "Roadrunner"] };
  expect(await policy("--min-length", "12", "--min-guesses", "9.5", ...words)).toEqual(changed);
  expect(await policy("--breached-from", "3")).toEqual({ ...changed, breached_from: 3 });
  expect(await policy("--no-banned-words")).toEqual({ ...changed, breached_from: 3, banned_words: [] });
  expect(await policy("--reset")).toEqual(DEFAULTS);
  const audit = await installation.run("audit", "export");
  expect(audit.stdout.match(/"kind":"password_policy_changed"/g)).toHaveLength(4);
});

test("what is out of bounds, no number or no realm is refused and changes nothing", async () => {
  for (const [options, code, message] of [
    [["default", "--min-length", "7"], 1, "between 8 and 64"],
    [["default", "--min-guesses", "21"], 1, "between 10^0 and 10^20"],
    [["default", "--breached-from", "0"], 1, "between 1 and"],
    [["default", "--banned-word", "x".repeat(65)], 1, "between 1 and 64"],
    [["default", "--min-length", "long"], 64, "--min-length is a whole number"],
    [["default", "--banned-word", "a", "--no-banned-words"], 64, "exclude each other"],
    [["elsewhere", "--min-length", "9"], 1, "no such realm"],
  ] as const) {
    const done = await installation.run("realm", "passwords", ...options);
    expect(done.code, options.join(" ")).toBe(code);
    expect(done.stderr).toContain(message);
  }
  expect(await policy()).toEqual(DEFAULTS);
});

test("the list shows every realm and what it is bound to", async () => {
  const done = await installation.run("realm", "list", "--json");
  expect(JSON.parse(done.stdout)).toEqual({
    realms: [
      { id: "admin", name: "Countersign administration", rp_id: "localhost", origins: ["http://localhost:8787"] },
      { id: "default", name: "Countersign", rp_id: "localhost", origins: ["http://localhost:8787"] },
    ],
  });
});

const LIMITS = {
  unknown_per_hour: 100,
  wrong_codes: 500,
  wrong_codes_per_hour: 1,
  right_per_wrong: 4,
  source_burst: 60,
  source_per_minute: 60,
  suspicion_after: 3,
  suspicion_every: 10,
};

test("a realm's limits are changed number by number, and go back to the defaults", async () => {
  const limits = async (...options: readonly string[]): Promise<unknown> => {
    const done = await installation.run("realm", "limits", "default", ...options, "--json");
    expect(done.code, done.stderr).toBe(0);
    return JSON.parse(done.stdout);
  };
  expect(await limits()).toEqual(LIMITS);
  const changed = { ...LIMITS, unknown_per_hour: 250, wrong_codes: 1000 };
  expect(await limits("--unknown-per-hour", "250", "--wrong-codes", "1000")).toEqual(changed);
  expect(await limits("--suspicion-after", "5")).toEqual({ ...changed, suspicion_after: 5 });
  expect(await limits("--reset")).toEqual(LIMITS);
  const audit = await installation.run("audit", "export");
  expect(audit.stdout.match(/"kind":"realm_limits_changed"/g)).toHaveLength(3);
});

test("a limit that is out of bounds, no number or of no realm is refused and changes nothing", async () => {
  for (const [options, code, message] of [
    [["default", "--unknown-per-hour", "0"], 1, "scan.unknownPerHour is a whole number between 1 and 1000000"],
    [["default", "--suspicion-after", "34"], 1, "between 1 and 33"],
    [["default", "--wrong-codes", "many"], 64, "--wrong-codes is a whole number"],
    [["default", "--reset", "--wrong-codes", "600"], 64, "exclude each other"],
    [["elsewhere", "--wrong-codes", "600"], 1, "no such realm"],
    [["elsewhere"], 1, "no such realm"],
  ] as const) {
    const done = await installation.run("realm", "limits", ...options);
    expect(done.code, options.join(" ")).toBe(code);
    expect(done.stderr).toContain(message);
  }
  const shown = await installation.run("realm", "limits", "default");
  expect(shown.stdout).toContain("a key may ask about 100 unknown subjects an hour");
});
