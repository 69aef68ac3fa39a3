import type { ComponentChildren, Ref, VNode } from "preact";

type Look = Readonly<{
  children: ComponentChildren;
  tone?: "primary" | "secondary" | "quiet" | "danger";
  small?: boolean;
  icon?: ComponentChildren;
  /** Fuller name for readers of a page that repeats the same button. */
  label?: string | undefined;
  describedBy?: string | undefined;
}>;

export type ButtonProps = Look &
  Readonly<{
    type?: "submit" | "button";
    disabled?: boolean;
    /** Sent along with the form when this button submitted it. */
    name?: string | undefined;
    value?: string | undefined;
    buttonRef?: Ref<HTMLButtonElement>;
    onClick?: () => void;
  }>;

/** A button; submits its form unless told otherwise. */
export function Button({ buttonRef, type = "submit", disabled, name, value, onClick, ...look }: ButtonProps): VNode {
  return (
    <button
      {...attributesOf(look)}
      type={type}
      disabled={disabled}
      name={name}
      value={value}
      onClick={onClick}
      ref={buttonRef}
    >
      {look.icon}
      <span>{look.children}</span>
    </button>
  );
}

type LinkProps = Look & Readonly<{ href: string; newTab?: boolean; only?: "touch" }>;

/** A link that looks like a button. `only="touch"`: shown where a finger does the pointing. */
export function ButtonLink({ href, newTab = false, only, ...look }: LinkProps): VNode {
  const { class: looks, ...names } = attributesOf(look);
  return (
    <a
      class={only ? `${looks} only-${only}` : looks}
      href={href}
      target={newTab ? "_blank" : undefined}
      rel={newTab ? "noopener noreferrer" : undefined}
      {...names}
    >
      {look.icon}
      <span>{look.children}</span>
    </a>
  );
}

function attributesOf({ tone = "secondary", small = false, label, describedBy }: Look) {
  return {
    class: `button button-${tone}${small ? " button-small" : ""}`,
    "aria-label": label,
    "aria-describedby": describedBy,
  };
}
