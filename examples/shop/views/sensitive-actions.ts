import { html } from "hono/html";
import type { SensitiveAction } from "../sessions.ts";
import type { User } from "../users.ts";
import { type Page, problemNote } from "./layout.ts";

/** The second look at people who have no second step. */
export function passwordPage({ action, problem }: Readonly<{ action: SensitiveAction; problem?: string }>): Page {
  return {
    title: "Confirm it is you",
    behind: ["POST /v1/subjects/status"],
    body: (csrf) => html`<div class="card"><h1>Confirm it is you</h1>
<p class="lead">You have no second step, so we ask for your password again.</p>
${problemNote(problem)}
<form class="stack" method="post" action="/security/password">${csrf}<input type="hidden" name="action" value="${action}">
<div class="field"><label for="password">Password</label>
<input class="input" id="password" name="password" type="password" autocomplete="current-password" required autofocus></div>
<button class="button button-primary" type="submit">Confirm</button></form>
<p><a href="/security">Cancel</a></p></div>`,
  };
}

/** Where parcels go: shown after a fresh confirmation. */
export function addressPage({ address }: User): Page {
  return {
    title: "Delivery address",
    body: (csrf) => html`<div class="card"><h1>Delivery address</h1>
<p class="lead">Thank you, that was you.</p>
<form class="stack" method="post" action="/security/address">${csrf}
<div class="field"><label for="address">Address</label>
<input class="input" id="address" name="address" value="${address}" maxlength="300" autocomplete="street-address" autofocus></div>
<button class="button button-primary" type="submit">Save</button></form>
<p><a href="/security">Cancel</a></p></div>`,
  };
}

/** The last question before an account goes. */
export function deletePage({ name }: User): Page {
  return {
    title: "Delete account",
    behind: ["POST /v1/subjects/delete"],
    body: (csrf) => html`<div class="card"><h1>Delete the account ${name}?</h1>
<p>The account goes, and with it everything that Countersign keeps of its second step. This cannot be undone.</p>
<form class="stack" method="post" action="/security/delete">${csrf}
<button class="button button-danger" type="submit">Delete for good</button></form>
<p><a href="/security">Keep it</a></p></div>`,
  };
}

/** Said once the account is gone. */
export const goodbyePage: Page = {
  title: "Goodbye",
  body: () => html`<div class="card"><h1>Your account is gone</h1>
<p>Nothing of it is left here. Thank you for having been with us.</p>
<p><a class="button" href="/">To the shop</a></p></div>`,
};
