/** otpauth key URIs: how an authenticator app learns a secret (Key URI format of Google Authenticator). */

import type { TotpAlgorithm } from "../domain/authenticator.ts";
import { type Bytes, toBase32 } from "../domain/encoding.ts";

export type OtpauthKey = Readonly<{
  issuer: string;
  account: string;
  secret: Bytes;
  algorithm: TotpAlgorithm;
  digits: 6 | 8;
  periodSeconds: 30 | 60;
}>;

/** With these a URI stays under 700 bytes, small enough for a QR code that scans from a screen. */
const ISSUER_MAX = 136;
const ACCOUNT_MAX = 255;
/** Control and format characters (bidirectional overrides among them), line and paragraph separators, and the colon. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}:]/u;
/** Emoji and several scripts are written with these two format characters (joiners), so they are allowed. */
const JOINERS = /[\u200c\u200d]/g;

/**
 * The URI, with parameters that have their default left out since several apps ignore them. Throws TypeError for an
 * issuer or account that `isUsableIssuer` or `isUsableAccount` refuses: check them where they come in.
 */
export function otpauthUri(key: OtpauthKey): string {
  if (!isUsableIssuer(key.issuer)) throw new TypeError("not an issuer that a key URI can carry");
  if (!isUsableAccount(key.account)) throw new TypeError("not an account name that a key URI can carry");
  const issuer = percentEncode(key.issuer);
  const parameters = [
    `secret=${toBase32(key.secret)}`,
    `issuer=${issuer}`,
    ...(key.algorithm === "SHA1" ? [] : [`algorithm=${key.algorithm}`]),
    ...(key.digits === 6 ? [] : [`digits=${key.digits}`]),
    ...(key.periodSeconds === 30 ? [] : [`period=${key.periodSeconds}`]),
  ];
  return `otpauth://totp/${issuer}:${encodeAccount(key.account)}?${parameters.join("&")}`;
}

/** Whether a realm's name can be an issuer: not blank, no colon, no control or bidirectional characters, not too long. */
export function isUsableIssuer(issuer: string): boolean {
  return isUsableLabel(issuer) && percentEncode(issuer).length <= ISSUER_MAX;
}

/** Whether a text can name the account in an app, by the same rules as an issuer. */
export function isUsableAccount(account: string): boolean {
  return isUsableLabel(account) && encodeAccount(account).length <= ACCOUNT_MAX;
}

/** A name without personal data for the account in an app, as "user 7Q2K": the end of the subject's public id. */
export function neutralAccountName(subjectId: string): string {
  return `user ${subjectId
    .replace(/[^0-9A-Za-z]/g, "")
    .slice(-4)
    .toUpperCase()}`;
}

/** The secret as a person types it: base32 in groups of four. */
export function groupedKey(secret: Bytes): string {
  return toBase32(secret).replace(/.{4}(?=.)/g, "$& ");
}

function isUsableLabel(text: string): boolean {
  return text.trim() !== "" && text.isWellFormed() && !FORBIDDEN.test(text.replace(JOINERS, ""));
}

/** The at sign may stand in a path segment as it is (RFC 3986 §3.3), and apps without decoding then show it right. */
function encodeAccount(account: string): string {
  return percentEncode(account).replaceAll("%40", "@");
}

/** All but RFC 3986 §2.3's unreserved characters, and the space as %20: several apps show a plus as it is. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
