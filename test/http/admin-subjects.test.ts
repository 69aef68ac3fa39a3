import { expect, test } from "vitest";
import { ADMIN_REALM_ID, DEFAULT_POLICY } from "../../src/domain/realm.ts";
import { resetSubject } from "../../src/flows/admin-reset.ts";
import { administer, find, touch, viewOf } from "../support/admin.ts";
import { enrolPasskey, enrolTotp, openChallenge, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const REASON = "Lost phone, passport seen at the desk";

async function startReset(subject = "alice") {
  const operator = await administer(use.service).signedIn("operator", "Olga");
  const found = await find(operator, use.rp.clientId, subject);
  const reset = found.touch?.reset;
  if (!reset) throw new Error("an operator is offered no reset");
  return { operator, found, fields: { target: found.target, reason: REASON, ...touch(operator, reset) } };
}

async function notables(): Promise<readonly Record<string, unknown>[]> {
  const { body } = await use.rp.post("/v1/events/list", {});
  // Held against the route's schema when it came in.
  return body.events as Record<string, unknown>[];
}

test("a subject is found by its exact reference, with kinds, states and counts", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const operator = await administer(use.service).signedIn("operator");
  const found = await find(operator, use.rp.clientId, "alice");
  expect(found.relyingParty).toEqual({ id: use.rp.clientId, name: "Shop" });
  expect(found.authenticators).toMatchObject([{ method: "totp" }]);
  expect(found.recoveryCodesLeft).toBe(10);
  expect(found.events.map(({ kind }) => kind)).toContain("authenticator_added");
  for (const near of ["Alice", "alice ", "alic"]) {
    expect((await find(operator, use.rp.clientId, near)).authenticators).toEqual([]);
  }
});

test("an unknown subject is shown like any other, with nothing in it", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const operator = await administer(use.service).signedIn("operator");
  const known = await find(operator, use.rp.clientId, "alice");
  const unknown = await find(operator, use.rp.clientId, "nobody");
  const { recoveryCodesLeft: _, ...members } = known;
  expect(Object.keys(unknown).sort()).toEqual(Object.keys(members).sort());
  expect([unknown.authenticators, unknown.budgets]).toEqual([[], []]);
  expect(unknown.events.map(({ kind }) => kind)).toEqual(["administrator_looked_up"]);
});

test("looking somebody up is written down, without the reference, which stands in no address and no page", async () => {
  await enrolTotp(use.service, use.rp, "alice@example.com");
  const operator = await administer(use.service).signedIn("operator", "Olga");
  await operator.get("/admin/subjects");
  const page = await operator.post("/admin/subjects", { relying_party: use.rp.clientId, subject: "alice@example.com" });
  const [looked] = await use.service.deps.store.audit.list({ kind: "administrator_looked_up", limit: 1 });
  expect(looked).toMatchObject({ rpId: use.rp.clientId, realmId: "default", actor: expect.stringMatching(/^adm_/) });
  const audit = await operator.get("/admin/audit");
  const everything = [page.text, audit.text, JSON.stringify(looked), ...use.service.log].join("\n");
  expect(everything).not.toContain("alice@example.com");
  expect(everything).not.toContain(encodeURIComponent("alice@example.com"));
  expect(page.location).toBeUndefined();
});

test("no administration page holds a secret, a code, a key or a credential", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const passkey = await enrolPasskey(use.service, use.rp, "bob");
  const owner = await administer(use.service).signedIn("owner");
  const pages = [];
  for (const subject of ["alice", "bob"]) {
    await owner.get("/admin/subjects");
    pages.push((await owner.post("/admin/subjects", { relying_party: use.rp.clientId, subject })).text);
  }
  const { clientId } = use.rp;
  for (const path of ["subjects", "relying-parties", `relying-parties/${clientId}`, "administrators", "audit"]) {
    pages.push((await owner.get(`/admin/${path}`)).text);
  }
  const text = pages.join("\n");
  const rp = await use.service.deps.store.relyingParties.find(clientId);
  const lookups = (await use.service.deps.store.audit.list({ kind: "authenticator_added", limit: 9 })).map(
    ({ subjectLookup }) => subjectLookup ?? "",
  );
  const stored = (
    await Promise.all(lookups.map((one) => use.service.deps.store.authenticators.listActive(one)))
  ).flat();
  const canaries = [
    ...[totp.secret, ...totp.recoveryCodes, ...passkey.recoveryCodes, use.rp.apiKey, rp?.clientSecretHash],
    ...stored.flatMap(({ secret, publicKey, credentialId, accountName }) => [
      secret,
      publicKey,
      credentialId,
      accountName,
    ]),
    ...lookups,
    owner.cookie(),
  ].filter((canary) => typeof canary === "string" && canary !== "");
  expect(canaries.length).toBeGreaterThan(25);
  for (const canary of canaries) expect(text).not.toContain(canary);
});

