import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROGRAM = "/usr/sbin/apache2";
const MODULES = "/usr/lib/apache2/modules";
const SAMPLE = resolve(import.meta.dirname, "../../examples/openid-apache/countersign.conf");
const LOADED = ["mpm_event", "authn_core", "authz_core", "authz_user", "dir", "headers", "auth_openidc"];

export type Apache = Readonly<{ url: string; errors: () => string; close: () => Promise<void> }>;

/** What the sample configuration leaves in capitals. */
export type Placeholders = Readonly<
  Record<"CLIENT_ID" | "CLIENT_SECRET" | "SUBJECT" | "SUBJECT_ID" | "COUNTERSIGN_URL", string>
>;

/**
 * Apache with mod_auth_openidc and the sample's configuration, in a folder of its own. Its `/admin/` answers with what
 * the module tells an application. Throws where it is not installed.
 */
export async function startApache(port: number, placeholders: Placeholders): Promise<Apache> {
  if (!existsSync(PROGRAM) || !existsSync(join(MODULES, "mod_auth_openidc.so"))) {
    throw new Error("There is no Apache with mod_auth_openidc: install apache2-bin and libapache2-mod-auth-openidc.");
  }
  const folder = mkdtempSync(join(tmpdir(), "countersign-apache-"));
  const url = `http://localhost:${port}`;
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "www/admin"), { recursive: true });
  writeFileSync(join(folder, "www/admin/index.html"), "<!doctype html><title>Admin</title><h1>Admin</h1>");
  writeFileSync(join(folder, "apache.conf"), configuration(folder, port));
  writeFileSync(join(folder, "countersign.conf"), filledIn({ ...placeholders, APACHE_URL: url }));
  const process = spawn(PROGRAM, ["-D", "FOREGROUND", "-d", folder, "-f", join(folder, "apache.conf")]);
  const errors = () => (existsSync(join(folder, "error.log")) ? readFileSync(join(folder, "error.log"), "utf8") : "");
  await listening(url, process, errors);
  return {
    url,
    errors,
    async close() {
      await ended(process);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number): string {
  const isRoot = process.getuid?.() === 0;
  return [
    ...LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    `PidFile ${folder}/apache.pid`,
    `ErrorLog ${folder}/error.log`,
    `Listen 127.0.0.1:${port}`,
    `ServerName localhost:${port}`,
    ...(isRoot ? ["User www-data", "Group www-data"] : []),
    `DefaultRuntimeDir ${folder}`,
    `DocumentRoot ${folder}/www`,
    "DirectoryIndex index.html",
    'Header always set X-Remote-User "expr=%{REMOTE_USER}"',
    'Header always set X-Acr "expr=%{req:OIDC_CLAIM_acr}"',
    `Include ${folder}/countersign.conf`,
  ].join("\n");
}

function filledIn(placeholders: Readonly<Record<string, string>>): string {
  const values = {
    PASSPHRASE: crypto.randomUUID(),
    ACR_VALUES: "phr%20urn%3Acountersign%3Aacr%3Aotp",
    ...placeholders,
  };
  const sample = readFileSync(SAMPLE, "utf8").replaceAll(/^#.*$/gm, "");
  // Longer names first: one may begin with another.
  const names = Object.keys(values).sort((a, b) => b.length - a.length);
  return sample.replaceAll(
    new RegExp(names.map((name) => `\\b${name}\\b`).join("|"), "g"),
    (name) => Object(values)[name],
  );
}

async function listening(url: string, process: ChildProcess, errors: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (process.exitCode !== null) throw new Error(`Apache did not start: ${errors()}`);
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Apache does not listen: ${errors()}`);
}

function ended(process: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    process.once("exit", () => resolve());
    if (process.exitCode !== null || !process.kill("SIGTERM")) resolve();
  });
}
