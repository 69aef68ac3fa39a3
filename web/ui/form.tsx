import type { ComponentChildren, Ref, TargetedSubmitEvent, VNode } from "preact";
import { usePage } from "./page.ts";

type FormProps = Readonly<{
  action: string;
  children: ComponentChildren;
  kind?: "stack" | "inline";
  formRef?: Ref<HTMLFormElement>;
  /** Runs before the fields are posted; returns what to add to them, or nothing to stay on the page. */
  prepare?: (submitter: HTMLElement | null) => Promise<Readonly<Record<string, string>> | undefined>;
}>;

/** A form that posts by itself without script, and through the page with it. Carries the session's token. */
export function Form({ action, children, kind = "stack", formRef, prepare }: FormProps): VNode {
  const page = usePage();
  const onSubmit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (page.busy) return;
    const fields = readFields(event.currentTarget, event.submitter);
    const extra = prepare === undefined ? {} : await prepare(event.submitter);
    if (extra === undefined) return;
    for (const [name, value] of Object.entries(extra)) fields.set(name, value);
    await page.submit(action, fields);
  };
  return (
    <form class={`form-${kind}`} method="post" action={action} onSubmit={onSubmit} ref={formRef} aria-busy={page.busy}>
      <input type="hidden" name="csrf" value={page.frame.csrf} />
      {children}
    </form>
  );
}

/** A value that goes with the form. */
export function Hidden({ name, value }: Readonly<{ name: string; value: string }>): VNode {
  return <input type="hidden" name={name} value={value} />;
}

type TextFieldProps = Readonly<{
  id: string;
  name: string;
  label: string;
  value?: string;
  hint?: string;
  required?: boolean;
  maxLength?: number;
}>;

/** A line of free text with its label above it. */
export function TextField({ id, name, label, value, hint, required, maxLength }: TextFieldProps): VNode {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        class="input"
        id={id}
        name={name}
        type="text"
        autocomplete="off"
        dir="auto"
        defaultValue={value}
        required={required}
        maxLength={maxLength}
        aria-describedby={hint && `${id}-hint`}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** `FormData` with its text fields only, in the encoding that the server reads. */
function readFields(form: HTMLFormElement, submitter: HTMLElement | null): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value === "string") fields.append(name, value);
  }
  return fields;
}