test("a full reset revokes everything, ends sessions, drops what is pending, tells by event, and lets the person start over", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const remembered = { subject: "alice", totp: totp.code(), remember_device: true };
  const device = textIn(await use.rp.post("/v1/verify", remembered), "device");
  await use.rp.post("/v1/links", { page: "account", subject: "alice" });
  const { store } = use.service.deps;
  const { operator, fields } = await startReset();
  const [added] = await store.audit.list({ kind: "authenticator_added", limit: 1 });
  const lookup = added?.subjectLookup ?? "";
  await openLinkFor("alice");
  expect(await store.sessions.listOf(lookup, use.service.clock.now())).toHaveLength(1);
  const done = viewOf(await operator.post("/admin/subjects/reset", fields), "subject");
  expect([done.done, done.authenticators, done.recoveryCodesLeft]).toEqual(["reset", [], undefined]);
  expect(await store.sessions.listOf(lookup, use.service.clock.now())).toEqual([]);
  expect(await store.authenticators.listActive(lookup)).toEqual([]);
  expect((await store.devices.find(device.split(".")[0] ?? ""))?.revokedAtMs).toBe(use.service.clock.now());
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).status).toBe(403);
  const code = totp.recoveryCodes[0] ?? "";
  expect((await use.rp.post("/v1/verify", { subject: "alice", recovery_code: code })).status).toBe(403);
  expect((await notables()).at(-1)).toMatchObject({ kind: "subject_reset", by_administrator: true });
  const [event] = await store.audit.list({ kind: "subject_reset", limit: 1 });
  expect(event).toMatchObject({ reason: REASON, subjectLookup: lookup, rpId: use.rp.clientId, realmId: "default" });
  expect(event?.actor).toMatch(/^adm_/);
  await enrolTotp(use.service, use.rp, "alice");
});

async function openLinkFor(subject: string): Promise<void> {
  const link = await use.rp.post("/v1/links", { page: "account", subject });
  const path = new URL(textIn(link, "url")).pathname;
  await administer(use.service).browser().get(path);
}

test("links and enrolments opened before a reset are dead after it", async () => {
  const { operator, fields } = await startReset("carol");
  const started = await use.rp.post("/v1/enrolments", { subject: "carol", method: "totp" });
  const link = await use.rp.post("/v1/links", { page: "enrol", subject: "carol" });
  expect([started.status, link.status]).toEqual([201, 201]);
  expect(viewOf(await operator.post("/admin/subjects/reset", fields), "subject").done).toBe("reset");
  const { browser } = administer(use.service);
  expect((await browser().get(new URL(textIn(link, "url")).pathname)).status).toBe(404);
  const confirmed = await use.rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, { totp: "123456" });
  expect(confirmed.status).toBe(404);
});

test("one authenticator can be reset and the others stay; with the last one the recovery codes go", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const opened = await openChallenge(use.rp, "alice");
  const proof = String(opened.body.challenge);
  await use.rp.post("/v1/verify", { challenge: proof, totp: totp.code() });
  const passkey = await enrolPasskey(use.service, use.rp, "alice", { proof });
  const first = await startReset();
  const one = viewOf(
    await first.operator.post("/admin/subjects/reset", { ...first.fields, authenticator: totp.id }),
    "subject",
  );
  expect([one.done, one.authenticators.map(({ id }) => id), one.recoveryCodesLeft]).toEqual([
    "reset",
    [passkey.id],
    10,
  ]);
  const reset = one.touch?.reset;
  if (!reset) throw new Error("no further reset is offered");
  const fields = { target: one.target, reason: REASON, authenticator: passkey.id, ...touch(first.operator, reset) };
  const last = viewOf(await first.operator.post("/admin/subjects/reset", fields), "subject");
  expect([last.authenticators, last.recoveryCodesLeft]).toEqual([[], undefined]);
});

test("another subject's authenticator cannot be reset through this one's page", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const bobs = await enrolTotp(use.service, use.rp, "bob");
  const { operator, fields } = await startReset("alice");
  const refused = await operator.post("/admin/subjects/reset", { ...fields, authenticator: bobs.id });
  expect([refused.status, refused.model.problem]).toEqual([409, "nothing_to_do"]);
  expect((await use.rp.post("/v1/verify", { subject: "bob", totp: bobs.code() })).status).toBe(200);
});

