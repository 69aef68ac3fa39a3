import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** The source files that mention something, by their path from the root. */
function filesWith(pattern: RegExp, folders: readonly string[] = ["src", "web"]): readonly string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith("dist/"))
      .map((path) => `${folder}/${path}`),
  );
  expect(files.length).toBeGreaterThan(100);
  return files.filter((path) => pattern.test(readFileSync(join(ROOT, path), "utf8"))).sort();
}

test("C-04: nothing is drawn from a weak source, and no UUID stands in for a secret", () => {
  expect(filesWith(/\brandomFillSync\b/)).toEqual(["src/runtime/node-random.ts"]);
  expect(filesWith(/Math\.random|randomUUID|pseudoRandomBytes/)).toEqual([]);
});

test("C-05: SHA-1 is computed for one-time codes and for the look-up of breached passwords, nowhere else", () => {
  expect(filesWith(/["']SHA-?1["']|\bsha1["']/)).toEqual(SHA_1);
  expect(filesWith(/\bmd5\b|createCipher\b|"(?:des-|des3|rc4|aes-\d+-(?:cbc|ecb|ctr))/i)).toEqual([]);
});

/** Those that name the TOTP algorithm, the HMAC behind it, and breach indexes; the dump audit looks for it. */
const SHA_1 = [
  "src/cli/dump-audit/spellings.ts",
  "src/cli/probe/people.ts",
  "src/crypto/hmac.ts",
  "src/domain/authenticator.ts",
  "src/domain/realm.ts",
  "src/http/range.ts",
  "src/methods/otpauth-uri.ts",
  "src/password/bundled-breach-index.ts",
  "src/store/realms.ts",
];
