import type { ContentEncoding } from "../ports/compress.ts";

const ENCODINGS: readonly ContentEncoding[] = ["br", "gzip"];

/** The first of ours that an Accept-Encoding header takes (RFC 9110 §12.5.3). */
export function wantedEncoding(header: string | null): ContentEncoding | undefined {
  const taken = (header ?? "").split(",").flatMap((part) => {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
  });
  return ENCODINGS.find((encoding) => taken.includes(encoding));
}
