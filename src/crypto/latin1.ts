import type { Bytes } from "../domain/encoding.ts";

/** Writes text with one byte a character. By hand: a call out of JavaScript costs more than so few bytes. */
export function writeLatin1(text: string, into: Uint8Array, start: number): void {
  for (let index = 0; index < text.length; index++) into[start + index] = text.charCodeAt(index);
}

/** The bytes of a text with one byte a character. */
export function latin1Bytes(text: string): Bytes {
  const bytes = new Uint8Array(text.length);
  writeLatin1(text, bytes, 0);
  return bytes;
}
