import { describe, expect, test } from "vitest";
import { SCOPES } from "../../src/domain/relying-party.ts";
import { createApiKey, revokeApiKey, revokeRelyingParty } from "../../src/flows/relying-parties.ts";
import { V1_ROUTES } from "../../src/http/v1/index.ts";
import { WELL_FORMED, wellFormed } from "../support/requests.ts";
import { client, readAnswer } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const use = useService();
const routes = V1_ROUTES.map((route) => ({ ...route, ...wellFormed(route.path) }));

const actor = () => ({ actor: "test", requestId: "req_test", nowMs: use.service.clock.now() });

async function addKey(expiresInDays?: number) {
  const terms = { rpId: use.rp.clientId, scopes: SCOPES, expiresInDays };
  const created = await createApiKey(use.service.deps, actor(), terms);
  if (!created.ok) throw new Error(created.denial.code);
  return { keyId: created.value.keyId, post: client(use.service.app, created.value.apiKey) };
}

test("every route has a well-formed request here, and no other path has one", () => {
  expect(Object.keys(WELL_FORMED).sort()).toEqual(V1_ROUTES.map(({ path }) => path).sort());
});

describe.each(routes)("$path", ({ path, body, scope }) => {
  test("lets the scope in, and refuses a key that has every other scope", async () => {
    const allowed = await use.service.addRelyingParty({ scopes: [scope] });
    expect((await allowed.post(path, body)).body.code).not.toBe("caller_forbidden");
    const lacking = await use.service.addRelyingParty({ scopes: SCOPES.filter((other) => other !== scope) });
    const refused = await lacking.post(path, body);
    expect([refused.status, refused.body.code]).toEqual([403, "caller_forbidden"]);
  });

  test("refuses a missing, malformed, unknown, expired and revoked key alike, before it looks at the body", async () => {
    const expired = await addKey(1);
    const revoked = await addKey();
    await revokeApiKey(use.service.deps, actor(), { rpId: use.rp.clientId, keyId: revoked.keyId });
    use.service.clock.advance(DAY_MS);
    const unknown = client(use.service.app, `cs_${"A".repeat(43)}`);
    const malformed = client(use.service.app, "x");
    const bodies = new Set<string>();
    for (const post of [expired.post, revoked.post, unknown, malformed]) {
      const { status, headers, body } = await post(path, "{ not JSON");
      expect(headers.get("www-authenticate")).toBe('Bearer realm="countersign"');
      bodies.add(JSON.stringify({ status, ...body, instance: "" }));
    }
    const bare = await readAnswer(await use.service.app.request(path, { method: "POST" }));
    bodies.add(JSON.stringify({ status: bare.status, ...bare.body, instance: "" }));
    expect([...bodies]).toEqual([expect.stringMatching(/^{"status":401,.*"code":"caller_unauthenticated"/)]);
  });

  test("answers other methods with 405 and what it does answer", async () => {
    for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const response = await use.service.app.request(path, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
      expect(await response.json()).toMatchObject({ code: "method_not_allowed" });
    }
  });
});

test("on rotation both keys work until the old one is revoked; then only the new one does", async () => {
  const old = await addKey();
  const fresh = await addKey();
  const ask = { subject: "alice" };
  expect((await old.post("/v1/challenges", ask)).status).toBe(201);
  expect((await fresh.post("/v1/challenges", ask)).status).toBe(201);
  await revokeApiKey(use.service.deps, actor(), { rpId: use.rp.clientId, keyId: old.keyId });
  expect((await old.post("/v1/challenges", ask)).status).toBe(401);
  expect((await fresh.post("/v1/challenges", ask)).status).toBe(201);
});

test("a key works until the millisecond in which it expires", async () => {
  const key = await addKey(1);
  use.service.clock.advance(DAY_MS - 1);
  expect((await key.post("/v1/challenges", { subject: "alice" })).status).toBe(201);
  use.service.clock.advance(1);
  expect((await key.post("/v1/challenges", { subject: "alice" })).status).toBe(401);
});

test("revoking a relying party ends all its keys at once", async () => {
  const key = await addKey();
  await revokeRelyingParty(use.service.deps, actor(), use.rp.clientId);
  for (const post of [key.post, use.rp.post]) {
    expect((await post("/v1/challenges", { subject: "alice" })).status).toBe(401);
  }
});

test("the last use of a key is noted, at most once a minute", async () => {
  const lastUse = async () => (await use.service.deps.store.apiKeys.listOf(use.rp.clientId))[0]?.lastUsedAtMs;
  const startMs = use.service.clock.now();
  expect(await lastUse()).toBeNull();
  await use.rp.post("/v1/challenges", { subject: "alice" });
  expect(await lastUse()).toBe(startMs);
  use.service.clock.advance(60_000);
  await use.rp.post("/v1/challenges", { subject: "alice" });
  expect(await lastUse()).toBe(startMs);
  use.service.clock.advance(1);
  await use.rp.post("/v1/challenges", { subject: "alice" });
  expect(await lastUse()).toBe(startMs + 60_001);
});

test("a key is stored as a hash, with no more than its first characters to recognise it by", async () => {
  const [key] = await use.service.deps.store.apiKeys.listOf(use.rp.clientId);
  expect(key?.prefix).toBe(use.rp.apiKey.slice(0, 11));
  expect(use.rp.apiKey).toMatch(/^cs_[\w-]{43}$/);
  expect(JSON.stringify(key)).not.toContain(use.rp.apiKey.slice(11));
});
