import { describe, expect, test } from "vitest";
import { ADMIN_REALM_ID, DEFAULT_REALM_ID } from "../../src/domain/realm.ts";
import { type BrandingChange, brandRealm } from "../../src/flows/brand-realm.ts";
import { openPrompt } from "../support/page-answers.ts";
import { MODEL_PAGES } from "../support/page-browser.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });

const SVG = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h8v8z"/></svg>');

async function brand(change: BrandingChange, realmId = DEFAULT_REALM_ID) {
  const by = { actor: "cli", requestId: "req_test", nowMs: use.service.clock.now() };
  const branded = await brandRealm(use.service.deps, by, { realmId, change });
  // Past what a node keeps of a realm.
  use.service.clock.advance(6_000);
  return branded;
}

async function brandOnPage() {
  const { page } = await openPrompt(use.service, use.rp, "nobody");
  return page.model.brand;
}

describe("a realm's looks", () => {
  test("are ours until somebody changes them", async () => {
    expect(await brandOnPage()).toBeUndefined();
  });

  test("show on every page for people, by addresses of our own", async () => {
    const links = { privacyUrl: "https://shop.example/privacy", supportUrl: "https://shop.example/help" };
    expect((await brand({ name: "Juniper", logo: SVG, accent: "#7a1f5c", ...links })).ok).toBe(true);
    const shown = Object(await brandOnPage());
    expect(shown).toEqual({
      name: "Juniper",
      logo: expect.stringMatching(/^\/brand\/default\/[\w-]{16}\/logo$/),
      stylesheet: expect.stringMatching(/^\/brand\/default\/[\w-]{16}\/accent\.css$/),
      ...links,
    });
    const logo = await use.service.app.request(shown.logo);
    expect(logo.headers.get("content-type")).toBe("image/svg+xml");
    expect(logo.headers.get("content-security-policy")).toContain("sandbox");
    expect(new Uint8Array(await logo.arrayBuffer())).toEqual(SVG);
    const css = await (await use.service.app.request(shown.stylesheet)).text();
    expect(css).toMatch(/^:root:root\{--accent:#7a1f5c;[^}]+\}@media \(prefers-color-scheme: dark\) \{:root:root\{/);
    for (const old of [
      "/brand/default/AAAAAAAAAAAAAAAA/logo",
      "/brand/nowhere/x/logo",
      "/brand/default/x/accent.css",
    ]) {
      expect((await use.service.app.request(old)).status).toBe(404);
    }
  });

  test("change one by one, and an empty text takes one away", async () => {
    await brand({ accent: "#7a1f5c", supportUrl: "https://shop.example/help" });
    await brand({ supportUrl: "" });
    const shown = Object(await brandOnPage());
    expect([shown.supportUrl, typeof shown.stylesheet]).toEqual([undefined, "string"]);
    await brand({ accent: "", logo: new Uint8Array() });
    expect(await brandOnPage()).toBeUndefined();
  });

  test.each<readonly [string, BrandingChange]>([
    ["a colour that cannot be read", { accent: "#ffff00" }],
    ["a logo that does more than draw", { logo: new TextEncoder().encode("<svg onload='x'/>") }],
    ["a link that runs", { privacyUrl: "javascript:alert(1)" }],
    ["a name over two lines", { name: "a\nb" }],
  ])("with %s are refused, and nothing changes", async (_, change) => {
    const refused = await brand(change);
    expect(refused.ok).toBe(false);
    expect(await brandOnPage()).toBeUndefined();
  });

  test("of a realm that does not exist cannot be changed", async () => {
    expect((await brand({ accent: "#7a1f5c" }, "nowhere")).ok).toBe(false);
  });
});

describe("well-known addresses", () => {
  async function at(path: string) {
    const response = await use.service.app.request(`/.well-known/${path}`);
    return response.status === 200 ? response.json() : response.status;
  }

  test("list the origins that may use a realm's passkeys", async () => {
    const origins = ["https://shop.example", "https://shop.test"];
    const elsewhere = { id: "other", name: "Other", rpId: "shop.example", origins };
    await use.service.deps.store.atomically([use.service.deps.store.realms.put(elsewhere, 0)]);
    expect(await at("webauthn")).toEqual({ origins: [use.service.config.publicUrl] });
    expect(await at("webauthn/other")).toEqual({ origins });
    expect(await at("webauthn/nowhere")).toBe(404);
  });

  test("say where people look after their passkeys, once it is known", async () => {
    expect(await at("passkey-endpoints")).toEqual({});
    await brand({ accountUrl: "https://shop.example/security" });
    await brand({ accountUrl: "https://admin.example" }, ADMIN_REALM_ID);
    const url = "https://shop.example/security";
    expect(await at("passkey-endpoints")).toEqual({ enroll: url, manage: url });
  });
});
