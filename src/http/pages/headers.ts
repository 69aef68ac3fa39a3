/** Headers of every HTML answer (requirements B-01 to B-03, W-19). `returnUrl` is where a form of this page may lead. */
export function pageHeaders(publicUrl: string, returnUrl: string | undefined): Record<string, string> {
  const isHttps = publicUrl.startsWith("https:");
  return {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": contentSecurityPolicy(returnUrl),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy":
      "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ...(isHttps ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
  };
}

function contentSecurityPolicy(returnUrl: string | undefined): string {
  // Browsers apply form-action to the redirect that follows a post, so the way back has to be on it.
  const formAction = returnUrl === undefined ? "'self'" : `'self' ${new URL(returnUrl).origin}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `form-action ${formAction}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "report-uri /csp-report",
  ].join("; ");
}
