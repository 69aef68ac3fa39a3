import type { PasswordAssessment, PasswordUse } from "../../src/password/assess.ts";
import { passwordLanguageOf } from "../../src/password/choose-language.ts";
import type { PasswordLanguage } from "../../src/ports/password-estimator.ts";
import type { Judge } from "./judge.ts";
import { createPace } from "./pace.ts";
import { fieldStyles } from "./styles.ts";
import { FIELD_TEXTS, type FieldTexts } from "./texts.ts";
import { buildView, type FieldView, showAdvice, showStrength, showVisibility, type Verdict } from "./view.ts";

/** How long typing rests before the service is asked about breaches, unless the field is left before, in milliseconds. */
const BREACH_REST_MS = 1_000;

/** Attributes that go to the input as they are. */
const PASSED_ON = ["autocomplete", "required", "disabled", "placeholder", "enterkeyhint"] as const;

/**
 * `<countersign-password>`: a password field for any form. It judges in the page what is typed: dictionaries are loaded
 * when it is first focused, and the password itself leaves with the form alone. An `<input>` inside it serves where
 * script does not run; its name, id and attributes are taken over.
 */
export class CountersignPassword extends HTMLElement {
  static readonly formAssociated = true;
  static readonly observedAttributes = ["lang", "label", "minlength", "use", ...PASSED_ON];

  readonly #internals = this.attachInternals();
  readonly #view: FieldView;
  readonly #pace = createPace();
  #judge: Promise<Judge> | undefined;
  #assessment: PasswordAssessment | undefined;
  #question = 0;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [fieldStyles()];
    this.#view = buildView(root);
    const { input, button } = this.#view;
    input.addEventListener("focus", () => void this.#load());
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("change", () => this.#left());
    input.addEventListener("keydown", (event) => this.#submitOn(event));
    button.addEventListener("click", () => this.#toggle());
  }

  connectedCallback(): void {
    this.#takeOver();
    this.#internals.form?.addEventListener("submit", this.#hide);
    this.#render();
  }

  disconnectedCallback(): void {
    this.#pace.cancel();
    this.#internals.form?.removeEventListener("submit", this.#hide);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#render();
  }

  formResetCallback(): void {
    this.value = "";
  }

  formDisabledCallback(isDisabled: boolean): void {
    this.#view.input.disabled = isDisabled;
    this.#view.button.disabled = isDisabled;
  }

  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  get name(): string {
    return this.getAttribute("name") ?? "";
  }

  get type(): string {
    return this.localName;
  }

  get value(): string {
    return this.#view.input.value;
  }

  set value(value: string) {
    this.#view.input.value = value;
    this.#typed();
  }

  get validity(): ValidityState {
    return this.#internals.validity;
  }

  get validationMessage(): string {
    return this.#internals.validationMessage;
  }

  get willValidate(): boolean {
    return this.#internals.willValidate;
  }

  /** What is known about the password that is in the field; undefined until it has been judged. */
  get assessment(): PasswordAssessment | undefined {
    return this.#assessment;
  }

  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.#internals.reportValidity();
  }

  /** An input that the page has put inside, for where no script runs, hands over what it is. */
  #takeOver(): void {
    const input = this.querySelector("input");
    if (!input) return;
    for (const name of ["name", "id", "minlength", ...PASSED_ON]) {
      const value = input.getAttribute(name);
      if (value !== null && !this.hasAttribute(name)) this.setAttribute(name, value);
    }
    const hint = this.#textOf(input.getAttribute("aria-describedby") ?? "");
    if (hint !== "") this.#view.input.setAttribute("aria-description", hint);
    const typed = input.value;
    this.replaceChildren();
    if (typed !== "") this.value = typed;
  }

  #render(): void {
    const { input } = this.#view;
    for (const name of PASSED_ON) {
      const value = this.getAttribute(name);
      if (value === null) input.removeAttribute(name);
      else input.setAttribute(name, value);
    }
    if (!this.hasAttribute("autocomplete")) input.autocomplete = "new-password";
    input.setAttribute("aria-label", this.#label());
    showVisibility(this.#view, input.type === "text", this.#texts());
    this.#validate();
  }

  #label(): string {
    const label = [...this.#internals.labels].map(({ textContent }) => textContent?.trim() ?? "").join(" ");
    return this.getAttribute("label") ?? (label || this.#texts().password);
  }

  #language(): PasswordLanguage {
    const tag = this.closest<HTMLElement>("[lang]")?.lang || navigator.language;
    return passwordLanguageOf(tag) ?? "en";
  }

  #texts(): FieldTexts {
    return FIELD_TEXTS[this.#language()];
  }

  #use(): PasswordUse {
    return this.getAttribute("use") === "with_second_factor" ? "with_second_factor" : "single_factor";
  }

  /** Words of the page and, by their ids, what stands in other fields: the user name above all. */
  #context(): readonly string[] {
    const words = (this.getAttribute("context") ?? "").split(",").map((word) => word.trim());
    const fields = this.#named(this.getAttribute("context-fields") ?? "");
    const typed = fields.map((field) => ("value" in field ? String(field.value) : ""));
    return [location.hostname, ...words, ...typed].filter((word) => word !== "");
  }

