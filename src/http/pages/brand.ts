import type { Hono } from "hono";
import { type AccentTheme, accentThemes } from "../../domain/accent.ts";
import { fromBase64url } from "../../domain/encoding.ts";
import { ADMIN_REALM_ID, type Realm } from "../../domain/realm.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import type { BrandView } from "./frame.ts";

const VERSION_LENGTH = 16;
const HEADERS = {
  // The address changes with what is behind it.
  "cache-control": "public, max-age=31536000, immutable",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  // An SVG opened on its own draws and does nothing else.
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
};

/** A realm's looks as a page shows them; undefined for our own. */
export function brandView(deps: Pick<Deps, "keyring">, { branding, id, name }: Realm): BrandView | undefined {
  const { accent, logo, privacyUrl, supportUrl } = branding;
  if (id === ADMIN_REALM_ID || (!accent && !logo && !privacyUrl && !supportUrl)) return undefined;
  const version = versionOf(deps, { branding });
  return {
    name,
    logo: logo && `/brand/${id}/${version}/logo`,
    stylesheet: accent && `/brand/${id}/${version}/accent.css`,
    privacyUrl,
    supportUrl,
  };
}

/** Serves logos and accent colours: public, and kept by browsers for good. */
export function mountBrand(app: Hono<Env>, deps: Deps): void {
  app.get("/brand/:realm/:version/logo", async (c) => {
    const realm = await find(deps, c.req.param("realm"), c.req.param("version"));
    const bytes = fromBase64url(realm?.branding.logo?.data ?? "");
    const type = realm?.branding.logo?.type;
    return bytes && type ? new Response(bytes, { headers: { ...HEADERS, "content-type": type } }) : c.notFound();
  });
  app.get("/brand/:realm/:version/accent.css", async (c) => {
    const realm = await find(deps, c.req.param("realm"), c.req.param("version"));
    const css = accentCss(realm?.branding.accent ?? "");
    return css === ""
      ? c.notFound()
      : new Response(css, { headers: { ...HEADERS, "content-type": "text/css; charset=utf-8" } });
  });
}

async function find(deps: Deps, id: string, version: string): Promise<Realm | undefined> {
  const realm = await deps.store.realms.find(id);
  return realm && versionOf(deps, realm) === version ? realm : undefined;
}

function versionOf({ keyring }: Pick<Deps, "keyring">, { branding }: Pick<Realm, "branding">): string {
  return keyring.hash(JSON.stringify([branding.accent, branding.logo])).slice(0, VERSION_LENGTH);
}

/** The stylesheet of an accent colour, for both themes; empty for one that is not taken. */
export function accentCss(accent: string): string {
  const themes = accentThemes(accent);
  return themes ? `${rule(themes.light)}@media (prefers-color-scheme: dark) {${rule(themes.dark)}}` : "";
}

/** More specific than our own `:root`, wherever it stands. */
function rule({ accent, strong, on, soft }: AccentTheme): string {
  return `:root:root{--accent:${accent};--accent-strong:${strong};--on-accent:${on};--accent-soft:${soft}}`;
}
