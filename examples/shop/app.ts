import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { mountAccounts } from "./accounts.ts";
import { mountCatalogue } from "./catalogue.ts";
import { secureHeaders, sessionGuard, show } from "./http.ts";
import { mountSecondFactor } from "./second-factor.ts";
import { mountSecurity } from "./security.ts";
import { mountSensitiveActions } from "./sensitive-actions.ts";
import type { Shop, ShopEnv } from "./shop-env.ts";
import { plainPage } from "./views/plain.ts";

const MAX_FORM_BYTES = 16 * 1024;
const STYLES = readFileSync(join(import.meta.dirname, "shop.css"), "utf8");
const ICON = readFileSync(join(import.meta.dirname, "icon.svg"), "utf8");

/** The shop as one Hono app. */
export function createShop(shop: Shop): Hono<ShopEnv> {
  const app = new Hono<ShopEnv>();
  app.use(secureHeaders(shop));
  app.get("/shop.css", (c) => c.body(STYLES, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/icon.svg", (c) => c.body(ICON, 200, { "content-type": "image/svg+xml" }));
  app.use(bodyLimit({ maxSize: MAX_FORM_BYTES }));
  app.use(sessionGuard(shop));
  mountCatalogue(app, shop);
  mountAccounts(app, shop);
  mountSecondFactor(app, shop);
  mountSecurity(app, shop);
  mountSensitiveActions(app, shop);
  app.notFound((c) => show(c, shop, plainPage.notFound));
  app.onError((error, c) => {
    // The name alone: a message might hold what somebody typed.
    console.error(`shop: a request failed: ${error.name}`);
    return show(c, shop, plainPage.broken);
  });
  return app;
}
