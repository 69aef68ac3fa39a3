import { describe, expect, test } from "vitest";
import {
  creationOptionsIn,
  enrolPasskey,
  enrolTotp,
  membersOf,
  openChallenge,
  prove,
  textIn,
  totpApp,
} from "../support/enrol.ts";
import type { Answer, Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";

const use = useService();

function start(subject: string, terms: Json = {}): Promise<Answer> {
  return use.rp.post("/v1/enrolments", { subject, method: "totp", ...terms });
}

function confirm(started: Answer, answer: Json): Promise<Answer> {
  return use.rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, answer);
}

function appFor(started: Answer) {
  return totpApp(use.service, String(membersOf(started.body.totp).secret));
}

async function methodsOf(subject: string): Promise<unknown> {
  return (await use.rp.post("/v1/subjects/status", { subject })).body.methods;
}

describe("an authenticator app", () => {
  test("is enrolled with secret, key URI, QR code and a page for the same", async () => {
    const started = await start("alice", { account_name: "alice@shop", label: "Work phone" });
    expect(Object.keys(started.body)).toEqual(["enrolment", "subject_id", "method", "expires_at", "url", "totp"]);
    const { secret, uri, qr_svg } = membersOf(started.body.totp);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toBe(`otpauth://totp/Shop:alice@shop?secret=${secret}&issuer=Shop`);
    expect(qr_svg).toMatch(/^<svg /);
    expect(started.body).toMatchObject({
      enrolment: expect.stringMatching(/^en_[0-9a-z]{26}$/),
      expires_at: "2026-11-23T08:10:00.000Z",
      url: expect.stringMatching(/^http:\/\/localhost:8787\/enter\/[\w-]{43}$/),
    });
  });

  test("gets a neutral name unless the relying party gives one", async () => {
    const started = await start("alice@example.org");
    const name = textIn(started, "subject_id").slice(-4).toUpperCase();
    expect(membersOf(started.body.totp).uri).toContain(`otpauth://totp/Shop:user%20${name}?`);
    expect(started.text).not.toContain("alice");
  });

  test("counts once its code is right, and comes with ten recovery codes", async () => {
    const started = await start("alice", { label: "Work phone" });
    expect(await methodsOf("alice")).toEqual([]);
    const confirmed = await confirm(started, { totp: appFor(started).code() });
    expect(Object.keys(confirmed.body)).toEqual(["authenticator", "recovery_codes"]);
    expect(confirmed.body.authenticator).toEqual({
      id: textIn(started, "enrolment").replace("en_", "au_"),
      method: "totp",
      label: "Work phone",
      created_at: "2026-11-23T08:00:00.000Z",
    });
    const codes = confirmed.body.recovery_codes;
    expect(new Set(Array.isArray(codes) ? codes : []).size).toBe(10);
    for (const code of Array.isArray(codes) ? codes : [])
      expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-z]{4}$/);
    expect(await methodsOf("alice")).toEqual(["totp", "recovery_code"]);
  });

  test("takes a label at the end as well", async () => {
    const started = await start("alice", { label: "Phone" });
    const confirmed = await confirm(started, { totp: appFor(started).code(), label: "New phone" });
    expect(membersOf(confirmed.body.authenticator).label).toBe("New phone");
  });

  test("has its confirming code used up", async () => {
    const started = await start("alice");
    const totp = appFor(started).code();
    expect((await confirm(started, { totp })).status).toBe(201);
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp })).status).toBe(403);
  });

  test("is confirmed once, also by sixty at a time", async () => {
    const started = await start("alice");
    const totp = appFor(started).code();
    const answers = await Promise.all(Array.from({ length: 60 }, () => confirm(started, { totp })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await confirm(started, { totp })).body.code).toBe("not_found");
  });

  test("whose clock is four minutes behind or ahead is told by how much", async () => {
    const started = await start("alice");
    for (const seconds of [-240, 240, -3600]) {
      const refused = await confirm(started, { totp: appFor(started).code(seconds * 1000) });
      expect(refused.body).toMatchObject({ code: "answer_rejected", clock_skew_seconds: seconds });
    }
    const wrong = await confirm(started, { totp: "12345" });
    expect(wrong.body).not.toHaveProperty("clock_skew_seconds");
    expect(await methodsOf("alice")).toEqual([]);
  });

  test("that is not confirmed within ten minutes never was", async () => {
    const started = await start("alice");
    use.service.clock.advance(10 * 60_000 - 1);
    expect((await confirm(started, { totp: "12345" })).body.code).toBe("answer_rejected");
    use.service.clock.advance(1);
    expect((await confirm(started, { totp: appFor(started).code() })).body.code).toBe("not_found");
  });

  test("takes twenty attempts, then not even the right code", async () => {
    const started = await start("alice");
    for (let attempt = 0; attempt < 20; attempt++) {
      expect((await confirm(started, { totp: "12345" })).body.code).toBe("answer_rejected");
    }
    expect((await confirm(started, { totp: appFor(started).code() })).body.code).toBe("not_found");
  });

  test("never replaces the live one while it is unfinished", async () => {
    const live = await enrolTotp(use.service, use.rp, "alice");
    const proof = await prove(use.rp, "alice", { totp: live.code() });
    const started = await start("alice", { proof });
    await confirm(started, { totp: "12345" });
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: live.next() })).status).toBe(200);
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: appFor(started).code() })).status).toBe(403);
  });

  test("is not confirmed with an empty answer, nor with a passkey's", async () => {
    const started = await start("alice");
    for (const answer of [{}, { webauthn: {} }]) {
      expect((await confirm(started, answer)).body.code).toBe("answer_rejected");
    }
    expect(await use.service.deps.store.audit.list({ kind: "enrolment_rejected", limit: 9 })).toHaveLength(2);
  });

  test("can be one of three, and no fourth", async () => {
    const first = await enrolTotp(use.service, use.rp, "alice");
    for (const code of [first.code, first.next]) {
      const proof = await prove(use.rp, "alice", { totp: code() });
      await enrolTotp(use.service, use.rp, "alice", proof);
    }
    const proof = await prove(use.rp, "alice", { totp: first.next() });
    const refused = await start("alice", { proof });
    expect(refused.body.detail).toBe("This subject has as many authenticators of this method as it can have.");
  });
});

