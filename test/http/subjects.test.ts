import { expect, test } from "vitest";
import { dumpRows } from "../support/dump.ts";
import { enrolPasskey, enrolTotp, membersOf, prove, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

test("the status tells methods and nothing else, and knows neither strangers nor unfinished enrolments", async () => {
  await use.rp.post("/v1/enrolments", { subject: "bob", method: "totp" });
  for (const subject of ["nobody", "bob"]) {
    const status = await use.rp.post("/v1/subjects/status", { subject });
    expect(status.body).toEqual({ enrolled: false, methods: [] });
  }
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  await enrolPasskey(use.service, use.rp, "alice", { proof });
  const status = await use.rp.post("/v1/subjects/status", { subject: "alice" });
  expect(status.body).toEqual({ enrolled: true, methods: ["totp", "webauthn", "recovery_code"] });
});

test("a rename shows in the list, once the authenticator is the subject's own", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  await enrolTotp(use.service, use.rp, "bob");
  const rename = (subject: string, label: string) =>
    use.rp.post("/v1/authenticators/rename", { subject, authenticator: totp.id, label });
  expect((await rename("bob", "Mine now")).body.code).toBe("not_found");
  expect((await rename("nobody", "Mine now")).body.code).toBe("not_found");
  expect((await rename("alice", "Téléphone 📱")).body).toEqual({ renamed: true });
  const list = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
  expect(list.body.authenticators).toContainEqual(expect.objectContaining({ id: totp.id, label: "Téléphone 📱" }));
});

test("a label that could not be shown is refused", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  for (const label of ["a\nb", "\u0000", "\u2028", "\ud800", "x".repeat(65)]) {
    const refused = await use.rp.post("/v1/authenticators/rename", { subject: "alice", authenticator: totp.id, label });
    expect(refused.body.code).toBe("invalid_request");
  }
});

test("a revoked authenticator keeps its record and loses its secret", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  const revoked = await use.rp.post("/v1/authenticators/revoke", { subject: "alice", authenticator: totp.id, proof });
  expect(revoked.body).toEqual({ revoked: true });
  const rows = dumpRows(use.service.config.databasePath, "authenticators").map((row) => membersOf(row));
  expect(rows.filter(({ id }) => id === totp.id)).toEqual([
    expect.objectContaining({ status: "revoked", method: "totp", secret: null, public_key: null }),
  ]);
});

test("deleting erases everything of a subject but the pseudonymous audit log and the guess budgets", async () => {
  const path = use.service.config.databasePath;
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  await enrolPasskey(use.service, use.rp, "alice", { proof });
  await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next(), remember_device: true });
  await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong() });
  await use.rp.post("/v1/challenges", { subject: "alice" });
  await use.rp.post("/v1/links", { page: "account", subject: "alice" });
  await enrolTotp(use.service, use.rp, "bob");
  const [subject] = dumpRows(path, "subjects")
    .map((row) => membersOf(row))
    .filter(({ realm_id }) => realm_id !== "");
  const lookup = String(subject?.lookup);
  const holding = () => TABLES.filter((table) => JSON.stringify(dumpRows(path, table)).includes(lookup));
  expect(holding()).toEqual(TABLES);
  const codesBefore = dumpRows(path, "recovery_codes").length;
  const deleted = await use.rp.post("/v1/subjects/delete", { subject: "alice", reason: "asked by mail" });
  expect(deleted.body).toEqual({ deleted: true });
  expect(holding()).toEqual(["audit_events", "guess_budgets"]);
  expect([codesBefore, dumpRows(path, "recovery_codes").length]).toEqual([20, 10]);
  const [event] = await use.service.deps.store.audit.list({ kind: "subject_deleted", limit: 1 });
  expect(event).toMatchObject({ subjectLookup: lookup, reason: "asked by mail" });
  expect((await use.rp.post("/v1/subjects/status", { subject: "bob" })).body.enrolled).toBe(true);
});

const TABLES = ["audit_events", "authenticators", "challenges", "devices", "grants", "guess_budgets", "subjects"];

test("a deleted subject starts anew under another user handle and the same pairwise id", async () => {
  const before = await use.rp.post("/v1/enrolments", { subject: "alice", method: "webauthn" });
  await use.rp.post("/v1/subjects/delete", { subject: "alice", reason: "test" });
  const after = await use.rp.post("/v1/enrolments", { subject: "alice", method: "webauthn" });
  const handle = (text: string) => JSON.parse(text).webauthn.options.user.id;
  expect(handle(after.text)).not.toBe(handle(before.text));
  expect(textIn(after, "subject_id")).toBe(textIn(before, "subject_id"));
});

test("deleting needs a proof or a reason, not both, and a reason is one line of text", async () => {
  for (const terms of [{}, { reason: "" }, { reason: "a\r\nb" }, { reason: "\ud800" }, { reason: "x".repeat(201) }]) {
    const refused = await use.rp.post("/v1/subjects/delete", { subject: "alice", ...terms });
    expect(refused.body.code).toBe("invalid_request");
  }
  const both = { subject: "alice", reason: "test", proof: `ch_${"0".repeat(26)}` };
  expect((await use.rp.post("/v1/subjects/delete", both)).body.detail).toBe("needs exactly one of proof and reason.");
});

test("deleting a stranger answers like deleting a subject", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const [known, unknown] = await Promise.all(
    ["alice", "nobody"].map((subject) => use.rp.post("/v1/subjects/delete", { subject, reason: "test" })),
  );
  expect(unknown?.text).toBe(known?.text);
});
