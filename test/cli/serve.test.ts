import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createInstallation, finish, type Installation, PROGRAM } from "../support/command-line.ts";

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let installation: Installation;

beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.remove());

describe("a first run", () => {
  test("makes a private data folder and key, prints one link for the first administrator, and later runs none", async () => {
    const first = await installation.serve();
    const link = await first.line("First administrator");
    expect(link).toMatch(/http:\/\/localhost:8787\/admin\/invite\/[\w-]{43}$/);
    expect(statSync(installation.dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(installation.dataDir, "master.key")).mode & 0o777).toBe(0o600);
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
    first.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    const second = await installation.serve();
    expect(second.lines.join("\n")).not.toContain("/admin/invite/");
    await second.line("No administrator yet");
    second.kill("SIGINT");
    expect(await second.exited).toBe(0);
  });

  test("every line after the greeting is one JSON object", async () => {
    const service = await installation.serve();
    service.kill("SIGTERM");
    await service.exited;
    const lines = service.lines.slice(service.lines.findIndex((line) => line.startsWith("{")));
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(["listening", "stopping", "stopped"]);
  });
});

describe("memory", () => {
  test("the process that was started takes on the options that keep it small, and what was given stays", async () => {
    const given = ["--max-semi-space-size=6"];
    const child = spawn(process.execPath, [...given, PROGRAM, "serve"], { env: installation.env });
    try {
      for await (const text of child.stdout) if (String(text).includes('"listening"')) break;
      const running = { encoding: "utf8" } as const;
      const words = execFileSync("ps", ["-ww", "-o", "args=", "-p", String(child.pid)], running);
      const environment = readFileSync(`/proc/${child.pid}/environ`, "utf8");
      expect(words).toContain("--heap-growing-percent=");
      expect(words.lastIndexOf("--max-semi-space-size=6")).toBeGreaterThan(words.indexOf("--max-semi-space-size=8"));
      expect(environment).toContain("MALLOC_ARENA_MAX=");
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });
});

describe("the sample relying party", () => {
  test("runs beside the service, registered once, and every start gives it another key", async () => {
    let port = "0";
    for (let start = 0; start < 2; start++) {
      const withSample = createInstallation({
        COUNTERSIGN_SAMPLE: "on",
        COUNTERSIGN_PORT: port,
        COUNTERSIGN_DATA_DIR: installation.dataDir,
      });
      const service = await withSample.serve();
      port = new URL(service.url).port;
      const shop = /http:\S+$/.exec(await service.line("Sample shop: "))?.[0] ?? "";
      expect(Number(new URL(shop).port)).toBe(Number(port) + 1);
      expect((await fetch(shop)).status).toBe(200);
      service.kill("SIGTERM");
      expect(await service.exited).toBe(0);
      expect(service.lines.join("\n")).not.toContain("cs_");
      await withSample.remove();
    }
    const { stdout } = await installation.run("rp", "list", "--json");
    const { relying_parties } = JSON.parse(stdout) as { relying_parties: { api_keys: KeyState[] }[] };
    expect(relying_parties).toHaveLength(1);
    const keys = relying_parties[0]?.api_keys ?? [];
    expect(keys.filter(({ revoked_at }) => revoked_at === null)).toHaveLength(1);
  });

  type KeyState = Readonly<{ revoked_at: string | null; expires_at: string | null }>;
});

describe("stopping", () => {
  test("a request that is under way when SIGTERM comes is answered, and no other is taken", async () => {
    const { service, socket, sendBody } = await halfARequest();
    const answer = collect(socket);
    service.kill("SIGTERM");
    await service.line('"stopping"');
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow();
    sendBody();
    expect(await answer).toMatch(/HTTP\/1\.1 403 /);
    expect(await service.exited).toBe(0);
  });

  test("a second signal ends the process at once", async () => {
    const { service, socket } = await halfARequest();
    socket.on("error", () => undefined);
    service.kill("SIGTERM");
    await service.line('"stopping"');
    service.kill("SIGTERM");
    expect(await service.exited).toBe("SIGTERM");
    socket.destroy();
  });

  /** The service, and a request whose headers it has and whose body it waits for. */
  async function halfARequest() {
    const created = await installation.run(
      ...["rp", "create", "--name", "Shop", "--redirect-uri", "http://localhost:3000/", "--json"],
    );
    const { api_key } = JSON.parse(created.stdout) as { api_key: string };
    const service = await installation.serve();
    const body = JSON.stringify({ subject: "alice", totp: "123456" });
    const socket = connect(Number(new URL(service.url).port), "127.0.0.1");
    socket.write(
      `POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${api_key}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    // "100 Continue": it has the headers.
    await once(socket, "data");
    return { service, socket, sendBody: () => socket.write(body) };
  }
});

describe("an unexpected exception", () => {
  test.each([
    ["uncaught_exception", "throw failure()"],
    ["unhandled_rejection", "Promise.reject(failure())"],
  ])("is logged by name alone as %s, and ends the process with 70", async (event, statement) => {
    const failure = "const failure = () => new TypeError('s3cret');";
    const preload = `data:text/javascript,${encodeURIComponent(`${failure} process.on('SIGUSR2', () => { ${statement} })`)}`;
    const failing = createInstallation({ NODE_OPTIONS: `--import=${preload}` });
    const service = await failing.serve();
    service.kill("SIGUSR2");
    expect(await service.exited).toBe(70);
    expect(service.lines.at(-1)).toContain(`"level":"error","event":"${event}","error":"TypeError"}`);
    expect(service.lines.join("\n")).not.toContain("s3cret");
    await failing.remove();
  });
});

describe("a start that cannot succeed", () => {
  test("lists every problem of the configuration at once, repeats no value, and exits with 78", async () => {
    const broken = createInstallation({
      COUNTERSIGN_PORT: "port-s3cret",
      COUNTERSIGN_PUBLIC_URL: "http://shop.example",
      COUNTERSIGN_TRUSTED_PROXIES: "10.0.0.0/99",
      COUNTERSIGN_DATABASE_URL: "mysql://s3cret",
      COUNTERSIGN_SAMPLE: "perhaps",
      COUNTERSIGN_MASTER_KEY: "s3cret",
      COUNTERSIGN_MASTER_KEY_FILE: "/nowhere/master.key",
    });
    const done = await broken.run("serve");
    await broken.remove();
    expect(done.code).toBe(78);
    const named = ["PORT", "PUBLIC_URL", "TRUSTED_PROXIES", "DATABASE_URL", "SAMPLE", "MASTER_KEY", "MASTER_KEY_FILE"];
    for (const name of named) expect(done.stderr).toContain(`COUNTERSIGN_${name}`);
    expect(done.stderr).toContain("/nowhere/master.key cannot be read (ENOENT)");
    expect(done.stderr).not.toContain("s3cret");
    expect(done.stderr).not.toMatch(/^\s+at /m);
  });

  test("says that the port is taken and exits with 78", async () => {
    const service = await installation.serve();
    const second = createInstallation({ COUNTERSIGN_PORT: new URL(service.url).port });
    const done = await second.run("serve");
    await second.remove();
    expect([done.code, done.stderr]).toEqual([78, "COUNTERSIGN_PORT is in use by another program.\n"]);
  });

  test("says that the master key is another one and exits with 78", async () => {
    await installation.run("migrate");
    const key = Buffer.alloc(32, 7).toString("base64url");
    const foreign = createInstallation({
      COUNTERSIGN_DATA_DIR: installation.dataDir,
      COUNTERSIGN_MASTER_KEY: key,
    });
    const done = await foreign.run("serve");
    await foreign.remove();
    expect(done.code).toBe(78);
    expect(done.stderr).toBe("The master key does not open this database: it was made with another key.\n");
  });
});

describe("an older Node", () => {
  /** Says it is Node 20 to whoever asks. */
  const pretend =
    "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})";

  test("is told in one sentence what is needed, with exit code 78", async () => {
    const candidates = [[process.execPath, "--import", pretend], ...(await oldNodes()).map((path) => [path])];
    for (const [program = "", ...args] of candidates) {
      const done = await finish(spawn(program, [...args, PROGRAM, "serve"], { env: installation.env }));
      expect(done.code, program).toBe(78);
      expect(done.stderr).toMatch(/^countersign needs Node\.js 22\.18, 23\.6, 24 or newer, and this is [\d.]+: .*\n$/);
      expect(done.stdout).toBe("");
    }
  });

  /** Real ones on this machine, which the pretence is measured by. */
  async function oldNodes(): Promise<readonly string[]> {
    const found = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
    const programs = [...new Set(found)].filter(isExecutable);
    const versions = await Promise.all(programs.map((path) => finish(spawn(path, ["--version"]))));
    return programs.filter((_, index) => /^v(1\d|20|21)\./.test(versions[index]?.stdout ?? ""));
  }

  function isExecutable(path: string): boolean {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
});

async function collect(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  await once(socket, "close");
  return text;
}
