import { expect, test } from "vitest";
import { enrolTotp } from "../support/enrol.ts";
import type { Answer } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
let asked = 0;

/** Another subject each time: what is limited is the source. */
function ask(source_ip: string): Promise<Answer> {
  return use.rp.post("/v1/verify", { subject: `subject-${asked++}`, totp: "123456", source_ip });
}

async function statuses(addresses: readonly string[]): Promise<readonly number[]> {
  const answers = await Promise.all(addresses.map(ask));
  return answers.map(({ status }) => status);
}

test("an IPv4 address gets sixty requests at once, then one a second", async () => {
  const first = await statuses(Array.from({ length: 70 }, () => "203.0.113.7"));
  expect(first.filter((status) => status === 403)).toHaveLength(60);
  const limited = await ask("203.0.113.7");
  expect(limited.body.code).toBe("rate_limited");
  expect(limited.headers.get("retry-after")).toBe("1");
  use.service.clock.advance(1000);
  // Which of the two comes first is the database's matter.
  expect([...(await statuses(["203.0.113.7", "203.0.113.7"]))].sort()).toEqual([403, 429]);
  expect(await statuses(["203.0.113.8"])).toEqual([403]);
});

test("all addresses of an IPv6 /64 are one source, in any spelling", async () => {
  const spread = Array.from({ length: 60 }, (_, index) => `2001:db8:0:1:${index.toString(16)}::1`);
  await statuses(spread);
  const spellings = ["2001:DB8:0:1::", "2001:db8::1:0:0:0:1", "2001:0db8:0000:0001:ffff:ffff:ffff:ffff"];
  expect(await statuses(spellings)).toEqual([429, 429, 429]);
  expect(await statuses(["2001:db8:0:2::1"])).toEqual([403]);
});

test("an IPv4 address mapped into IPv6 is the same source", async () => {
  await statuses(Array.from({ length: 60 }, () => "::ffff:203.0.113.7"));
  expect(await statuses(["203.0.113.7", "::ffff:cb00:7107", "::ffff:203.0.113.8"])).toEqual([429, 429, 403]);
});

test("opening challenges counts like answering", async () => {
  const source_ip = "198.51.100.1";
  const opened = await Promise.all(
    Array.from({ length: 61 }, (_, index) => use.rp.post("/v1/challenges", { subject: `s${index}`, source_ip })),
  );
  expect(opened.filter(({ status }) => status === 201)).toHaveLength(60);
  expect(opened.filter(({ body }) => body.code === "rate_limited")).toHaveLength(1);
  expect(await statuses([source_ip])).toEqual([429]);
});

test("a limited source costs the subject no guess and burns no code", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  await statuses(Array.from({ length: 60 }, () => "192.0.2.1"));
  const body = { subject: "alice", totp: totp.code() };
  for (let turn = 0; turn < 20; turn++) {
    expect((await use.rp.post("/v1/verify", { ...body, source_ip: "192.0.2.1" })).status).toBe(429);
  }
  expect((await use.rp.post("/v1/verify", body)).status).toBe(200);
});

test("an address that is none is refused without being repeated", async () => {
  for (const source_ip of ["localhost", "1.2.3", "1.2.3.4, 5.6.7.8", "1.2.3.256", "::1::", "fe80::1%\u0000\n"]) {
    const refused = await ask(source_ip);
    expect(refused.body).toMatchObject({ code: "invalid_request", detail: "source_ip is not an IP address." });
  }
});

test("no forwarded header stands in for the source that the relying party names", async () => {
  const headers = { "x-forwarded-for": "203.0.113.9", forwarded: "for=203.0.113.9", "x-real-ip": "203.0.113.9" };
  for (let turn = 0; turn < 70; turn++) {
    const body = { subject: `s${turn}`, totp: "123456" };
    expect((await use.rp.post("/v1/verify", body, headers)).status).toBe(403);
  }
  expect(await statuses(["203.0.113.9"])).toEqual([403]);
});
