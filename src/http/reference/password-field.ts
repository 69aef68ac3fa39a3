import { html } from "hono/html";

type Html = ReturnType<typeof html>;

const PLAIN = `<script type="module" src="https://id.example.com/countersign-password.js"></script>

<form method="post" action="/sign-up">
  <label for="name">User name</label>
  <input id="name" name="name" autocomplete="username" required>

  <label for="password">Password</label>
  <countersign-password context="Example Shop" context-fields="name">
    <input id="password" name="password" type="password" autocomplete="new-password" required>
  </countersign-password>

  <button type="submit">Create account</button>
</form>`;

const ATTRIBUTES: readonly (readonly [string, string])[] = [
  ["name", "what the password is called in the form; taken from the input inside, like id, required, minlength, …"],
  ["use", "single_factor (15 characters and more; the default) or with_second_factor (8 and more)"],
  ["context", "words that are no password, with commas between them: names of your service"],
  ["context-fields", "ids of other fields whose text is no password: user name, e-mail address"],
  ["minlength", "when you ask for more characters than that"],
  ["lang", "en, de, fr, es or it, here or on any element around; else the browser's"],
  ["label", "the field's name for screen readers, when no label element points to it"],
];

const PROPERTIES: readonly (readonly [string, string])[] = [
  ["value", "the password"],
  ["assessment", "what is known about it: acceptable, violations, score, feedback, breach; undefined until judged"],
  ["countersign-assess", "an event, whenever that changes; its detail has acceptable, violations and score"],
  ["::part()", "row, input, button, meter, bar, level, advice"],
  ["--countersign-accent", "a colour, like -surface, -ink, -line, -danger, -good, -soft"],
];

/** The password field, live, with how to use it. */
export function passwordFieldPage(publicUrl: string): string {
  return String(html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Countersign password field</title>
        <link rel="stylesheet" href="/reference.css" />
        <script type="module" src="/countersign-password.js"></script>
      </head>
      <body>
        <header>
          <h1>Password field</h1>
          <p>
            A field to drop into any form. It judges a password while it is typed, in the page: dictionaries are loaded
            when it is first focused, and of the password itself nothing leaves but five digits of its SHA-1 hash, to ask
            whether it is among the breached ones. Try it; nothing here is sent.
          </p>
        </header>
        <main>
          ${live("try", "Password", "en", "ltr")}
          <section aria-labelledby="use-title">
            <h2 id="use-title">In your page</h2>
            <pre><code>${PLAIN.replace("https://id.example.com", publicUrl)}</code></pre>
            <p>
              Without script the input inside does what inputs do. A password that is known not to do keeps the form from
              being sent, with the reason; the decision is the service's all the same: assess again when you get it.
            </p>
            <p>A content security policy needs <code>script-src ${publicUrl}; connect-src ${publicUrl}</code>, and nothing
              for styles. The page has to be https, or on localhost.</p>
          </section>
          <section aria-labelledby="attributes-title">
            <h2 id="attributes-title">Attributes</h2>
            ${rows(ATTRIBUTES)}
            <h2>For scripts and styles</h2>
            ${rows(PROPERTIES)}
          </section>
          <section aria-labelledby="languages-title">
            <h2 id="languages-title">In other languages and directions</h2>
            ${live("german", "Passwort", "de", "ltr")} ${live("right-to-left", "Password", "en", "rtl")}
          </section>
        </main>
      </body>
    </html>`);
}

function live(id: string, label: string, lang: string, dir: string): Html {
  return html`<div class="live" lang="${lang}" dir="${dir}">
    <label for="${id}">${label}</label>
    <countersign-password id="${id}" context="Example Shop" autocomplete="off"></countersign-password>
  </div>`;
}

function rows(list: readonly (readonly [string, string])[]): Html {
  return html`<dl class="wide">${list.map(([name, text]) => html`<dt><code>${name}</code></dt><dd>${text}</dd>`)}</dl>`;
}
