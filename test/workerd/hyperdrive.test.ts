import { env } from "cloudflare:workers";
import postgres from "postgres";
import { createStore } from "../../src/store/create-store.ts";
import { openHyperdrive } from "../../src/store/engines/hyperdrive.ts";
import { describeStoreContract } from "../contract/store-contract.ts";

/** As many requests at once, each of which would have a connection of its own. */
const CONNECTIONS = 8;

describeStoreContract("PostgreSQL through Hyperdrive, in the real runtime", async () => {
  const client = postgres(env.HYPERDRIVE.connectionString, { max: CONNECTIONS, fetch_types: false });
  const store = createStore(openHyperdrive(() => client));
  return { store, close: store.close };
});
