import { expect, test } from "vitest";
import { dumpDatabase } from "../support/dump.ts";
import { openChallenge, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const RETURN = "http://localhost:3000/callback";

test("a link to each page is an address of ours with a fresh token, good for ten minutes", async () => {
  const challenge = textIn(await openChallenge(use.rp, "alice"), "challenge");
  const urls = new Set<string>();
  for (const body of [
    { page: "prompt", challenge, return_url: RETURN },
    { page: "account", subject: "alice", return_url: RETURN },
    { page: "enrol", subject: "alice", account_name: "alice" },
    { page: "enrol", subject: "nobody" },
  ]) {
    const made = await use.rp.post("/v1/links", body);
    expect(made.status, made.text).toBe(201);
    expect(made.body.expires_at).toBe("2026-11-23T08:10:00.000Z");
    urls.add(textIn(made, "url"));
  }
  expect(urls.size).toBe(4);
  for (const url of urls) expect(url).toMatch(/^http:\/\/localhost:8787\/enter\/[\w-]{43}$/);
});

test("the token of a link is not in the database", async () => {
  const made = await use.rp.post("/v1/links", { page: "account", subject: "alice", return_url: RETURN });
  const token = textIn(made, "url").slice(-43);
  const { bytes, rows } = dumpDatabase(use.service.config.databasePath);
  expect(rows).not.toContain(token);
  expect(bytes.includes(token)).toBe(false);
});

test("a return address is one of the registered ones, exactly", async () => {
  for (const return_url of [
    "http://localhost:3000/callback/",
    "http://localhost:3000/callback?x=1",
    "http://localhost:3000/Callback",
    "http://localhost:3000",
    "http://LOCALHOST:3000/callback",
    "http://localhost:3000/callback#f",
    "http://evil.example/callback",
    "//localhost:3000/callback",
    "javascript:alert(1)",
    "",
  ]) {
    const refused = await use.rp.post("/v1/links", { page: "account", subject: "alice", return_url });
    expect(refused.body.detail).toBe("return_url is not one of the registered redirect URIs.");
  }
});

test("the prompt is for a challenge and the other pages for a subject", async () => {
  const challenge = textIn(await openChallenge(use.rp, "alice"), "challenge");
  for (const body of [
    { page: "prompt" },
    { page: "prompt", subject: "alice" },
    { page: "prompt", subject: "alice", challenge },
    { page: "account" },
    { page: "account", challenge },
    { page: "enrol", subject: "alice", challenge },
    { page: "admin", subject: "alice" },
  ]) {
    expect((await use.rp.post("/v1/links", body)).body.code).toBe("invalid_request");
  }
});
