import { createPrivateKey, sign } from "node:crypto";
import type { JWK } from "jose";
import { toBase64url, toUtf8 } from "../domain/encoding.ts";

/** Makes a signer of a private P-256 key: text to the base64url of its ES256 signature (RFC 7518 §3.4). */
export type Es256 = (privateJwk: JWK) => Promise<(text: string) => string | Promise<string>>;

/** The platform's own signature in one call; WebCrypto's takes a thread, and three times as long. */
export const nodeEs256: Es256 = async (privateJwk) => {
  const key = createPrivateKey({ key: privateJwk, format: "jwk" });
  // Two numbers of 32 bytes each, and not DER.
  return (text) => sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
};

/** For Workers, whose `node:crypto` does not sign so. */
export const webEs256: Es256 = async (privateJwk) => {
  const key = await crypto.subtle.importKey("jwk", privateJwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  return async (text) =>
    toBase64url(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, toUtf8(text))));
};
