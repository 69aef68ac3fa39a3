// `npm test`: every check and every test, what was skipped and why, and the count as the last line. With CI=true a skip
// is a failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const IS_CI = process.env.CI === "true";

/** Programs that tests use and npm does not bring. `tests` is what cannot run without. */
const PROGRAMS = [
  {
    name: "chromium",
    packages: ["chromium"],
    path: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    tests: "test/e2e/**",
  },
  {
    name: "Apache with mod_auth_openidc",
    packages: ["apache2-bin", "libapache2-mod-auth-openidc"],
    path: "/usr/lib/apache2/modules/mod_auth_openidc.so",
    tests: "test/e2e/apache.test.ts",
  },
];

const CHECKS = [
  { name: "format and lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "unused code", command: ["knip"] },
];

/** What a browser waits for, what measures times and memory, and what kills in the middle of load. */
const ALONE = [
  "test/e2e/",
  "test/postgres/kill",
  "test/postgres/outage",
  "test/security/kill",
  "test/security/probe",
  "test/security/soak",
  "test/workers/",
];

const tally = { passed: 0, failed: 0, skipped: [] };

const missing = PROGRAMS.filter((program) => !isThere(program) && !install(program));
for (const check of CHECKS) runCheck(check);
runAll(missing.map(({ tests }) => tests));
for (const { name, tests } of missing) {
  tally.skipped.push(`${tests}: ${name} is not installed, and could not be (run as root, or install it yourself)`);
}
report();

function isThere({ path }) {
  return existsSync(path);
}

/** Installs Debian packages, where that is possible without asking anybody. */
function install(program) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log(`Installing ${program.name} …`);
  const apt = (...args) =>
    spawnSync("apt-get", ["-qq", ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  const add = () => apt("install", "-y", "--no-install-recommends", ...program.packages).status === 0;
  return (add() || (apt("update").status === 0 && add())) && isThere(program);
}

function runCheck({ name, command }) {
  const isGood = run(command);
  tally[isGood ? "passed" : "failed"] += 1;
  console.log(`${isGood ? "passed" : "FAILED"}: ${name}`);
}

/** Two files at a time, but for those that need the machine to themselves. */
function runAll(excluded) {
  runTests([...excluded, ...ALONE.map((name) => `${name}**`)], ["--maxWorkers=2"]);
  runTests(excluded, ["--project=node", ...ALONE]);
}

/** Adds up what the test runner counted; a run without counts is one failure. */
function runTests(excluded, options) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-results-"));
  const file = join(folder, "results.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const isGood = run(["vitest", "run", ...reporters, ...options], { TESTS_LEFT_OUT: excluded.join(" ") });
  const results = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  rmSync(folder, { recursive: true });
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = results;
  tally.passed += numPassedTests;
  tally.failed += numFailedTests;
  // A file that does not load fails without any test of it failing.
  if (!isGood && numFailedTests === 0) tally.failed += 1;
  if (numPendingTests + numTodoTests > 0) tally.skipped.push(`${numPendingTests + numTodoTests} tests skip themselves`);
}

/** npm's scripts find the project's own programs, and its own Node, first on the path. */
function run([program, ...args], settings = {}) {
  const env = { ...process.env, ...settings };
  const { status } = spawnSync(join(ROOT, "node_modules/.bin", program), args, { cwd: ROOT, env, stdio: "inherit" });
  return status === 0;
}

function report() {
  for (const reason of tally.skipped) console.log(`skipped: ${reason}`);
  if (IS_CI) tally.failed += tally.skipped.length;
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed === 0 ? 0 : 1;
}
