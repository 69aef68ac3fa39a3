import type { ComponentChildren, VNode } from "preact";

/** Icons of our own, 24 × 24, drawn in the text's colour. They only accompany words, so they are hidden from readers. */
function Icon({ children, flips = false }: Readonly<{ children: ComponentChildren; flips?: boolean }>): VNode {
  return (
    <svg class={flips ? "icon icon-flips" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function PasskeyIcon(): VNode {
  return (
    <Icon>
      <circle cx="9" cy="7.5" r="4" />
      <path d="M2.5 20.5c0-4 2.8-6.5 6.5-6.5 1.2 0 2.3.3 3.2.8" />
      <circle cx="18" cy="12.5" r="2.8" />
      <path d="M18 15.3v6.2m0-2.8h1.9" />
    </Icon>
  );
}

export function AppIcon(): VNode {
  return (
    <Icon>
      <rect x="6" y="2.5" width="12" height="19" rx="2.5" />
      <path d="M9.5 8h5M9.5 12h5M11 18.5h2" />
    </Icon>
  );
}

export function CodesIcon(): VNode {
  return (
    <Icon>
      <path d="M6 2.5h8.5L19 7v14.5H6z" />
      <path d="M9.5 11.5h6M9.5 14.5h6M9.5 17.5h3.5" />
    </Icon>
  );
}

export function CheckIcon(): VNode {
  return (
    <Icon>
      <circle cx="12" cy="12" r="9" />
      <path d="m8 12.3 2.8 2.8L16 9.5" />
    </Icon>
  );
}

export function WarningIcon(): VNode {
  return (
    <Icon>
      <path d="M12 3.5 22 20.5H2z" />
      <path d="M12 10v5m0 2.3v.2" />
    </Icon>
  );
}

export function InfoIcon(): VNode {
  return (
    <Icon>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 11v5.5m0-9v.2" />
    </Icon>
  );
}

export function CopyIcon(): VNode {
  return (
    <Icon>
      <rect x="8.5" y="8.5" width="12" height="12" rx="2" />
      <path d="M15.5 5.5v-2h-12v12h2" />
    </Icon>
  );
}

export function DownloadIcon(): VNode {
  return (
    <Icon>
      <path d="M12 3.5v11.5m-4.5-4.5 4.5 4.5 4.5-4.5M4 20.5h16" />
    </Icon>
  );
}

export function PrintIcon(): VNode {
  return (
    <Icon>
      <path d="M7 8.5v-5h10v5M7 17.5H3.5v-9h17v9H17" />
      <path d="M7 14h10v6.5H7z" />
    </Icon>
  );
}

export function ChevronIcon(): VNode {
  return (
    <Icon flips>
      <path d="m9.5 5.5 6.5 6.5-6.5 6.5" />
    </Icon>
  );
}
