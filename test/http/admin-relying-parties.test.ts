import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { SCOPES } from "../../src/domain/relying-party.ts";
import { brandRealm } from "../../src/flows/brand-realm.ts";
import { type AdminBrowser, administer, touch, viewOf } from "../support/admin.ts";
import { client } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();
const LIST = "/admin/relying-parties";
const DAY_MS = 24 * 60 * 60 * 1000;

async function owner(): Promise<AdminBrowser> {
  const browser = await administer(use.service).signedIn("owner");
  await browser.get(LIST);
  return browser;
}

async function assess(apiKey: string): Promise<number> {
  return (await client(use.service.app, apiKey)("/v1/passwords/assess", { password: "correct horse" })).status;
}

test("a new relying party's secrets are shown in one answer and never again", async () => {
  const browser = await owner();
  const uris = "https://news.example/callback\nhttp://localhost:4000/cb";
  const created = viewOf(await browser.post(LIST, { name: "News", redirect_uris: uris }), "relying_party");
  const { clientId, clientSecret = "", apiKey = "" } = created.created ?? {};
  expect(created.relyingParty).toMatchObject({ id: clientId, name: "News", status: "active", activeKeys: 1 });
  expect(created.relyingParty.redirectUris).toEqual(uris.split("\n"));
  expect(await assess(apiKey)).toBe(200);
  const later = [await browser.get(LIST), await browser.get(`${LIST}/${clientId}`), await browser.get("/admin/audit")];
  for (const page of later) {
    expect(page.text).not.toContain(apiKey);
    expect(page.text).not.toContain(clientSecret);
  }
});

test("a name or an address that cannot be used makes no relying party", async () => {
  const browser = await owner();
  const wrongs = [
    { name: "", redirect_uris: "" },
    { name: "News", redirect_uris: "http://news.example/cb" },
    { name: "News", redirect_uris: "https://news.example/cb#part" },
    { name: "News", redirect_uris: "javascript:alert(1)" },
    { name: "News", redirect_uris: "https://a.example/\n".repeat(21) },
  ];
  const problems = [];
  for (const fields of wrongs) problems.push((await browser.post(LIST, fields)).model.problem);
  expect(problems).toEqual(["invalid_name", ...Array(4).fill("invalid_redirect_uri")]);
  expect(await use.service.deps.store.relyingParties.list()).toHaveLength(1);
});

test("a further key has the scopes and the end that were chosen, and works beside the old one", async () => {
  const browser = await owner();
  const path = `${LIST}/${use.rp.clientId}/keys`;
  const fields = { "scope:passwords:assess": "on", expires_in_days: "30" };
  const page = viewOf(await browser.post(path, fields), "relying_party");
  const apiKey = page.created?.apiKey ?? "";
  expect(page.created).toEqual({ clientId: use.rp.clientId, apiKey });
  expect(page.keys.find(({ prefix }) => apiKey.startsWith(prefix))).toMatchObject({
    scopes: ["passwords:assess"],
    status: "active",
    expiresAt: new Date(use.service.clock.now() + 30 * DAY_MS).toISOString(),
  });
  expect([await assess(apiKey), await assess(use.rp.apiKey)]).toEqual([200, 200]);
  const post = client(use.service.app, apiKey);
  expect((await post("/v1/verify", { subject: "alice", totp: "123456" })).body.code).toBe("caller_forbidden");
  use.service.clock.advance(30 * DAY_MS);
  expect(await assess(apiKey)).toBe(401);
});

test("a key without scopes, or with an end that is none, is not made", async () => {
  const browser = await owner();
  const path = `${LIST}/${use.rp.clientId}/keys`;
  const one = { "scope:verify": "on" };
  const wrongs: readonly Record<string, string>[] = [
    {},
    { "scope:everything": "on" },
    { ...one, expires_in_days: "0" },
    { ...one, expires_in_days: "-1" },
  ];
  for (const fields of wrongs) {
    expect((await browser.post(path, fields)).model.problem).toBe("invalid_input");
  }
  expect(await use.service.deps.store.apiKeys.listOf(use.rp.clientId)).toHaveLength(1);
});

test("a revoked key is refused at its next use, and revoking it twice says so", async () => {
  const browser = await owner();
  const [key] = viewOf(await browser.get(`${LIST}/${use.rp.clientId}`), "relying_party").keys;
  const path = `${LIST}/${use.rp.clientId}/keys/${key?.id}/revoke`;
  expect((await browser.post(path)).location).toBe(`${LIST}/${use.rp.clientId}`);
  expect(await assess(use.rp.apiKey)).toBe(401);
  expect((await browser.post(path)).model.problem).toBe("nothing_to_do");
});

test("one relying party's key cannot be revoked through another's page", async () => {
  const browser = await owner();
  const other = await use.service.addRelyingParty({ name: "Other" });
  const [key] = viewOf(await browser.get(`${LIST}/${other.clientId}`), "relying_party").keys;
  await browser.post(`${LIST}/${use.rp.clientId}/keys/${key?.id}/revoke`);
  expect(await assess(other.apiKey)).toBe(200);
});

test("a relying party is revoked with all its keys, after a fresh touch only", async () => {
  const browser = await owner();
  const path = `${LIST}/${use.rp.clientId}`;
  expect((await browser.post(`${path}/revoke`)).model.problem).toBe("passkey_refused");
  expect(await assess(use.rp.apiKey)).toBe(200);
  const { touch: question } = viewOf(await browser.get(path), "relying_party");
  if (!question) throw new Error("no question");
  expect((await browser.post(`${path}/revoke`, touch(browser, question.revoke))).location).toBe(path);
  expect(await assess(use.rp.apiKey)).toBe(401);
  const after = viewOf(await browser.get(path), "relying_party");
  expect([after.relyingParty.status, after.relyingParty.activeKeys, after.touch]).toEqual(["revoked", 0, undefined]);
});

test("every scope that exists can be given", async () => {
  const page = viewOf(await (await owner()).get(`${LIST}/${use.rp.clientId}`), "relying_party");
  expect(page.scopes).toEqual(SCOPES);
});

test("a relying party that does not exist leads to the list", async () => {
  const missing = await (await owner()).get(`${LIST}/rp_none`);
  expect([missing.status, missing.model.view, missing.model.problem]).toEqual([404, "relying_parties", "not_found"]);
});

test("the page says how a client proves who it is, by which keys, and how the realm looks", async () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "2026-11" };
  const signing = await use.service.addRelyingParty({ jwks: { keys: [jwk] }, allowInsecureAuthorize: true });
  const change = { name: "Juniper", accent: "#7a1f5c", supportUrl: "https://juniper.example/help" };
  const by = { actor: "cli", requestId: "req_test", nowMs: use.service.clock.now() };
  expect((await brandRealm(use.service.deps, by, { realmId: "default", change })).ok).toBe(true);
  // A change shows after a few seconds.
  use.service.clock.advance(10_000);
  const browser = await administer(use.service).signedIn("auditor");
  const shown = await browser.get(`${LIST}/${signing.clientId}`);
  const { openid, looks } = viewOf(shown, "relying_party");
  expect(openid).toEqual({
    authentication: "private_key_jwt",
    keys: [{ id: "2026-11", kind: "P-256" }],
    allowInsecureAuthorize: true,
  });
  expect(looks).toEqual(change);
  const plain = viewOf(await browser.get(`${LIST}/${use.rp.clientId}`), "relying_party");
  expect(plain.openid).toEqual({ authentication: "client_secret", keys: [], allowInsecureAuthorize: false });
});
