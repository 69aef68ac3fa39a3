import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { dumpDatabase, dumpRows, tamper } from "../support/dump.ts";
import { enrolTotp, membersOf } from "../support/enrol.ts";
import { signInToAccount } from "../support/page-answers.ts";
import { MODEL_PAGES } from "../support/page-browser.ts";
import { startService } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

test("E-05: two installations store one reference under unrelated values", async () => {
  const other = await startService();
  const lookups = [];
  for (const [service, rp] of [
    [use.service, use.rp],
    [other, await other.addRelyingParty()],
  ] as const) {
    await enrolTotp(service, rp, "alice@example.org");
    const subjects = dumpRows(service.config.databasePath, "subjects").map((row) => membersOf(row));
    lookups.push(subjects.find(({ realm_id }) => realm_id !== "")?.lookup);
  }
  await other.close();
  expect(lookups).toEqual([expect.stringMatching(/^[\w-]{22}$/), expect.stringMatching(/^[\w-]{22}$/)]);
  expect(lookups[0]).not.toBe(lookups[1]);
});

test("R-02: no plain hash of a recovery code is stored, so that a dump alone tells no code", async () => {
  const { recoveryCodes } = await enrolTotp(use.service, use.rp, "alice");
  const { rows } = dumpDatabase(use.service.config.databasePath);
  for (const typed of recoveryCodes) {
    for (const code of [typed, typed.replaceAll("-", "")]) {
      for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
        const digest = hash(algorithm, code, "buffer");
        for (const text of [digest.toString("hex"), digest.toString("base64url").slice(0, 22)])
          expect(rows).not.toContain(text);
      }
    }
  }
});

test("S-01: a session's token is in no row and no byte of the database", async () => {
  const { browser } = await signInToAccount(use.service, use.rp);
  const tokens = [...browser.cookies.values()];
  expect(tokens).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  const { bytes, rows } = dumpDatabase(use.service.config.databasePath);
  for (const token of tokens) {
    expect(rows).not.toContain(token);
    expect(bytes.includes(token)).toBe(false);
  }
});

test("T-07: two secrets swapped in the database open for nobody", async () => {
  const alice = await enrolTotp(use.service, use.rp, "alice");
  const bob = await enrolTotp(use.service, use.rp, "bob");
  await tamper(
    use.service,
    `create temp table kept as select id, secret from authenticators where secret is not null;
     update authenticators set secret = (select secret from kept where kept.id <> authenticators.id)
       where secret is not null`,
  );
  for (const [subject, app] of [
    ["alice", bob],
    ["alice", alice],
    ["bob", alice],
    ["bob", bob],
  ] as const) {
    const refused = await use.rp.post("/v1/verify", { subject, totp: app.code() });
    expect(refused.status, subject).toBe(500);
  }
});
