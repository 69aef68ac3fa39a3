import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createStore } from "../../src/store/create-store.ts";
import { openSqlite } from "../../src/store/engines/sqlite.ts";
import { describeStoreContract } from "./store-contract.ts";

describeStoreContract("SQLite", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  const engine = openSqlite({
    path: join(folder, "countersign.db"),
    migrationsFolder: fileURLToPath(new URL("../../drizzle/sqlite", import.meta.url)),
  });
  const store = createStore(engine);
  return {
    store,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
