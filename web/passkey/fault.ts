import { send } from "../client/send.ts";
import { type Ceremony, passkeyFault } from "./errors.ts";

type Failed = Readonly<{
  /** Where the form is posted, which names the page's session. */
  action: string;
  csrf: string;
  ceremony: Ceremony;
  error: unknown;
}>;

/** Tells the service the name of an error that its operator should know of. Never rejects, and nobody waits for it. */
export function tellFault({ action, csrf, ceremony, error }: Failed): void {
  const name = passkeyFault(error);
  if (name === undefined) return;
  const [, page] = action.split("/");
  void send(`/${page}/passkey-fault`, new URLSearchParams({ csrf, ceremony, error: name }));
}
