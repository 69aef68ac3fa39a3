import type { VNode } from "preact";
import { useText } from "../ui/page.ts";

type Shared = Readonly<{ id: string; name: string; label: string; hint?: string }>;
type Option = Readonly<{ value: string; label: string }>;

/** One of several. */
export function SelectField({
  options,
  value,
  ...shared
}: Shared & Readonly<{ options: readonly Option[]; value?: string | undefined }>): VNode {
  return (
    <div class="field">
      <Label {...shared} />
      <select class="input" {...named(shared)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      <Hint {...shared} />
    </div>
  );
}

/** Several lines of text, which a person does not read as prose: addresses and the like. */
export function LinesField({ rows, ...shared }: Shared & Readonly<{ rows: number }>): VNode {
  return (
    <div class="field">
      <Label {...shared} />
      <textarea
        class="input input-lines"
        rows={rows}
        dir="ltr"
        spellcheck={false}
        autocomplete="off"
        {...named(shared)}
      />
      <Hint {...shared} />
    </div>
  );
}

/** A field of the browser's own kind for days and whole numbers. */
export function SmallField({
  type,
  value,
  ...shared
}: Shared & Readonly<{ type: "date" | "number"; value?: string | undefined }>): VNode {
  return (
    <div class="field">
      <Label {...shared} />
      <input
        class="input"
        type={type}
        defaultValue={value}
        min={type === "number" ? 1 : undefined}
        autocomplete="off"
        {...named(shared)}
      />
      <Hint {...shared} />
    </div>
  );
}

type ReasonProps = Readonly<{ id: string; readBy: ReasonReader; value: string; onInput: (value: string) => void }>;

/** Who can read a reason: the person concerned, or only who reads the audit log. */
export type ReasonReader = "person" | "log";

/** Why something is done. */
export function ReasonField({ id, readBy, value, onInput }: ReasonProps): VNode {
  const text = useText();
  const shared = { id, name: "reason", label: text("admin.reason"), hint: text(`admin.reason.hint.${readBy}`) };
  return (
    <div class="field">
      <Label {...shared} />
      <input
        class="input"
        type="text"
        dir="auto"
        autocomplete="off"
        maxLength={200}
        required
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
        {...named(shared)}
      />
      <Hint {...shared} />
    </div>
  );
}

/** Any number of several. */
export function Choices({ legend, options }: Readonly<{ legend: string; options: readonly Option[] }>): VNode {
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={value} class="check">
          <input type="checkbox" name={value} value="on" />
          <span dir="ltr">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Label({ id, label }: Shared): VNode {
  return <label for={id}>{label}</label>;
}

function Hint({ id, hint }: Shared): VNode | null {
  if (hint === undefined) return null;
  return (
    <p class="hint" id={`${id}-hint`}>
      {hint}
    </p>
  );
}

function named({ id, name, hint }: Shared) {
  return { id, name, "aria-describedby": hint === undefined ? undefined : `${id}-hint` };
}
