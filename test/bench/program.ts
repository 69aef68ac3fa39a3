import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { onServerCore } from "./child.ts";

/** The program as people start it. */
export type Program = Readonly<{
  port: number;
  /** From starting the process to the first `GET /health/ready` that says 200, in milliseconds. */
  startMs: number;
  residentBytes: () => number;
  stop: () => Promise<void>;
}>;

const ROOT = resolve(import.meta.dirname, "../..");

/** Starts what `npm start` starts over a data folder, without the sample relying party. */
export async function startProgram(dataDir: string): Promise<Program> {
  const port = await freePort();
  const env = {
    ...process.env,
    COUNTERSIGN_PORT: String(port),
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_SAMPLE: "off",
  };
  const [program = "", ...options] = onServerCore(startCommand());
  const startedAt = performance.now();
  const child = spawn(program, options, { cwd: ROOT, env, stdio: ["ignore", "ignore", "inherit"] });
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`the program ended with status ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, 5));
  }
  return {
    port,
    startMs: performance.now() - startedAt,
    residentBytes: () =>
      Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" })) * 1024,
    async stop() {
      const gone = once(child, "exit");
      child.kill();
      await gone;
    },
  };
}

/** The start script's own words, run by the Node that runs this. */
function startCommand(): readonly string[] {
  // Our own file.
  const { scripts } = JSON.parse(readFileSync(resolve(ROOT, "package.json"), "utf8")) as { scripts: { start: string } };
  return [process.execPath, ...scripts.start.split(" ").slice(1)];
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
