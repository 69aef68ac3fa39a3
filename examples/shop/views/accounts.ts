import { html } from "hono/html";
import { SHOP_NAME, type Shop } from "../shop-env.ts";
import { type Markup, type Page, problemNote } from "./layout.ts";

export type SignUpView = Readonly<{ name?: string; problem?: string; advice?: readonly string[] }>;

/**
 * Making an account. Countersign's field says at once what it thinks of a password; what counts is what it says when the
 * form has been sent.
 */
export function signUpPage(
  { secondFactor, countersignOrigin }: Pick<Shop, "secondFactor" | "countersignOrigin">,
  view: SignUpView,
): Page {
  const least = secondFactor === "require" ? 8 : 15;
  return {
    title: "Create an account",
    script: `${countersignOrigin}/countersign-password.js`,
    behind: ["<countersign-password>", "POST /v1/passwords/assess", "POST /v1/subjects/status"],
    body: (csrf) => html`<div class="card"><h1>Create an account</h1>
${problemNote(view.problem, view.advice)}
<form class="stack" method="post" action="/sign-up">${csrf}
${nameField(view.name)}
<div class="field"><label for="password">Password</label>
<countersign-password use="${secondFactor === "require" ? "with_second_factor" : "single_factor"}" context="${SHOP_NAME}" context-fields="name">
<input class="input" id="password" name="password" type="password" autocomplete="new-password" required aria-describedby="password-hint">
</countersign-password>
<p class="hint" id="password-hint">At least ${least} characters. Three or four words that have nothing to do with each other are
good and easy to remember; spaces are welcome.</p></div>
<button class="button button-primary" type="submit">Create account</button>
</form>
<p class="hint">Been here before? <a href="/sign-in">Sign in</a></p></div>`,
  };
}

/** Signing in: the first factor. */
export function signInPage(view: Readonly<{ name?: string; problem?: string }>): Page {
  return {
    title: "Sign in",
    behind: ["POST /v1/subjects/status", "POST /v1/challenges"],
    body: (csrf) => html`<div class="card"><h1>Sign in</h1>
${problemNote(view.problem)}
<form class="stack" method="post" action="/sign-in">${csrf}
${nameField(view.name)}
<div class="field"><label for="password">Password</label>
<input class="input" id="password" name="password" type="password" autocomplete="current-password" required></div>
<button class="button button-primary" type="submit">Sign in</button>
</form>
<p class="hint">New here? <a href="/sign-up">Create an account</a></p></div>`,
  };
}

/** Where a second step is required: nothing opens before it is set up. */
export const setUpPage: Page = {
  title: "Add a second step",
  behind: ['POST /v1/links {"page": "enrol"}'],
  body: (csrf) => html`<div class="card"><h1>Add a second step</h1>
<p>This shop asks everybody for more than a password. Set up an authenticator app or a passkey at Countersign; it takes a
minute. Then you come back here and confirm with it.</p>
<form class="stack" method="post" action="/set-up">${csrf}
<button class="button button-primary" type="submit">Set up at Countersign</button></form>
<form method="post" action="/sign-out">${csrf}<button class="link" type="submit">Not now: sign out</button></form></div>`,
};

function nameField(name = ""): Markup {
  return html`<div class="field"><label for="name">User name</label>
<input class="input" id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" required></div>`;
}
