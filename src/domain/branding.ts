import type { LogoType } from "./logo.ts";

/** How a realm's pages look beside our own looks. All of it is public. */
export type Branding = Readonly<{
  /** `data` is base64url of what `readLogo` let through. */
  logo?: Readonly<{ type: LogoType; data: string }>;
  /** `#rrggbb`, one that `accentThemes` takes. */
  accent?: string;
  privacyUrl?: string;
  supportUrl?: string;
  /** Where people look after their authenticators: a page that sends them to our account page. */
  accountUrl?: string;
}>;

/** An address that a page may link to: https, or http on localhost. */
export function isLinkable(text: string): boolean {
  if (!URL.canParse(text) || text.length > 2000) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return (protocol === "https:" || (protocol === "http:" && isLoopback)) && username === "" && password === "";
}
