import type { ComponentChildren, Ref, VNode } from "preact";

export type ButtonProps = Readonly<{
  children: ComponentChildren;
  tone?: "primary" | "secondary" | "quiet" | "danger";
  type?: "submit" | "button";
  disabled?: boolean;
  /** Sent along with the form when this button submitted it. */
  name?: string;
  value?: string;
  /** Fuller name for readers of a page that repeats the same button. */
  label?: string;
  describedBy?: string;
  buttonRef?: Ref<HTMLButtonElement>;
  onClick?: () => void;
}>;

/** A button; submits its form unless told otherwise. */
export function Button({
  tone = "secondary",
  type = "submit",
  label,
  describedBy,
  buttonRef,
  ...rest
}: ButtonProps): VNode {
  return (
    <button
      class={`button button-${tone}`}
      type={type}
      aria-label={label}
      aria-describedby={describedBy}
      ref={buttonRef}
      {...rest}
    />
  );
}
