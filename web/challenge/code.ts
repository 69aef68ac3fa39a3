/** A typed or pasted code without spaces and hyphens, full-width digits made plain: "123 456" is "123456". */
export function cleanCode(text: string): string {
  return text.normalize("NFKC").replace(/[\s\p{Pd}]/gu, "");
}

/** The code, when the text is exactly as many digits as asked for; else undefined. */
export function completeCode(text: string, digits: number): string | undefined {
  const code = cleanCode(text);
  return /^[0-9]+$/.test(code) && code.length === digits ? code : undefined;
}
