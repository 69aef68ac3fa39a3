import type { TargetedInputEvent, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { usePage, useText } from "../ui/page.ts";
import { completeCode } from "./code.ts";

type FieldProps = Readonly<{
  label: string;
  /** Id of the problem's text, when there is one. */
  problemId: string | undefined;
  /** Whether the field takes focus when its view appears, or only after a problem. */
  focus: "on_arrival" | "on_problem";
}>;

/**
 * One field for the whole code of an authenticator app. Posts its form by itself once the right number of digits is in,
 * the same code never twice. After a problem it keeps the text, selected.
 */
export function TotpField({ label, problemId, focus, digits }: FieldProps & Readonly<{ digits: number }>): VNode {
  const text = useText();
  const { live } = usePage();
  const submitted = useRef<string>(undefined);
  const ref = useFieldFocus(focus, problemId);
  const onInput = (event: TargetedInputEvent<HTMLInputElement>): void => {
    const input = event.currentTarget;
    const code = completeCode(input.value, digits);
    if (code === undefined || code === submitted.current) return;
    submitted.current = code;
    input.value = code;
    input.form?.requestSubmit();
  };
  return (
    <div class="field">
      <label for="totp">{label}</label>
      <input
        class="input input-code"
        id="totp"
        name="totp"
        type="text"
        inputMode="numeric"
        autocomplete="one-time-code"
        autocapitalize="off"
        spellcheck={false}
        dir="ltr"
        required
        // biome-ignore lint/a11y/noAutofocus: the field is the page's one purpose, or holds the code that was wrong
        autoFocus={focus === "on_arrival" || problemId !== undefined}
        aria-invalid={problemId !== undefined}
        aria-describedby={[problemId, live && "totp-hint"].filter(Boolean).join(" ") || undefined}
        onInput={onInput}
        ref={ref}
      />
      <p class="hint" id="totp-hint">
        {live && text("challenge.totp.by_itself")}
      </p>
    </div>
  );
}

/** The field for a recovery code: letters and digits, never filled in by the browser. */
export function RecoveryCodeField({ label, problemId, focus }: FieldProps): VNode {
  const text = useText();
  const ref = useFieldFocus(focus, problemId);
  return (
    <div class="field">
      <label for="recovery-code">{label}</label>
      <input
        class="input input-recovery"
        id="recovery-code"
        name="recovery_code"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        autocorrect="off"
        spellcheck={false}
        dir="ltr"
        required
        // biome-ignore lint/a11y/noAutofocus: the field is the page's one purpose
        autoFocus={focus === "on_arrival"}
        aria-invalid={problemId !== undefined}
        aria-describedby={["recovery-hint", problemId].filter(Boolean).join(" ")}
        ref={ref}
      />
      <p class="hint" id="recovery-hint">
        {text("challenge.recovery.hint")}
      </p>
    </div>
  );
}

function useFieldFocus(focus: FieldProps["focus"], problemId: string | undefined) {
  const { turn } = usePage();
  const ref = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const input = ref.current;
    if (input === null || turn === 0) return;
    if (focus === "on_arrival" || problemId !== undefined) input.focus();
    if (problemId !== undefined) input.select();
  }, [turn]);
  return ref;
}
