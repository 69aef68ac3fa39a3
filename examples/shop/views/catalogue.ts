import { html } from "hono/html";
import type { Product } from "../catalogue.ts";
import type { Session } from "../sessions.ts";
import type { User } from "../users.ts";
import type { Markup, Page } from "./layout.ts";

export type CatalogueView = Readonly<{ products: readonly Product[]; session: Session; user: User }>;

const EUROS = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

/** The shop window with the basket beside it. */
export function cataloguePage({ products, session, user }: CatalogueView): Page {
  return {
    title: "Today",
    isWide: true,
    body: (csrf) => html`${session.isPasswordOnly ? nudge(csrf) : ""}
<div class="store">
<section aria-labelledby="today"><h1 id="today">Fresh today, ${user.name}</h1>
<ul class="products">${products.map((product) => productCard(product, csrf))}</ul></section>
${basket(products, { session, user, csrf })}
</div>`,
  };
}

function nudge(csrf: Markup): Markup {
  return html`<aside class="nudge" aria-label="Suggestion"><p><strong>Only your password protects this account.</strong>
Add an authenticator app or a passkey, and a stolen password is not enough.</p>
<form method="post" action="/set-up">${csrf}<button class="button button-primary" type="submit">Add a second step</button></form></aside>`;
}

function productCard({ id, name, text, cents }: Product, csrf: Markup): Markup {
  return html`<li class="product"><h2>${name}</h2><p>${text}</p>
<div class="product-foot"><span class="price">${EUROS.format(cents / 100)}</span>
<form method="post" action="/basket">${csrf}<input type="hidden" name="product" value="${id}">
<button class="button button-small" type="submit" aria-label="Add ${name} to basket">Add</button></form></div></li>`;
}

type BasketView = Readonly<{ session: Session; user: User; csrf: Markup }>;

function basket(products: readonly Product[], { session, user, csrf }: BasketView): Markup {
  const lines = products.map((product) => ({ ...product, count: session.cart[product.id] ?? 0 }));
  const filled = lines.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { cents, count }) => sum + cents * count, 0);
  return html`<section class="basket" aria-labelledby="basket"><h2 id="basket">Basket</h2>
${
  filled.length === 0
    ? html`<p class="hint">Still empty.</p>`
    : html`<ul class="lines">${filled.map(
        ({ id, name, cents, count }) => html`<li><span>${count} × ${name}</span>
<span class="price">${EUROS.format((cents * count) / 100)}</span>
<form method="post" action="/basket">${csrf}<input type="hidden" name="product" value="${id}">
<button class="link" type="submit" name="change" value="remove" aria-label="Remove one ${name}">Remove</button></form></li>`,
      )}</ul>
<p class="total"><span>Total</span><span class="price">${EUROS.format(total / 100)}</span></p>`
}
<p class="hint">${user.address === "" ? "No delivery address yet." : html`Goes to ${user.address}`}
<a href="/security">Change</a></p></section>`;
}
