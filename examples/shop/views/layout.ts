import { html } from "hono/html";
import { SHOP_NAME } from "../shop-env.ts";

export type Markup = ReturnType<typeof html>;

export type Page = Readonly<{
  title: string;
  /** Gets the session's token, which every form has to carry. */
  body: (csrf: Markup) => Markup;
  /** A script of another origin that the page works without. */
  script?: string;
  /** Room for a shop window instead of a single column. */
  isWide?: boolean;
  /** The calls to Countersign that this page stands on, for those who read the sample to learn. */
  behind?: readonly string[];
  status?: 200 | 400 | 403 | 404 | 429 | 500 | 503;
  retryAfterSeconds?: number;
}>;

export type PageContext = Readonly<{
  csrf: string | undefined;
  /** Absent for people who are not signed in all the way. */
  userName: string | undefined;
  notice: string | undefined;
}>;

/** A page in the shop's frame. Everything put in is escaped. */
export function layout(page: Page, { csrf = "", userName, notice }: PageContext): Markup {
  const token = html`<input type="hidden" name="csrf" value="${csrf}">`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${SHOP_NAME}</title>
<link rel="stylesheet" href="/shop.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${page.script === undefined ? "" : html`<script type="module" src="${page.script}"></script>`}
</head>
<body>
<header class="masthead">
<div class="masthead-inner">
<a class="brand" href="/">${SHOP_NAME}</a>
${userName === undefined ? guestMenu() : customerMenu(userName, token)}
</div>
</header>
<main class="${page.isWide ? "main main-wide" : "main"}">
${notice === undefined ? "" : html`<p class="notice" role="status">${notice}</p>`}
${page.body(token)}
</main>
<footer class="footer">
${page.behind === undefined ? "" : behindThisPage(page.behind)}
<p>A sample shop: nothing is sold, and everything is forgotten when it stops.</p>
</footer>
</body>
</html>`;
}

/** What went wrong, where it is heard as well as seen. */
export function problemNote(text: string | undefined, advice: readonly string[] = []): Markup {
  if (text === undefined) return html``;
  return html`<div class="problem" role="alert"><p>${text}</p>
${advice.length === 0 ? "" : html`<ul>${advice.map((one) => html`<li>${one}</li>`)}</ul>`}</div>`;
}

function guestMenu(): Markup {
  return html`<nav class="menu" aria-label="Account"><a href="/sign-in">Sign in</a></nav>`;
}

function customerMenu(userName: string, token: Markup): Markup {
  return html`<nav class="menu" aria-label="Account">
<a href="/security" title="${userName}">Security</a>
<form method="post" action="/sign-out">${token}<button class="link" type="submit">Sign out</button></form>
</nav>`;
}

function behindThisPage(calls: readonly string[]): Markup {
  return html`<details class="behind"><summary>Behind this page</summary>
<p>What the shop asks of Countersign, and nothing more:</p>
<ul>${calls.map((call) => html`<li><code>${call}</code></li>`)}</ul></details>`;
}
