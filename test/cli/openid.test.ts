import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createInstallation, type Installation } from "../support/command-line.ts";

// Each test starts several processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let installation: Installation;

beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.remove());

function file(name: string, content: string): string {
  const path = join(installation.dataDir, "..", name);
  writeFileSync(path, content);
  return path;
}

function createParty(...more: readonly string[]) {
  const uri = "https://shop.example/callback";
  return installation.run("rp", "create", "--name", "Shop", "--redirect-uri", uri, "--json", ...more);
}

describe("countersign rp create", () => {
  test("takes public keys instead of a secret, and no private ones", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const signing = file("public", JSON.stringify({ keys: [await exportJWK(publicKey)] }));
    const created = await createParty("--jwks", signing, "--allow-insecure-authorize");
    expect(Object.keys(JSON.parse(created.stdout))).toEqual(["client_id", "api_key"]);
    const listed = await installation.run("rp", "list", "--json");
    expect(JSON.parse(listed.stdout).relying_parties).toMatchObject([
      { token_endpoint_auth_method: "private_key_jwt", allow_insecure_authorize: true },
    ]);
    const secret = file("private", JSON.stringify({ keys: [await exportJWK(privateKey)] }));
    const refused = await createParty("--jwks", secret);
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect((await createParty("--jwks", "/nowhere")).code).toBe(1);
  });
});

describe("countersign keys rotate-signing", () => {
  test("publishes a further key, and with --compromised leaves one alone", async () => {
    const rotated = await installation.run("keys", "rotate-signing");
    expect([rotated.code, rotated.stdout]).toEqual([0, expect.stringMatching(/^Signing key [\w-]{43} is published/)]);
    await installation.run("keys", "rotate-signing");
    const replaced = await installation.run("keys", "rotate-signing", "--compromised");
    const kid = /^Signing key ([\w-]{43}) is the only one/.exec(replaced.stdout)?.[1];
    const server = await installation.serve();
    const { keys } = await (await fetch(`${server.url}/.well-known/jwks.json`)).json();
    expect(keys.map((key: { kid: string }) => key.kid)).toEqual([kid]);
    const { stdout } = await installation.run("audit", "export");
    expect(stdout.match(/signing_key_rotated/g)).toHaveLength(3);
  });
});

describe("countersign realm brand", () => {
  test("changes a realm's looks, and says what to do about a colour that cannot be read", async () => {
    const logo = file("logo", '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h8v8z"/></svg>');
    const saved = await installation.run("realm", "brand", "--name", "Juniper", "--logo", logo, "--accent", "#7a1f5c");
    expect(saved.code, saved.stderr).toBe(0);
    const listed = await installation.run("realm", "list");
    expect(listed.stdout).toContain("default  Juniper");
    const refused = await installation.run("realm", "brand", "--accent", "#ffff00");
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/The nearest one that can be read is #\w{6}/),
    ]);
    expect((await installation.run("realm", "brand", "--logo", "/nowhere")).code).toBe(1);
    expect((await installation.run("realm", "brand", "--realm", "nowhere", "--name", "X")).code).toBe(1);
  });
});
