import { env } from "cloudflare:workers";
import { createStore } from "../../src/store/create-store.ts";
import { openD1 } from "../../src/store/engines/d1.ts";
import { describeStoreContract } from "../contract/store-contract.ts";

describeStoreContract("D1, in the real runtime", async () => {
  for (const { queries } of env.MIGRATIONS) {
    for (const query of queries) await env.DB.prepare(query).raw();
  }
  const store = createStore(openD1(env.DB));
  return { store, close: store.close };
});
