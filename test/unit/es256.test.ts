import { compactVerify, exportJWK, generateKeyPair } from "jose";
import { expect, test } from "vitest";
import { nodeEs256, webEs256 } from "../../src/crypto/es256.ts";

test.each([
  ["on Node", nodeEs256],
  ["on Workers", webEs256],
])("a signature made %s is ES256 for anybody else, each time", async (_, es256) => {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const sign = await es256(await exportJWK(privateKey));
  const header = Buffer.from('{"alg":"ES256"}').toString("base64url");
  // Numbers that begin with zeros come up once in a hundred.
  for (let index = 0; index < 500; index++) {
    const signed = `${header}.${Buffer.from(`payload ${index}`).toString("base64url")}`;
    const jws = `${signed}.${await sign(signed)}`;
    const { payload } = await compactVerify(jws, publicKey, { algorithms: ["ES256"] });
    expect(new TextDecoder().decode(payload)).toBe(`payload ${index}`);
    const other = Buffer.from("another payload").toString("base64url");
    await expect(compactVerify(jws.replace(/\..*\./, `.${other}.`), publicKey)).rejects.toThrow();
  }
});
