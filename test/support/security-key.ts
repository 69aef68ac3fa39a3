import type { CDPSession, Page } from "playwright-core";

/** A credential as Chromium's virtual authenticator hands it out, private key and all. */
type Credential = Awaited<ReturnType<typeof readCredentials>>[number];

/** The virtual authenticator of one page: what a person would touch. */
export type SecurityKey = Readonly<{
  credentials: () => Promise<readonly Credential[]>;
  /** Puts this credential in the place of all that are there. */
  becomes: (credential: Credential) => Promise<void>;
  /** From now on people are told apart, or turned away. */
  recognises: (isPerson: boolean) => Promise<void>;
}>;

/**
 * Plugs a passkey device into a page; it says yes to everything, and it stays for all that the page goes on to.
 * `transport` is `internal` for the device itself.
 */
export async function plugIn(page: Page, transport: "internal" | "usb" = "internal"): Promise<SecurityKey> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: () => readCredentials(session, authenticatorId),
    async becomes(credential) {
      await session.send("WebAuthn.clearCredentials", { authenticatorId });
      await session.send("WebAuthn.addCredential", { authenticatorId, credential });
    },
    recognises: async (isUserVerified) => {
      await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    },
  };
}

async function readCredentials(session: CDPSession, authenticatorId: string) {
  return (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
}