test("a reset without a reason is refused, and the passkey touch is not used up", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const { operator, fields } = await startReset();
  for (const reason of ["", "   ", "x".repeat(201), "two\nlines"]) {
    const refused = await operator.post("/admin/subjects/reset", { ...fields, reason });
    expect([refused.status, refused.model.problem]).toEqual([400, "reason_missing"]);
  }
  expect(viewOf(await operator.post("/admin/subjects/reset", fields), "subject").done).toBe("reset");
});

test("a target made elsewhere, or in another session, is none", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const { fields } = await startReset();
  const other = await administer(use.service).signedIn("operator", "Otto");
  for (const target of ["", "v1.x.y", fields.target]) {
    const refused = await other.post("/admin/subjects/reset", { ...fields, target });
    expect([refused.status, refused.model.problem]).toEqual([404, "not_found"]);
  }
});

test("a shut lane is opened again by an administrator, with a reason, and told by event", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const wrong = { subject: "alice", totp: totp.wrong(), first_factor: true };
  for (let n = 0; n < DEFAULT_POLICY.budgets.proven.freeInRow; n++) await use.rp.post("/v1/verify", wrong);
  const right = { ...wrong, totp: totp.next() };
  use.service.clock.advance(-1);
  expect((await use.rp.post("/v1/verify", wrong)).status).toBe(429);
  const operator = await administer(use.service).signedIn("operator");
  const found = await find(operator, use.rp.clientId, "alice");
  expect(found.budgets).toMatchObject([
    { lane: "proven", method: "totp", state: "waiting", wrongInRow: 5, wrongToday: 5 },
  ]);
  const lift = found.touch?.lift;
  if (!lift) throw new Error("an operator is offered no lift");
  const fields = { target: found.target, lane: "proven", reason: REASON, ...touch(operator, lift) };
  const lifted = viewOf(await operator.post("/admin/subjects/lift", fields), "subject");
  expect([lifted.done, lifted.budgets]).toEqual(["lifted", []]);
  expect((await notables()).at(-1)).toMatchObject({ kind: "budget_lifted", by_administrator: true });
  use.service.clock.advance(1);
  expect((await use.rp.post("/v1/verify", right)).status).toBe(200);
});

test("a lane that is open is left alone, and its counts stay", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong() });
  const operator = await administer(use.service).signedIn("operator");
  const found = await find(operator, use.rp.clientId, "alice");
  const lift = found.touch?.lift;
  if (!lift) throw new Error("an operator is offered no lift");
  const fields = { target: found.target, lane: "open", reason: REASON, ...touch(operator, lift) };
  const refused = viewOf(await operator.post("/admin/subjects/lift", fields), "subject");
  expect([refused.problem, refused.budgets[0]?.wrongToday]).toEqual(["nothing_to_do", 1]);
});

test("an auditor sees a subject and is offered nothing to change", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const auditor = await administer(use.service).signedIn("auditor");
  const found = await find(auditor, use.rp.clientId, "alice");
  expect(found.authenticators).toHaveLength(1);
  expect(found).not.toHaveProperty("touch");
});

test("administrators are no subjects of these pages, whoever asks", async () => {
  const inside = await use.service.addRelyingParty({ name: "Inside", realmId: "admin" });
  const { signedIn } = administer(use.service);
  const operator = await signedIn("operator");
  const [self] = await use.service.deps.store.administrators.list();
  await operator.get("/admin/subjects");
  const refused = await operator.post("/admin/subjects", { relying_party: inside.clientId, subject: self?.id ?? "" });
  expect([refused.status, refused.model.problem]).toEqual([404, "not_found"]);
});

test("no administrator resets themself or another, even where a target could be made up", async () => {
  const { signedIn } = administer(use.service);
  await signedIn("owner");
  await signedIn("operator");
  const { deps, clock } = use.service;
  const [owner, operator] = await deps.store.administrators.list();
  if (!owner || !operator) throw new Error("two administrators were expected");
  const realm = await deps.realms.get(ADMIN_REALM_ID);
  const call = { requestId: "req_test", nowMs: clock.now(), rpId: "rp_countersign", realm, sessionId: "s" };
  const reset = (lookup: string, realmId: string) =>
    resetSubject(
      deps,
      { ...call, administrator: operator },
      { target: { lookup, realmId, rpId: use.rp.clientId }, reason: REASON, touch: { id: "", response: undefined } },
    );
  expect(await reset(operator.subjectLookup, "default")).toEqual({ ok: false, problem: "own_account" });
  expect(await reset(owner.subjectLookup, ADMIN_REALM_ID)).toEqual({ ok: false, problem: "forbidden" });
});
