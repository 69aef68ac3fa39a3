import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { inStep } from "../../src/runtime/in-step.ts";

test("what arrives in one turn passes each stage together, in the order of its arrival", async () => {
  const stages: string[] = [];
  const answer = inStep(async (name: string) => {
    stages.push(`${name} begins`);
    await undefined;
    stages.push(`${name} ends`);
    return name;
  });
  const answers = Promise.all([answer("a"), answer("b"), answer("c")]);
  expect(stages).toEqual([]);
  expect(await answers).toEqual(["a", "b", "c"]);
  expect(stages).toEqual(["a begins", "b begins", "c begins", "a ends", "b ends", "c ends"]);
});

test("what arrives in a later turn waits for nobody", async () => {
  const never = new Promise<string>(() => undefined);
  const answer = inStep((name: string) => (name === "stuck" ? never : name));
  void answer("stuck");
  await setImmediate();
  expect(await answer("next")).toBe("next");
});

test("one request's failure is its own", async () => {
  const answer = inStep((name: string) => {
    if (name === "bad") throw new Error("bad");
    return name;
  });
  const [good, bad] = await Promise.allSettled([answer("good"), answer("bad")]);
  expect([good.status, bad.status]).toEqual(["fulfilled", "rejected"]);
});
