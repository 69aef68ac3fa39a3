/** What the models of people's and of administrators' pages share. */
import type { Method } from "../../domain/authenticator.ts";

export type Language = "en" | "de" | "fr" | "es" | "ar";

export type Frame = Readonly<{
  lang: Language;
  /** Token bound to the session, posted back with every form. */
  csrf: string;
  /** Our own host as the address bar shows it. */
  host: string;
  /** The relying party that sent the person here; its host is that of the address they return to. */
  relyingParty?: Readonly<{ name: string; host?: string }>;
  /** Absent for our own looks. */
  brand?: BrandView;
}>;

/** How the realm looks; addresses of our own for logo and stylesheet, which come with it. */
export type BrandView = Readonly<{
  name: string;
  logo?: string;
  stylesheet?: string;
  privacyUrl?: string;
  supportUrl?: string;
}>;

export type AuthenticatorView = Readonly<{
  id: string;
  method: Exclude<Method, "recovery_code">;
  label: string;
  /** Password manager or maker, from the AAGUID; absent when unknown. */
  provider?: string;
  createdAt: string;
  lastUsedAt?: string;
  /** Passkeys: whether the credential is, can be, or cannot be copied to other devices. */
  sync?: "synced" | "syncable" | "device_bound";
  /** A sign count went backwards: somebody may hold a copy. */
  cloneSuspected?: boolean;
}>;
