import { accentThemes, nearestAccent } from "../domain/accent.ts";
import { type Branding, isLinkable } from "../domain/branding.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import { toBase64url } from "../domain/encoding.ts";
import { readLogo } from "../domain/logo.ts";
import type { Deps } from "../ports/deps.ts";
import type { Actor } from "./relying-parties.ts";

/** What to change; an empty text, or no bytes, takes away what there was. */
export type BrandingChange = Readonly<{
  name?: string;
  logo?: Uint8Array;
  accent?: string;
  privacyUrl?: string;
  supportUrl?: string;
  accountUrl?: string;
}>;

/** Changes how a realm's pages look. Refused with a sentence that says what to do instead. */
export async function brandRealm(
  deps: Pick<Deps, "store">,
  by: Actor,
  { realmId, change }: Readonly<{ realmId: string; change: BrandingChange }>,
): Promise<Outcome<Branding>> {
  const realm = await deps.store.realms.find(realmId);
  if (!realm) return denied("not_found", { detail: "There is no such realm." });
  const wrong = whatIsWrong(change);
  if (wrong !== undefined) return denied("invalid_request", { detail: wrong });
  const logo = change.logo && readLogo(change.logo);
  const branding: Branding = {
    logo: change.logo === undefined ? realm.branding.logo : logo && { type: logo.type, data: toBase64url(logo.bytes) },
    accent: kept(change.accent, realm.branding.accent),
    privacyUrl: kept(change.privacyUrl, realm.branding.privacyUrl),
    supportUrl: kept(change.supportUrl, realm.branding.supportUrl),
    accountUrl: kept(change.accountUrl, realm.branding.accountUrl),
  };
  const { id, rpId, origins } = realm;
  await deps.store.atomically([
    deps.store.realms.put({ id, rpId, origins, name: change.name ?? realm.name }, by.nowMs),
    deps.store.realms.setBranding(id, branding),
    deps.store.audit.append({
      atMs: by.nowMs,
      kind: "realm_branded",
      realmId,
      requestId: by.requestId,
      actor: by.actor,
    }),
  ]);
  return granted(branding);
}

function kept(change: string | undefined, before: string | undefined): string | undefined {
  return change === undefined ? before : change || undefined;
}

function whatIsWrong({ name, logo, accent, privacyUrl, supportUrl, accountUrl }: BrandingChange): string | undefined {
  if (name !== undefined && !/^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u.test(name))
    return "A name has 1 to 64 characters on one line.";
  if (logo !== undefined && logo.length > 0 && !readLogo(logo)) {
    return "A logo is a PNG, or an SVG of shapes alone (no scripts, styles, images or references), of at most 64 KiB.";
  }
  if (accent && !accentThemes(accent)) {
    const nearest = nearestAccent(accent);
    return nearest === undefined
      ? "An accent colour is written #rrggbb."
      : `Text in this accent colour would be hard to read. The nearest one that can be read is ${nearest}.`;
  }
  const isLink = [privacyUrl, supportUrl, accountUrl].every((url) => !url || isLinkable(url));
  return isLink ? undefined : "An address must be https, or http on localhost.";
}
