import type { HttpBindings } from "@hono/node-server";
import type { CountersignClient } from "./countersign-client.ts";
import type { EventFeed } from "./event-feed.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Users } from "./users.ts";

/** What every page of the shop works with. */
export type Shop = Readonly<{
  client: CountersignClient;
  users: Users;
  sessions: Sessions;
  events: EventFeed;
  /** The shop as browsers reach it, without a trailing slash. */
  url: string;
  /** The origin of Countersign's pages: forms may lead there, nowhere else. */
  countersignOrigin: string;
  /** `offer`: a second step is suggested until one is set up. `require`: nobody shops without. */
  secondFactor: "offer" | "require";
}>;

export type Form = Readonly<Record<string, string>>;

export type ShopEnv = {
  Bindings: HttpBindings;
  Variables: {
    /** The browser's session, if it has one. On a post there is one, and the form carried its token. */
    session: Session | undefined;
    form: Form;
  };
};

export const SHOP_NAME = "Juniper & Rye";

/** Where Countersign may send people back to; registered with it, and compared exactly. */
export function returnUrls(shopUrl: string) {
  return { question: `${shopUrl}/second-factor/return`, settings: `${shopUrl}/security/return` };
}
