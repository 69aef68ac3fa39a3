import { describe, expect, test } from "vitest";
import { openPrompt } from "../support/page-answers.ts";
import { linkTo, MODEL_PAGES, openBrowser, viewOf } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const HERE = "203.0.113.9";
const ELSEWHERE = "203.0.113.10";
/** Twice what the policy says for answers: a sign-in on our pages is a link and a form. */
const AT_ONCE = 120;

async function follow(times: number, address?: string): Promise<readonly number[]> {
  const statuses: number[] = [];
  const browser = openBrowser(use.service, address);
  for (let tries = 0; tries < times; tries++) statuses.push((await browser.get(`/enter/${"A".repeat(43)}`)).status);
  return statuses;
}

describe("a source at the hosted pages", () => {
  test("follows a hundred and twenty links at once, then two a second, and others are not affected", async () => {
    expect(await follow(AT_ONCE + 1, HERE)).toEqual([...Array(AT_ONCE).fill(404), 429]);
    expect(await follow(1, ELSEWHERE)).toEqual([404]);
    use.service.clock.advance(1000);
    expect(await follow(3, HERE)).toEqual([404, 404, 429]);
  });

  test("that is limited does not use a link up, and is told when to come back", async () => {
    const link = await linkTo(use.rp, { page: "account", subject: "alice" });
    await follow(AT_ONCE, HERE);
    const limited = await openBrowser(use.service, HERE).enter(link);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "1"]);
    viewOf(limited, "plain", "too_many");
    expect((await openBrowser(use.service, ELSEWHERE).enter(link)).location ?? "").toBe("/enrol");
  });

  test("posts forms within the same limit, whatever the form, and none is looked at beyond it", async () => {
    const { browser } = await openPrompt(use.service, use.rp, "alice", { address: HERE });
    await follow(AT_ONCE, HERE);
    for (const path of ["/prompt", "/prompt/restart", "/prompt/cancel", "/prompt/continue"]) {
      const limited = await browser.post(path, { totp: "123456" });
      expect([path, limited.status]).toEqual([path, 429]);
    }
    expect(await use.service.deps.store.audit.list({ kind: "challenge_declined", limit: 1 })).toEqual([]);
    expect((await browser.get("/prompt")).status).toBe(200);
  });

  test("is any address of an IPv6 /64", async () => {
    await follow(AT_ONCE, "2001:db8::1");
    expect(await follow(1, "2001:db8::ffff:2")).toEqual([429]);
    expect(await follow(1, "2001:db8:0:1::2")).toEqual([404]);
  });

  test("that the runtime does not know is not limited", async () => {
    expect(await follow(AT_ONCE + 10)).toEqual(Array(AT_ONCE + 10).fill(404));
  });
});
