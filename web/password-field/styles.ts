/** The look: neutral, with font and colour scheme of the page around. Custom properties and parts change it. */
const CSS = `
:host {
  --own-accent: var(--countersign-accent, light-dark(#0d5c63, #7fd0cb));
  --own-line: var(--countersign-line, light-dark(#7d858c, #848e95));
  --own-danger: var(--countersign-danger, light-dark(#a3261f, #ff9d94));
  --own-good: var(--countersign-good, light-dark(#1c6b3a, #86d9a2));
  --own-soft: var(--countersign-soft, light-dark(#56606a, #a7b1b8));
  display: block;
  min-inline-size: 0;
  max-inline-size: 100%;
}
:host([hidden]) { display: none; }
.row {
  display: flex;
  align-items: stretch;
  border: 1px solid var(--own-line);
  border-radius: 0.5rem;
  background: var(--countersign-surface, Field);
  color: var(--countersign-ink, FieldText);
}
.row:focus-within { outline: 2px solid var(--own-accent); outline-offset: 2px; }
input {
  flex: 1;
  min-inline-size: 0;
  box-sizing: border-box;
  min-block-size: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 0;
  border-radius: inherit;
  outline: 0;
  background: transparent;
  color: inherit;
  font: inherit;
}
button {
  min-inline-size: 2.75rem;
  min-block-size: 2.75rem;
  padding: 0 0.75rem;
  border: 0;
  border-radius: inherit;
  background: transparent;
  color: var(--own-accent);
  font: inherit;
  font-size: 0.9em;
  cursor: pointer;
}
button:focus-visible { outline: 2px solid var(--own-accent); outline-offset: -4px; }
:disabled { opacity: 0.6; cursor: not-allowed; }
.meter { display: flex; align-items: center; gap: 0.25rem; margin-block-start: 0.5rem; }
.meter[hidden] { display: none; }
.bar {
  flex: 1;
  block-size: 0.375rem;
  border: 1px solid var(--own-line);
  border-radius: 1rem;
  background: transparent;
}
.bar.full { border-color: var(--own-level); background: var(--own-level); }
.meter { --own-level: var(--own-danger); }
.meter[data-score="2"] { --own-level: var(--own-soft); }
.meter[data-score="3"], .meter[data-score="4"] { --own-level: var(--own-good); }
.level { min-inline-size: 6.5em; margin-inline-start: 0.5rem; font-size: 0.875em; }
.advice { margin: 0.375rem 0 0; min-block-size: 1.5em; font-size: 0.875em; line-height: 1.5; text-align: match-parent; overflow-wrap: anywhere; }
.advice:empty { min-block-size: 0; margin: 0; }
.advice::before { font-weight: 700; margin-inline-end: 0.375em; }
.advice[data-verdict="no"] { color: var(--own-danger); }
.advice[data-verdict="no"]::before { content: "✕" / ""; }
.advice[data-verdict="yes"] { color: var(--own-good); }
.advice[data-verdict="yes"]::before { content: "✓" / ""; }
.heard { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) {
  .row { border-color: FieldText; }
  .bar { border-color: CanvasText; }
  .bar.full { background: Highlight; border-color: Highlight; forced-color-adjust: none; }
}
`;

let sheet: CSSStyleSheet | undefined;

/** One sheet for all fields. It is made by script, which a page's content security policy for styles does not concern. */
export function fieldStyles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
