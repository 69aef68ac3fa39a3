const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** The password field, and what it loads: pages of other origins may have it. */
const PASSWORD_FIELD = "countersign-password";

/**
 * The headers of one of the web UI's files; undefined for types that are not served. Names hold a hash of the contents,
 * so the files may be kept for ever; only the password field's own is the same from version to version.
 */
export function assetHeaders(name: string): Record<string, string> | undefined {
  const contentType = CONTENT_TYPES[/\.[a-z0-9]+$/.exec(name)?.[0] ?? ""];
  if (contentType === undefined) return undefined;
  const isForAll = name.startsWith(PASSWORD_FIELD);
  return {
    "content-type": contentType,
    "cache-control": name === `${PASSWORD_FIELD}.js` ? "public, max-age=3600" : "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": isForAll ? "cross-origin" : "same-origin",
    ...(isForAll ? { "access-control-allow-origin": "*" } : {}),
  };
}
