import { denied, granted, type Outcome } from "../../domain/denial.ts";
import { readBody } from "../strict-json.ts";

export type Form = Readonly<Record<string, string>>;

/** A form body: `application/x-www-form-urlencoded`, each field once, at most 128 KiB. */
export async function readForm(request: Request): Promise<Outcome<Form>> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return denied("unsupported_media_type");
  const text = await readBody(request, 128 * 1024);
  if (!text.ok) return text;
  const fields = [...new URLSearchParams(text.value)];
  const form = Object.fromEntries(fields);
  return Object.keys(form).length === fields.length ? granted(form) : denied("invalid_request");
}

/**
 * Whether a form comes from a page of ours (requirement S-08). Browsers say so themselves; those that do not must name
 * our origin. The token in the form is checked besides.
 */
export function isSameOrigin(request: Request, publicUrl: string): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  return request.headers.get("origin") === publicUrl;
}
