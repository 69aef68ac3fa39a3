import type { PageModel } from "../../src/http/pages/models.ts";

/** Renders a model into a document that carries the given data for the script. */
type Render = (model: PageModel, data: string) => string;
/** A document cut where the data stand, and each of these pieces where the token stands. */
type Kept = readonly (readonly string[])[];

const TOKEN_PLACE = "place-of-the-token";
const DATA_PLACE = "place-of-the-data";
/** No token that needs escaping is put into a document that was rendered for another. */
const TOKEN = /^[\w-]*$/;
const MOST_KEPT = 200;

/**
 * Returns the function that renders a model. Prompts that ask for the same differ from person to person in their token and
 * in data that only script reads, so the rest is rendered once; the oldest go when many are kept.
 */
export function keepPrompts(render: Render): (model: PageModel) => string {
  const kept = new Map<string, Kept>();
  return (model) => {
    const shown = shownOf(model);
    const key = JSON.stringify(shown);
    if (shown === undefined || key.includes(DATA_PLACE) || key.split(TOKEN_PLACE).length !== 2) {
      return render(model, dataBlock(model));
    }
    const pieces = kept.get(key) ?? keep(kept, key, cut(render(shown, DATA_PLACE)));
    return pieces.map((piece) => piece.join(model.csrf)).join(dataBlock(model));
  };
}

/** What can be seen of a prompt that nothing went wrong on; undefined for other models. */
function shownOf(model: PageModel): PageModel | undefined {
  if (model.page !== "prompt" || model.view !== "challenge") return undefined;
  const { webauthn, problem, ...challenge } = model.challenge;
  if (problem !== undefined || !TOKEN.test(model.csrf)) return undefined;
  const common = { ...challenge, expiresAt: "" };
  return { ...model, csrf: TOKEN_PLACE, challenge: webauthn ? { ...common, webauthn: { options: {} } } : common };
}

function cut(html: string): Kept {
  return html.split(DATA_PLACE).map((piece) => piece.split(TOKEN_PLACE));
}

function keep(kept: Map<string, Kept>, key: string, document: Kept): Kept {
  kept.set(key, document);
  const [oldest = key] = kept.keys();
  if (kept.size > MOST_KEPT) kept.delete(oldest);
  return document;
}

/** JSON that cannot end its script element, nor open a comment in it. */
function dataBlock(model: PageModel): string {
  return JSON.stringify(model).replaceAll("<", "\\u003c");
}
