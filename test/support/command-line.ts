import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { totpHmac } from "../../src/crypto/hmac.ts";
import { fromBase32 } from "../../src/domain/encoding.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";

/** The program that people run. */
export const PROGRAM = resolve(import.meta.dirname, "../../bin/countersign.mjs");

export type Finished = Readonly<{ code: number | null; stdout: string; stderr: string }>;
export type Environment = Readonly<Record<string, string>>;

/** A data folder of its own, and the commands that work on it. */
export type Installation = Readonly<{
  dataDir: string;
  env: Environment;
  run: (...args: readonly string[]) => Promise<Finished>;
  /** Starts a command without waiting for its end. */
  start: (...args: readonly string[]) => ChildProcess;
  /** Starts the service on a free port and resolves once it listens. */
  serve: () => Promise<ServingProcess>;
  /** Ends every process that is still there and removes the folder. */
  remove: () => Promise<void>;
}>;

export type ServingProcess = Readonly<{
  url: string;
  /** Lines on stdout so far. */
  lines: readonly string[];
  /** Resolves with the first line, past or to come, that holds the text. */
  line: (text: string) => Promise<string>;
  kill: (signal: NodeJS.Signals) => void;
  /** The exit code, or the signal that ended it. */
  exited: Promise<number | string>;
}>;

/** An installation in a new temporary folder; nothing of the caller's own settings reaches it. */
export function createInstallation(env: Environment = {}): Installation {
  const root = mkdtempSync(join(tmpdir(), "countersign-cli-"));
  const dataDir = join(root, "data");
  const running: ChildProcess[] = [];
  const settings = {
    ...foreignEnvironment(),
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_PORT: "0",
    COUNTERSIGN_PUBLIC_URL: "http://localhost:8787",
    COUNTERSIGN_SAMPLE: "off",
    ...env,
  };
  const start = (...args: readonly string[]) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { env: settings });
    running.push(child);
    return child;
  };
  return {
    dataDir,
    env: settings,
    start,
    run: (...args) => finish(start(...args)),
    serve: () => whenListening(start("serve")),
    remove: async () => {
      await Promise.all(running.map(end));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Collects what a process says until it ends. */
export async function finish(child: ChildProcess): Promise<Finished> {
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  const [code]: [number | null] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

/** A client over real HTTP, bound to one API key. */
export function httpClient(url: string, apiKey: string) {
  return async (path: string, body: unknown): Promise<Readonly<{ status: number; body: Record<string, unknown> }>> => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    // Every answer of the API is a JSON object.
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

export type HttpClient = ReturnType<typeof httpClient>;

/** A subject enrolled by the system's clock, and the code that comes after the one that confirmed it. */
export type Enrolled = Readonly<{
  subject: string;
  authenticator: string;
  code: string;
  recoveryCodes: readonly string[];
}>;

/** Enrols an authenticator app, confirming with the code of the step before, so that the current one is fresh. */
export async function enrolNow(post: HttpClient, subject: string): Promise<Enrolled> {
  const started = await post("/v1/enrolments", { subject, method: "totp" });
  if (started.status !== 201) throw new Error(`enrolment answered ${started.status}`);
  // As documented for a started enrolment.
  const { enrolment, totp } = started.body as { enrolment: string; totp: { secret: string } };
  // Twice, should the step end between computing the code and its check.
  for (let attempt = 0; attempt < 2; attempt++) {
    const step = stepAt(Date.now(), 30);
    const confirmed = await post(`/v1/enrolments/${enrolment}/confirm`, { totp: codeOf(totp.secret, step - 1) });
    if (confirmed.status !== 201) continue;
    const { authenticator, recovery_codes = [] } = confirmed.body as {
      authenticator: { id: string };
      recovery_codes?: string[];
    };
    return {
      subject,
      authenticator: authenticator.id,
      code: codeOf(totp.secret, step),
      recoveryCodes: recovery_codes,
    };
  }
  throw new Error("the enrolment was not confirmed");
}

function codeOf(secret: string, step: number): string {
  const bytes = fromBase32(secret);
  if (bytes === undefined) throw new Error("not base32");
  return totpCode({ secret: bytes, algorithm: "SHA1", digits: 6, periodSeconds: 30 }, step, totpHmac);
}

async function whenListening(child: ChildProcess): Promise<ServingProcess> {
  const lines: string[] = [];
  const waiting = new Map<string, (line: string) => void>();
  if (!child.stdout) throw new Error("the process has no stdout");
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const [text, resolve] of waiting) if (line.includes(text)) resolve(line);
  });
  child.stderr?.resume();
  const exited = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  const line = (text: string) =>
    new Promise<string>((resolve, reject) => {
      waiting.set(text, resolve);
      const past = lines.find((one) => one.includes(text));
      if (past !== undefined) resolve(past);
      void exited.then((code) => reject(new Error(`ended with ${code} before saying ${text}:\n${lines.join("\n")}`)));
    });
  const { url } = JSON.parse(await line('"listening"')) as { url: string };
  return { url, lines, line, kill: (signal) => void child.kill(signal), exited };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

function foreignEnvironment(): Environment {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("COUNTERSIGN_") && name !== "NODE_ENV");
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""]));
}
