import { expect, test } from "vitest";
import { enrolTotp, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function remember(subject: string, totp: string, device?: string): Promise<string> {
  const verified = await use.rp.post("/v1/verify", { subject, totp, device, remember_device: true });
  expect(verified.status, verified.text).toBe(200);
  return textIn(verified, "device");
}

async function lanesCharged(): Promise<readonly unknown[]> {
  const rejected = await use.service.deps.store.audit.list({ kind: "answer_rejected", limit: 100 });
  return rejected.map(({ lane }) => lane).reverse();
}

test("a device token is issued when asked for, and only then", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const plain = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
  expect(plain.body).not.toHaveProperty("device");
  expect(await remember("alice", totp.next())).toMatch(/^dev_[0-9a-z]{26}\.[\w-]{43}$/);
});

test("a wrong answer earns no device token", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const refused = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong(), remember_device: true });
  expect(refused.text).not.toContain("dev_");
});

test("a device token alone is no pass: it only chooses the lane", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const device = await remember("alice", totp.code());
  const bare = await use.rp.post("/v1/verify", { subject: "alice", device });
  expect(bare.body.code).toBe("invalid_request");
  const wrong = await use.rp.post("/v1/verify", { subject: "alice", device, totp: totp.wrong() });
  expect(wrong.body.code).toBe("answer_rejected");
  expect(await lanesCharged()).toEqual(["device"]);
});

test("a success with a device token brings the next one, and only that one is good", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const first = await remember("alice", totp.code());
  const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next(), device: first });
  const second = textIn(verified, "device");
  expect(second).not.toBe(first);
  expect(second.split(".")[0]).toBe(first.split(".")[0]);
  await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong(), device: second });
  expect(await lanesCharged()).toEqual(["device"]);
});

test("a wrong answer does not rotate the token away", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const device = await remember("alice", totp.code());
  await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong(), device });
  await remember("alice", totp.next(), device);
  expect(await lanesCharged()).toEqual(["device"]);
});

test("an old token shows that two hold the line: the line is revoked, audited and told", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const first = await remember("alice", totp.code());
  const second = await remember("alice", totp.next(), first);
  const stolen = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong(), device: first });
  expect(stolen.body.code).toBe("answer_rejected");
  await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong(), device: second });
  expect(await lanesCharged()).toEqual(["open", "open"]);
  expect(await use.service.deps.store.audit.list({ kind: "device_replayed", limit: 9 })).toHaveLength(1);
  expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"device_replayed"');
  const right = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next(), device: second });
  expect(right.status).toBe(200);
  expect(right.body).not.toHaveProperty("device");
});

test("a device token is bound to its subject and its relying party", async () => {
  const alice = await enrolTotp(use.service, use.rp, "alice");
  const bob = await enrolTotp(use.service, use.rp, "bob");
  const device = await remember("alice", alice.next());
  await use.rp.post("/v1/verify", { subject: "bob", totp: bob.wrong(), device });
  const other = await use.service.addRelyingParty();
  await other.post("/v1/verify", { subject: "alice", totp: alice.wrong(), device });
  expect(await lanesCharged()).toEqual(["open", "open"]);
  expect(await use.service.deps.store.audit.list({ kind: "device_replayed", limit: 9 })).toEqual([]);
  expect(await remember("alice", alice.next(), device)).not.toBe(device);
});

test("a challenge opened with a device token is charged to the device's lane", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const device = await remember("alice", totp.code());
  const lane = { first_factor: true, device };
  const opened = await use.rp.post("/v1/challenges", { subject: "alice", lane });
  await use.rp.post("/v1/verify", { challenge: opened.body.challenge, totp: totp.wrong() });
  expect(await lanesCharged()).toEqual(["device"]);
});

test("of parallel right answers with one token at most one gets the next token", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const device = await remember("alice", totp.code());
  const code = totp.next();
  const [recovery_code] = totp.recoveryCodes;
  const answers = await Promise.all([
    use.rp.post("/v1/verify", { subject: "alice", totp: code, device }),
    use.rp.post("/v1/verify", { subject: "alice", recovery_code, device }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers.filter(({ body }) => body.device !== undefined)).toHaveLength(1);
});

test("an answer to a challenge that was opened with a device token rotates it", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const device = await remember("alice", totp.code());
  const lane = { first_factor: true, device };
  const opened = await use.rp.post("/v1/challenges", { subject: "alice", lane });
  const verified = await use.rp.post("/v1/verify", { challenge: textIn(opened, "challenge"), totp: totp.next() });
  expect(verified.body.amr).toEqual(["mfa", "otp", "pwd"]);
  expect(await remember("alice", totp.next(), textIn(verified, "device"))).not.toBe(device);
});
