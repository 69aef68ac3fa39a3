import { fileURLToPath } from "node:url";
import { createStore } from "../../src/store/create-store.ts";
import { openPostgres } from "../../src/store/engines/postgres.ts";
import { openPostgresServer } from "../support/postgres-server.ts";
import { describeStoreContract } from "./store-contract.ts";

const MIGRATIONS = fileURLToPath(new URL("../../drizzle/postgres", import.meta.url));

describeStoreContract("PostgreSQL", async () => {
  const server = await openPostgresServer();
  const url = await server.createDatabase();
  const store = createStore(await openPostgres({ url, migrationsFolder: MIGRATIONS }));
  return {
    store,
    close: async () => {
      await store.close();
      await server.close();
    },
  };
});
