import { type FunctionComponent, hydrate } from "preact";
import type { PageModel } from "../../src/http/pages/models.ts";
import { loadLocale } from "../i18n/load.ts";
import { Framed } from "../plain/framed.tsx";
import { App } from "./app.tsx";

/** One kind of page's models. */
export type ModelOf<Name extends PageModel["page"]> = Extract<PageModel, { page: Name }>;

/**
 * Brings the server's HTML to life: reads the model from the document, fetches the language's words and hydrates. Inside
 * a frame it shows a link to the page itself instead (WebAuthn L3 §13.4.2).
 */
export async function mount<Name extends PageModel["page"]>(
  name: Name,
  View: FunctionComponent<{ model: ModelOf<Name> }>,
): Promise<void> {
  const root = document.getElementById("app");
  const data = document.getElementById("model");
  if (root === null || data === null) throw new Error("the document has no app or no model");
  // Our own server wrote this block, from a PageModel.
  const model = JSON.parse(data.textContent) as PageModel;
  const locale = await loadLocale(model.lang, name);
  if (window.self !== window.top) root.replaceChildren();
  reloadWhenRestored();
  const isThisPage = (shown: PageModel): shown is ModelOf<Name> => shown.page === name;
  const render = (shown: PageModel) => {
    if (window.self !== window.top) return <Framed />;
    return isThisPage(shown) ? <View model={shown} /> : undefined;
  };
  hydrate(<App first={model} locale={locale} render={render} />, root);
}

/** A page that the back button brings back from memory holds a spent challenge, or somebody else's session. */
function reloadWhenRestored(): void {
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}
