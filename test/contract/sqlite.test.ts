import { openFile, temporaryFile } from "./sqlite-file.ts";
import { describeStoreContract } from "./store-contract.ts";

describeStoreContract("SQLite", async () => {
  const file = temporaryFile();
  const { store } = openFile(file.path);
  return {
    store,
    close: async () => {
      await store.close();
      file.remove();
    },
  };
});
