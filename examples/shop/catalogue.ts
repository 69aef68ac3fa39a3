import type { Hono } from "hono";
import { forSignedIn, goTo, show } from "./http.ts";
import type { Session } from "./sessions.ts";
import type { Shop, ShopEnv } from "./shop-env.ts";
import { cataloguePage } from "./views/catalogue.ts";
import { welcomePage } from "./views/plain.ts";

export type Product = Readonly<{ id: string; name: string; text: string; cents: number }>;

const PRODUCTS: readonly Product[] = [
  { id: "rye", name: "Rye sourdough", text: "Two days in the making. Dark, moist, keeps a week.", cents: 540 },
  { id: "seeded", name: "Seeded loaf", text: "Linseed, sunflower, a little honey.", cents: 480 },
  { id: "juniper", name: "Juniper butter", text: "Cultured butter with crushed juniper and sea salt.", cents: 390 },
  { id: "plum", name: "Plum spread", text: "Late plums, cooked slowly. Nothing else in it.", cents: 620 },
  { id: "cheese", name: "Washed-rind cheese", text: "Soft, and milder than it smells. A quarter wheel.", cents: 875 },
  { id: "crisp", name: "Crispbread", text: "Paper-thin rye with caraway, in a tin.", cents: 450 },
];

const MOST_OF_ONE = 20;

/** The shop window and the basket, for people who are signed in. */
export function mountCatalogue(app: Hono<ShopEnv>, shop: Shop): void {
  const shopWindow = forSignedIn(shop, (c, { session, user }) =>
    show(c, shop, cataloguePage({ products: PRODUCTS, session, user })),
  );
  app.get("/", (c) => {
    const isSignedIn = c.get("session")?.standing.stage === "signed_in";
    return isSignedIn ? shopWindow(c) : show(c, shop, welcomePage);
  });
  app.post(
    "/basket",
    forSignedIn(shop, (c, { session }) => {
      const { product = "", change = "" } = c.get("form");
      shop.sessions.change(session.id, { cart: changedCart(session, product, change === "remove" ? -1 : 1) });
      return goTo(c, shop, "/");
    }),
  );
}

function changedCart({ cart }: Session, id: string, by: number): Session["cart"] {
  if (!PRODUCTS.some((product) => product.id === id)) return cart;
  return { ...cart, [id]: Math.min(MOST_OF_ONE, Math.max(0, (cart[id] ?? 0) + by)) };
}
