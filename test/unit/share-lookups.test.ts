import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { shareLookups } from "../../src/runtime/share-lookups.ts";
import { openFile, temporaryFile } from "../contract/sqlite-file.ts";

let close: () => Promise<void>;
let store: ReturnType<typeof openFile>["store"];

beforeEach(async () => {
  const file = temporaryFile();
  store = openFile(file.path).store;
  close = async () => {
    await store.close();
    file.remove();
  };
  await store.atomically([
    store.apiKeys.insert({
      id: "key_1",
      rpId: "rp_1",
      realmId: "realm",
      hash: "hash",
      prefix: "cs_12345678",
      scopes: ["verify"],
      createdAtMs: 1,
      expiresAtMs: null,
    }),
  ]);
});
afterEach(() => close());

test("requests that ask for the same key at once share one look-up, and others get their own", async () => {
  const findUsable = vi.spyOn(store.apiKeys, "findUsable");
  const shared = shareLookups(store);
  const [first, second, other] = await Promise.all([
    shared.apiKeys.findUsable("hash", 1),
    shared.apiKeys.findUsable("hash", 1),
    shared.apiKeys.findUsable("unknown", 1),
  ]);
  expect([first?.keyId, second, other]).toEqual(["key_1", first, undefined]);
  expect(findUsable.mock.calls.map(([hash]) => hash)).toEqual(["hash", "unknown"]);
});

test("a key revoked after a look-up is refused by the next one", async () => {
  const shared = shareLookups(store);
  expect(await shared.apiKeys.findUsable("hash", 1)).toBeDefined();
  await store.apiKeys.revoke("key_1", "rp_1", 2);
  expect(await shared.apiKeys.findUsable("hash", 3)).toBeUndefined();
});
