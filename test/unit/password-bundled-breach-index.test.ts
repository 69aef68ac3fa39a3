import { expect, it, test } from "vitest";
import { createBundledBreachIndex, sha1Hex } from "../../src/password/bundled-breach-index.ts";

const index = createBundledBreachIndex();

test.each(["password", "12345678", "iloveyou", "baseball"])("%s is found", async (password) => {
  expect(await index.lookUp(await sha1Hex(password))).toEqual({ status: "found" });
});

it("never calls a password clear: what the small list does not hold is unavailable", async () => {
  expect(await index.lookUp(await sha1Hex("gravel-otter-lantern-mosaic-7"))).toEqual({ status: "unavailable" });
});

it("hashes as the breach corpora do (FIPS 180-4, SHA-1 of UTF-8, upper case)", async () => {
  expect(await sha1Hex("abc")).toBe("A9993E364706816ABA3E25717850C26C9CD0D89D");
  expect(await sha1Hex("é")).toBe("BF15BE717AC1B080B4F1C456692825891FF5073D");
});
