import type { FieldTexts } from "./texts.ts";

/** The field's own elements, inside its shadow root. */
export type FieldView = Readonly<{
  input: HTMLInputElement;
  button: HTMLButtonElement;
  meter: HTMLElement;
  bars: readonly HTMLElement[];
  level: HTMLElement;
  advice: HTMLElement;
  /** Heard, not seen. */
  heard: HTMLElement;
}>;

const BARS = 4;

/** Builds the elements by hand: no markup is parsed, so that no policy on scripts or trusted types is in the way. */
export function buildView(root: ShadowRoot): FieldView {
  const row = make("div", { class: "row", part: "row" });
  const input = make("input", {
    part: "input",
    type: "password",
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": "advice",
  });
  const button = make("button", { part: "button", type: "button" });
  row.append(input, button);
  const meter = make("div", {
    class: "meter",
    part: "meter",
    role: "meter",
    "aria-valuemin": "0",
    "aria-valuemax": "4",
  });
  const bars = Array.from({ length: BARS }, () => make("span", { class: "bar", part: "bar" }));
  const level = make("span", { class: "level", part: "level", dir: "auto" });
  meter.append(...bars, level);
  meter.hidden = true;
  const advice = make("p", { id: "advice", class: "advice", part: "advice", role: "status", dir: "auto" });
  const heard = make("span", { class: "heard", role: "status" });
  root.append(row, meter, advice, heard);
  return { input, button, meter, bars, level, advice, heard };
}

/** Shows how strong: by the number of bars and in words, not by colour alone. Undefined: nothing to show. */
export function showStrength({ meter, bars, level }: FieldView, score: number | undefined, texts: FieldTexts): void {
  meter.hidden = score === undefined;
  if (score === undefined) return;
  const word = texts.levels[score] ?? "";
  meter.dataset.score = String(score);
  meter.setAttribute("aria-label", texts.strength);
  meter.setAttribute("aria-valuenow", String(score));
  meter.setAttribute("aria-valuetext", word);
  for (const [index, bar] of bars.entries()) bar.classList.toggle("full", index < Math.max(score, 1));
  level.textContent = word;
}

export type Verdict = "yes" | "no" | "open";

export function showAdvice({ advice, input }: FieldView, text: string, verdict: Verdict): void {
  if (advice.textContent !== text) advice.textContent = text;
  advice.dataset.verdict = verdict;
  if (verdict === "no") input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

export function showVisibility({ input, button }: FieldView, isShown: boolean, texts: FieldTexts): void {
  input.type = isShown ? "text" : "password";
  button.textContent = isShown ? texts.hide : texts.show;
  button.setAttribute("aria-label", isShown ? texts.hideTyped : texts.showTyped);
}

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}
