import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createInstallation, type Finished } from "./command-line.ts";
import { freePort, listen } from "./listen.ts";

/** The service as `npm start` runs it, with the sample shop, in a process and a data folder of its own. */
export type RunningProgram = Readonly<{
  url: string;
  shopUrl: string;
  /** The printed link for the first administrator. */
  invitation: string;
  /** Every line that the process wrote to either stream after its greeting. */
  log: () => readonly string[];
  /** Runs another command on the same data. */
  run: (...args: readonly string[]) => Promise<Finished>;
  stop: () => Promise<void>;
}>;

/** Starts the program, on that port or on a free one, and resolves once it listens. */
export async function runProgram(wanted?: number): Promise<RunningProgram> {
  const port = wanted ?? (await freePortPair());
  const url = `http://localhost:${port}`;
  const installation = createInstallation({
    COUNTERSIGN_PORT: String(port),
    COUNTERSIGN_PUBLIC_URL: url,
    COUNTERSIGN_SAMPLE: "on",
  });
  const lines: string[] = [];
  const listening = readLines(installation.start("serve"), lines);
  await listening.catch(async (error: unknown) => {
    await installation.remove();
    throw error;
  });
  const greeted = lines.findIndex((line) => line.startsWith("{"));
  const after = (greeting: string) =>
    lines
      .find((line) => line.startsWith(greeting))
      ?.split(/\s/)
      .at(-1) ?? "";
  return {
    url,
    shopUrl: after("Sample shop"),
    invitation: after("First administrator"),
    log: () => lines.slice(greeted),
    run: installation.run,
    stop: installation.remove,
  };
}

/** The shop listens on the port after the service's own. */
async function freePortPair(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = await freePort();
    const next = await listen(async () => new Response(), port + 1).catch(() => undefined);
    await next?.close();
    if (next !== undefined) return port;
  }
  throw new Error("no two free ports side by side");
}

function readLines(child: ChildProcess, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const read = (stream: Readable | null) => {
      if (stream === null) throw new Error("the process has no output");
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (line.includes('"listening"')) resolve();
      });
    };
    read(child.stdout);
    read(child.stderr);
    child.once("exit", () => reject(new Error(`the program ended:\n${lines.join("\n")}`)));
  });
}
