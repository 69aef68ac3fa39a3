import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMeter } from "../../src/cli/meter.ts";
import { createInstallation, type Installation } from "../support/command-line.ts";
import { writeHashList } from "../support/hash-list.ts";

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let installation: Installation;
let list: string;

beforeEach(() => {
  installation = createInstallation();
  list = `${installation.dataDir}-list.txt`;
});
afterEach(() => installation.remove());

test("a corpus is built into the data folder, found whole, and used by the service", async () => {
  const hash = createHash("sha1").update("gravel-otter-lantern-mosaic-7").digest("hex").toUpperCase();
  writeFileSync(list, `${hash}:12\r\n`);
  const built = await installation.run("passwords", "build", "--from", list, "--json");
  expect(built.code, built.stderr).toBe(0);
  expect(JSON.parse(built.stdout)).toMatchObject({ hashes: 1, resumed: false });
  const checked = await installation.run("passwords", "check");
  expect(checked.stdout).toContain("1 hashes");
  const service = await installation.serve();
  const answer = await fetch(`${service.url}/range/${hash.slice(0, 5)}`);
  expect(await answer.text()).toBe(`${hash.slice(5)}:12`);
  expect(answer.headers.get("countersign-breach-source")).toBe("corpus");
  service.kill("SIGTERM");
  await service.exited;
});

test("an altered corpus is refused by its name, by the check and by the service", async () => {
  writeHashList(list, 1_000);
  const corpus = join(installation.dataDir, "breaches.corpus");
  expect((await installation.run("passwords", "build", "--from", list, "--look-ups-only")).code).toBe(0);
  expect(existsSync(`${corpus}.tails`)).toBe(false);
  const bytes = readFileSync(corpus);
  bytes[200] = (bytes[200] ?? 0) ^ 1;
  writeFileSync(corpus, bytes);
  const checked = await installation.run("passwords", "check");
  expect([checked.code, checked.stderr]).toEqual([1, "The breach corpus breaches.corpus is altered.\n"]);
  writeFileSync(corpus, bytes.subarray(0, 5_000));
  const served = await installation.run("serve");
  expect([served.code, served.stderr]).toEqual([78, "The breach corpus breaches.corpus is cut off.\n"]);
  expect((await installation.run("doctor")).stdout).toContain("The breach corpus breaches.corpus is cut off.");
});

test("what cannot be a corpus is refused in one sentence, and nothing is left that looks like one", async () => {
  writeFileSync(list, "not a hash\n");
  for (const [args, code, message] of [
    [["--from", `${list}-none`], 78, "names nothing that exists"],
    [["--from", list], 78, `Row 1 of ${list} is not a SHA-1 hash`],
    [["--from", installation.dataDir], 78, "a folder without range files"],
    [[], 64, "--from is needed"],
  ] as const) {
    const done = await installation.run("passwords", "build", ...args);
    expect([done.code, done.stderr], args.join(" ")).toEqual([code, expect.stringContaining(message)]);
    expect(done.stderr).not.toMatch(/^\s+at /m);
  }
  writeFileSync(join(installation.dataDir, "00000.txt"), `${"0".repeat(35)}:1`);
  const incomplete = await installation.run("passwords", "build", "--from", installation.dataDir);
  expect([incomplete.code, incomplete.stderr]).toEqual([
    1,
    expect.stringContaining("1048575 of 1048576 ranges are missing"),
  ]);
  expect(existsSync(join(installation.dataDir, "breaches.corpus"))).toBe(false);
  const allowed = ["--from", installation.dataDir, "--allow-incomplete"];
  expect((await installation.run("passwords", "build", ...allowed)).code).toBe(0);
});

test("the meter shows how far it is, how fast, and how long it will take", () => {
  const written: string[] = [];
  let nowMs = 0;
  const meter = createMeter({ isTTY: true, write: (text: unknown) => written.push(String(text)) > 0 }, () => nowMs);
  meter.show({ doneBytes: 0, totalBytes: 1_000, hashes: 0 });
  nowMs = 10_000;
  meter.show({ doneBytes: 250, totalBytes: 1_000, hashes: 20_000_000 });
  meter.show({ doneBytes: 251, totalBytes: 1_000, hashes: 20_000_001 });
  meter.end();
  expect(written).toEqual(["\r██████░░░░░░░░░░░░░░░░░░  25.0 %  20.0 M hashes  2.00 M/s  30 s left\u001b[K", "\n"]);
});