test("a confirmed enrolment drops the subject's other unfinished ones, and nobody else's", async () => {
  const first = await start("alice");
  const second = await start("alice");
  const bobs = await start("bob");
  expect((await confirm(second, { totp: appFor(second).code() })).status).toBe(201);
  expect((await confirm(first, { totp: appFor(first).code() })).body.code).toBe("not_found");
  expect((await confirm(bobs, { totp: appFor(bobs).code() })).status).toBe(201);
});

describe("a passkey", () => {
  test("is asked for with what the standard advises", async () => {
    const started = await start("alice@example.org", { method: "webauthn" });
    const options = creationOptionsIn(started);
    expect(options).toMatchObject({
      rp: { id: "localhost", name: "Countersign" },
      timeout: 600_000,
      attestation: "none",
      excludeCredentials: [],
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    });
    expect(options.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-8, -7, -257]);
    expect(Buffer.from(options.user.id, "base64url")).toHaveLength(64);
    expect(Buffer.from(options.challenge, "base64url")).toHaveLength(32);
    expect(options.user.name).toMatch(/^user [0-9A-Z]{4}$/);
  });

  test("excludes those already there, under one user handle", async () => {
    const first = await enrolPasskey(use.service, use.rp, "alice");
    const proof = await prove(use.rp, "alice", (opened) => ({ webauthn: first.answer(opened) }));
    const opened = await openChallenge(use.rp, "alice");
    const proof2 = await use.rp.post("/v1/verify", {
      challenge: opened.body.challenge,
      webauthn: first.answer(opened),
    });
    const one = creationOptionsIn(await start("alice", { method: "webauthn", proof }));
    const two = creationOptionsIn(await start("alice", { method: "webauthn", proof: proof2.body.challenge }));
    expect(one.excludeCredentials).toHaveLength(1);
    expect(two.user.id).toBe(one.user.id);
    expect(() => first.device.register(one)).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
  });

  test("is listed with what is known of it", async () => {
    const settings = { backupEligible: true, backupState: true };
    const passkey = await enrolPasskey(use.service, use.rp, "alice", { settings });
    const list = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
    expect(list.body.authenticators).toContainEqual({
      id: passkey.id,
      method: "webauthn",
      label: "Passkey 2026-11-23",
      created_at: "2026-11-23T08:00:00.000Z",
      synced: true,
    });
  });

  test("is refused with another's challenge, a foreign origin or a bad key, and can be tried again", async () => {
    const origin = use.service.config.publicUrl;
    const device = createAuthenticator({ rpId: "localhost", origin });
    const started = await start("alice", { method: "webauthn" });
    const other = await start("bob", { method: "webauthn" });
    const bad = [
      device.register(creationOptionsIn(other)),
      device.register(creationOptionsIn(started), { origin: "https://evil.example" }),
      device.register(creationOptionsIn(started), { publicKey: new Map() }),
    ];
    for (const webauthn of bad) expect((await confirm(started, { webauthn })).body.code).toBe("answer_rejected");
    const webauthn = device.register(creationOptionsIn(started));
    expect((await confirm(started, { webauthn })).status).toBe(201);
  });
});

test("an account name that an app could not show is refused by its rule", async () => {
  for (const account_name of ["a:b", "line\nbreak", "\u202egnp.exe", " "]) {
    const refused = await start("alice", { account_name });
    expect(refused.body).toMatchObject({ detail: "account_name cannot be shown in an authenticator app." });
  }
});

test("an enrolment id that is none answers like one that nobody has", async () => {
  for (const id of ["x", "au_0000000000000000000000000a", "%E0%A4%A", "..%2f..", `en_${"0".repeat(26)}`]) {
    const refused = await use.rp.post(`/v1/enrolments/${id}/confirm`, { totp: "123456" });
    expect(refused.body.code).toBe("not_found");
  }
});
