import { html } from "hono/html";
import { SHOP_NAME } from "../shop-env.ts";
import type { Page } from "./layout.ts";

/** The front door. */
export const welcomePage: Page = {
  title: "Bread, butter, and a second look at the door",
  body: () => html`<div class="hero">
<h1>Bread, butter, and a second look at the door</h1>
<p class="lead">${SHOP_NAME} keeps its own passwords. Whoever signs in with one is asked for a second step as well, and
that part is done by Countersign.</p>
<p class="row"><a class="button button-primary" href="/sign-up">Create an account</a>
<a class="button" href="/sign-in">Sign in</a></p>
</div>
<ol class="tour">
<li><h2>Make an account</h2><p>A user name and a good password. No e-mail address, nothing to wait for.</p></li>
<li><h2>Add a second step</h2><p>An authenticator app or a passkey, set up on Countersign’s page.</p></li>
<li><h2>Sign out, and in again</h2><p>The password alone no longer opens the account.</p></li>
</ol>`,
};

/** Pages for when there is nothing to do but go on elsewhere. */
export const plainPage = {
  stale: {
    title: "Please try again",
    status: 403,
    body: () => html`<div class="card"><h1>Please try again</h1>
<p>This page was open for too long, or was not opened here. Nothing was changed.</p>
<p><a class="button button-primary" href="/sign-in">Go on</a></p></div>`,
  },
  notFound: {
    title: "Not here",
    status: 404,
    body: () => html`<div class="card"><h1>There is nothing here</h1>
<p><a class="button button-primary" href="/">To the shop</a></p></div>`,
  },
  broken: {
    title: "Something went wrong",
    status: 500,
    body: () => html`<div class="card"><h1>Something went wrong</h1>
<p>That was our mistake. Please try again in a moment.</p>
<p><a class="button button-primary" href="/">To the shop</a></p></div>`,
  },
} as const satisfies Record<string, Page>;
