import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { httpClient } from "../support/command-line.ts";
import { type RunningProgram, runProgram } from "../support/running-program.ts";

// The program runs in a process of its own, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let program: RunningProgram;
beforeAll(async () => {
  program = await runProgram();
});
afterAll(() => program.stop());

async function register(): Promise<Readonly<{ id: string; ask: (path: string, subject: string) => Promise<number> }>> {
  const made = await program.run(
    "rp",
    "create",
    "--name",
    "Shop",
    "--redirect-uri",
    "http://localhost:3000/cb",
    "--json",
  );
  // As documented: printed once, as one JSON object.
  const { client_id, api_key } = JSON.parse(made.stdout) as Record<"client_id" | "api_key", string>;
  const call = httpClient(program.url, api_key);
  return { id: client_id, ask: async (path, subject) => (await call(path, { subject })).status };
}

describe("the scan alarm of the running program", () => {
  test("stops a key that only asks what tells nothing, by itself, and says so in the log", async () => {
    const { id, ask } = await register();
    await program.run("rp", "limit", id, "--unknown-per-hour", "3");
    let asked = 0;
    // The program counts every second; how soon it comes to it is the machine's matter.
    await vi.waitFor(async () => expect(await ask("/v1/challenges", `stranger-${asked++}`)).toBe(429), {
      timeout: 60_000,
      interval: 200,
    });
    expect(program.log().filter((line) => line.includes('"scan_alarm"'))).toHaveLength(1);
    const listed = await program.run("rp", "list");
    expect(listed.stdout).toContain("stopped by the scan alarm");
  });

  test("is lifted and its limit set by commands, which say no to what they cannot do", async () => {
    const { id, ask } = await register();
    const status = () => ask("/v1/subjects/status", `somebody-${Math.random()}`);
    expect((await program.run("rp", "limit", id, "--unknown-per-hour", "1")).stdout).toBe("1 an hour.\n");
    expect([await status(), await status(), await status()]).toEqual([200, 429, 429]);
    const lifted = await program.run("rp", "lift", id, "--reason", "a test of ours");
    expect([lifted.code, lifted.stdout]).toEqual([0, "Lifted.\n"]);
    expect(await status()).toBe(200);
    const again = await program.run("rp", "lift", id, "--reason", "again");
    expect([again.code, again.stderr]).toEqual([1, "The scan alarm has stopped no key of such a relying party.\n"]);
    expect((await program.run("rp", "limit", id)).stdout).toBe("As the realm says.\n");
    expect((await program.run("rp", "limit", "rp_none", "--unknown-per-hour", "5")).code).toBe(1);
    for (const wrong of ["0", "many", "1000001"]) {
      expect((await program.run("rp", "limit", id, "--unknown-per-hour", wrong)).code).toBe(64);
    }
    expect((await program.run("rp", "lift", id)).code).toBe(64);
    const exported = await program.run("audit", "export");
    for (const kind of ["scan_alarm", "scan_alarm_lifted", "relying_party_changed"]) {
      expect(exported.stdout).toContain(`"kind":"${kind}"`);
    }
  });
});
