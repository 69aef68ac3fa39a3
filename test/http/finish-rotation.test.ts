import { expect, test } from "vitest";
import { parseMasterKeyText } from "../../src/crypto/master-key.ts";
import { countByKey } from "../../src/flows/rotate-keys.ts";
import { finishRotation } from "../../src/runtime/finish-rotation.ts";
import { enrolTotp } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const [OLD, NEW] = [`old:${"A".repeat(43)}`, `new:${"B".repeat(42)}A`];
const use = useService({ env: { COUNTERSIGN_MASTER_KEY: OLD } });

/** As a Worker has it after its secret was changed. */
function putInUse(text: string): void {
  const parsed = parseMasterKeyText(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  use.service.deps.keyring.replaceKeys(parsed.keys);
}

const rotations = () => use.service.deps.store.audit.list({ kind: "master_key_rotated", limit: 10 });

test("with a new key before the old one, the timer seals everything anew, once, and the old one can go", async () => {
  const { deps } = use.service;
  const app = await enrolTotp(use.service, use.rp, "anna");
  putInUse(`${NEW},${OLD}`);
  await finishRotation(deps);
  await finishRotation(deps);
  expect([...(await countByKey(deps)).keys()]).toEqual(["new"]);
  expect(await rotations()).toMatchObject([{ reason: "new", actor: "timer" }]);
  putInUse(NEW);
  expect((await use.rp.post("/v1/verify", { subject: "anna", totp: app.code() })).status).toBe(200);
});

test("without the key that something is sealed under, nothing is written down as done", async () => {
  await enrolTotp(use.service, use.rp, "bert");
  putInUse(NEW);
  await expect(finishRotation(use.service.deps)).rejects.toThrow("a key that is not loaded");
  expect(await rotations()).toEqual([]);
});
