import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";

/** Where the person wants the new passkey; a wish that the server never relies on. */
export type Attachment = "platform" | "cross-platform";

/** Asks for an existing passkey. `options` are the server's PublicKeyCredentialRequestOptionsJSON. Rejects as `get()` does. */
export async function getPasskey(options: unknown): Promise<AuthenticationResponseJSON> {
  // The server made these options for this call; the browser checks them again.
  return startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON });
}

/**
 * Makes a passkey in the place wished for. `options` are the server's PublicKeyCredentialCreationOptionsJSON; only the
 * hints and the attachment are added (WebAuthn L3 §5.4.4, §5.8.8). Rejects as `create()` does.
 */
export async function createPasskey(options: unknown, attachment?: Attachment): Promise<RegistrationResponseJSON> {
  // The server made these options for this call; the browser checks them again.
  const given = options as PublicKeyCredentialCreationOptionsJSON;
  if (attachment === undefined) return startRegistration({ optionsJSON: given });
  return startRegistration({
    optionsJSON: {
      ...given,
      hints: [attachment === "platform" ? "client-device" : "security-key"],
      authenticatorSelection: { ...given.authenticatorSelection, authenticatorAttachment: attachment },
    },
  });
}