  /** The elements of the page behind ids with spaces between them. */
  #named(ids: string): readonly Element[] {
    const root = this.getRootNode();
    if (!(root instanceof Document || root instanceof ShadowRoot)) return [];
    return ids.split(/\s+/).flatMap((id) => (id === "" ? [] : (root.getElementById(id) ?? [])));
  }

  /** Inside the shadow root the page's ids mean nothing, so that what they say is said in words. */
  #textOf(ids: string): string {
    const texts = this.#named(ids).map(({ textContent }) => textContent?.replaceAll(/\s+/g, " ").trim() ?? "");
    return texts.join(" ");
  }

  #load(): Promise<Judge> {
    this.#judge ??= import("./judge.ts").then(({ createJudge }) => {
      const judge = createJudge(`${new URL(import.meta.url).origin}/range/`);
      // The first question loads the dictionaries.
      void judge({ ...this.#asked(""), asksBreaches: false }).catch(() => {});
      return judge;
    });
    this.#judge.catch(() => {
      this.#judge = undefined;
    });
    return this.#judge;
  }

  #asked(password: string) {
    const minlength = Number(this.getAttribute("minlength") ?? 0);
    const minLength = Number.isInteger(minlength) && minlength > 0 ? minlength : undefined;
    return { password, context: this.#context(), use: this.#use(), language: this.#language(), minLength };
  }

  #typed(): void {
    this.#question += 1;
    this.#assessment = undefined;
    this.#internals.setFormValue(this.value);
    this.#validate();
    if (this.value === "") {
      this.#pace.cancel();
      showStrength(this.#view, undefined, this.#texts());
      showAdvice(this.#view, "", "open");
    } else {
      this.#pace.later(() => void this.#look(false));
    }
  }

  #left(): void {
    this.dispatchEvent(new Event("change", { bubbles: true }));
    if (this.value !== "") this.#pace.now(() => void this.#look(true));
  }

  /**
   * Judges what is in the field. Breaches are asked about when nothing else is wrong, and the person has left the field
   * or paused: half a password is nobody's business. When the judgement cannot be made, the service decides alone.
   */
  async #look(asksBreaches: boolean): Promise<void> {
    const question = this.#question;
    try {
      const judge = await this.#load();
      const asked = this.#asked(this.value);
      const local = await judge({ ...asked, asksBreaches: false });
      if (question !== this.#question) return;
      if (!local.acceptable || !asksBreaches) this.#show(local);
      if (!local.acceptable) return;
      if (!asksBreaches) return this.#pace.later(() => void this.#look(true), BREACH_REST_MS);
      const whole = await judge({ ...asked, asksBreaches: true });
      if (question === this.#question) this.#show(whole, true);
    } catch {
      if (question === this.#question) showAdvice(this.#view, "", "open");
    }
  }

  #show(assessment: PasswordAssessment, isWhole = false): void {
    const texts = this.#texts();
    const { acceptable, feedback, breach, score } = assessment;
    this.#assessment = assessment;
    showStrength(this.#view, acceptable ? score : Math.min(score, 2), texts);
    const [text, verdict] = this.#say({ acceptable, feedback, isWhole, isClear: breach.status !== "unavailable" });
    showAdvice(this.#view, text, verdict);
    this.#validate();
    const { violations } = assessment;
    this.dispatchEvent(
      new CustomEvent("countersign-assess", { bubbles: true, detail: { acceptable, violations, score } }),
    );
  }

  #say(
    known: Pick<PasswordAssessment, "acceptable" | "feedback"> & Readonly<{ isWhole: boolean; isClear: boolean }>,
  ): readonly [string, Verdict] {
    const texts = this.#texts();
    if (!known.acceptable) return [[known.feedback.warning, known.feedback.advice].join(" "), "no"];
    if (!known.isWhole) return [texts.checking, "open"];
    return [known.isClear ? texts.good : texts.unchecked, "yes"];
  }

  /** A form with a password that is known not to do is not sent; one that has not been judged is. */
  #validate(): void {
    const { input, advice } = this.#view;
    const isMissing = this.hasAttribute("required") && this.value === "";
    if (isMissing) this.#internals.setValidity({ valueMissing: true }, this.#texts().needed, input);
    else if (this.#assessment?.acceptable === false)
      this.#internals.setValidity({ customError: true }, advice.textContent || this.#texts().needed, input);
    else this.#internals.setValidity({});
  }

  #toggle(): void {
    const { input, heard } = this.#view;
    const isShown = input.type === "password";
    showVisibility(this.#view, isShown, this.#texts());
    heard.textContent = isShown ? this.#texts().isShown : this.#texts().isHidden;
  }

  /** Browsers may keep what stands in fields of text. */
  readonly #hide = (): void => showVisibility(this.#view, false, this.#texts());

  /** As any field does; the input is in no form of its own. */
  #submitOn(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing) return;
    this.#internals.form?.requestSubmit();
  }
}
