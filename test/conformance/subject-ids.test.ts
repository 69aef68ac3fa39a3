import { expect, test } from "vitest";
import { dumpDatabase } from "../support/dump.ts";
import { creationOptionsIn, enrolTotp, openChallenge, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function idOf(subject: string, rp = use.rp): Promise<string> {
  return textIn(await openChallenge(rp, subject), "subject_id");
}

test("E-04: each relying party knows a person by an id of its own, the same each time", async () => {
  const other = await use.service.addRelyingParty();
  const subjects = ["alice", "bob", "carol", "nobody"];
  const ours = await Promise.all(subjects.map((subject) => idOf(subject)));
  const theirs = await Promise.all(subjects.map((subject) => idOf(subject, other)));
  expect(new Set([...ours, ...theirs]).size).toBe(8);
  expect(await Promise.all(subjects.map((subject) => idOf(subject)))).toEqual(ours);
});

test("E-04: pairwise ids are nowhere in the database, so that a dump links no two of them", async () => {
  const other = await use.service.addRelyingParty();
  await enrolTotp(use.service, use.rp, "alice");
  const ids = [await idOf("alice"), await idOf("alice", other)];
  const { bytes, rows } = dumpDatabase(use.service.config.databasePath);
  for (const id of ids) {
    expect(rows).not.toContain(id.slice(4));
    expect(bytes.includes(id.slice(4))).toBe(false);
  }
});

test("E-04: the id is the same in every answer about a person", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
  const [event] = JSON.parse((await use.rp.post("/v1/events/list", {})).text).events;
  expect([textIn(verified, "subject_id"), event.subject_id]).toEqual([await idOf("alice"), await idOf("alice")]);
});

test("E-05: a reference is stored as none of its plain digests", async () => {
  await enrolTotp(use.service, use.rp, "alice@example.org");
  const { rows } = dumpDatabase(use.service.config.databasePath);
  for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
    const digest = await import("node:crypto").then(({ hash }) => hash(algorithm, "alice@example.org", "buffer"));
    for (const text of [digest.toString("hex"), digest.toString("base64url").slice(0, 22)])
      expect(rows).not.toContain(text);
  }
});

test("E-13: the WebAuthn user handle is 64 random bytes, one per subject and realm", async () => {
  const { store } = use.service.deps;
  const realm = { id: "other", name: "Other", rpId: "localhost", origins: [use.service.config.publicUrl] };
  await store.atomically([store.realms.put(realm, use.service.clock.now())]);
  const foreign = await use.service.addRelyingParty({ realmId: "other" });
  const handles = [];
  for (const [rp, subject] of [
    [use.rp, "alice"],
    [use.rp, "bob"],
    [foreign, "alice"],
  ] as const) {
    const started = await rp.post("/v1/enrolments", { subject, method: "webauthn" });
    handles.push(creationOptionsIn(started).user.id);
  }
  const again = await use.rp.post("/v1/enrolments", { subject: "alice", method: "webauthn" });
  expect(new Set(handles).size).toBe(3);
  expect(creationOptionsIn(again).user.id).toBe(handles[0]);
  for (const handle of handles) {
    const bytes = Buffer.from(handle, "base64url");
    expect(bytes).toHaveLength(64);
    expect(new Set(bytes).size).toBeGreaterThan(32);
  }
});

test("T-01: a TOTP secret has 160 random bits, and no two are alike", async () => {
  const secrets = new Set<string>();
  for (let index = 0; index < 50; index++) {
    const started = await use.rp.post("/v1/enrolments", { subject: `s${index}`, method: "totp" });
    const { secret } = JSON.parse(started.text).totp;
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    secrets.add(secret);
  }
  expect(secrets.size).toBe(50);
});
