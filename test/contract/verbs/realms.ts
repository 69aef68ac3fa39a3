import { describe, expect, it } from "vitest";
import { ASSUMED_SHAPES, shapesOf } from "../../../src/domain/decoy-shape.ts";
import { DEFAULT_POLICY } from "../../../src/domain/realm.ts";
import { fresh, NOW, type StoreUnderTest, write } from "../fixtures.ts";

export function describeRealms(store: StoreUnderTest): void {
  describe("realms", () => {
    it("a new realm has the default policy", async () => {
      const realm = aRealm();
      await write(store, store().realms.put(realm, NOW));
      expect(await store().realms.find(realm.id)).toEqual({
        ...realm,
        policy: DEFAULT_POLICY,
        branding: {},
        decoyShapes: ASSUMED_SHAPES,
      });
    });

    it("the shapes of decoys are those that were set last, also when the realm is put again", async () => {
      const realm = aRealm();
      const shapes = shapesOf([{ methods: ["webauthn"], credentials: [{ length: 48, transports: ["nfc", "usb"] }] }]);
      await write(store, store().realms.put(realm, NOW), store().realms.setDecoyShapes(realm.id, shapes));
      await write(store, store().realms.put(realm, NOW));
      expect((await store().realms.find(realm.id))?.decoyShapes).toEqual(shapes);
    });

    it("a realm's looks are those that were set last, also when the realm is put again", async () => {
      const realm = aRealm();
      const branding = {
        logo: { type: "image/png", data: "AA" },
        accent: "#0d5c63",
        privacyUrl: "https://x.example",
      } as const;
      await write(store, store().realms.put(realm, NOW), store().realms.setBranding(realm.id, branding));
      await write(store, store().realms.put(realm, NOW));
      expect((await store().realms.find(realm.id))?.branding).toEqual(branding);
    });

    it("an unknown realm is not found", async () => {
      expect(await store().realms.find(fresh("realm"))).toBeUndefined();
    });

    it("a policy is what the realm deviates in, and the default elsewhere", async () => {
      const realm = aRealm();
      const deviations = JSON.stringify({ totp: { digits: 8 }, budgets: { open: { perDay: 3 } } });
      await write(store, store().realms.put(realm, NOW), store().realms.setPolicy(realm.id, deviations));
      expect((await store().realms.find(realm.id))?.policy).toEqual({
        ...DEFAULT_POLICY,
        totp: { ...DEFAULT_POLICY.totp, digits: 8 },
        budgets: { ...DEFAULT_POLICY.budgets, open: { ...DEFAULT_POLICY.budgets.open, perDay: 3 } },
      });
    });

    it("putting a realm again changes its name, RP ID and origins and keeps its policy", async () => {
      const realm = aRealm();
      const next = { ...realm, name: "Renamed", rpId: "example.org", origins: ["https://example.org"] };
      await write(store, store().realms.put(realm, NOW));
      await write(
        store,
        store().realms.setPolicy(realm.id, '{"totp":{"digits":8}}'),
        store().realms.put(next, NOW + 1),
      );
      const found = await store().realms.find(realm.id);
      expect(found).toMatchObject(next);
      expect(found?.policy.totp.digits).toBe(8);
    });

    it("a realm whose stored policy is malformed is refused rather than given the default", async () => {
      const realm = aRealm();
      await write(store, store().realms.put(realm, NOW), store().realms.setPolicy(realm.id, '{"totp":{"digits":5}}'));
      await expect(store().realms.find(realm.id)).rejects.toThrow();
      await write(store, store().realms.setPolicy(realm.id, "{}"));
    });

    it("lists realms by id", async () => {
      const id = fresh("realm");
      await write(store, store().realms.put(aRealm(`${id}-b`), NOW), store().realms.put(aRealm(`${id}-a`), NOW));
      const listed = (await store().realms.list()).map((realm) => realm.id).filter((other) => other.startsWith(id));
      expect(listed).toEqual([`${id}-a`, `${id}-b`]);
    });
  });
}

function aRealm(id = fresh("realm")) {
  return { id, name: "Shop", rpId: "example.com", origins: ["https://example.com", "https://shop.example.com"] };
}
