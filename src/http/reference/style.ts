/** The reference's stylesheet. */
export const REFERENCE_STYLE = `
:root { color-scheme: light dark; --text: #1c2330; --muted: #566072; --ground: #fbfbfd; --card: #fff; --line: #dfe3ea; --accent: #1f5fbf; }
@media (prefers-color-scheme: dark) { :root { --text: #e7eaf0; --muted: #a3adbd; --ground: #12151b; --card: #1a1f28; --line: #2d3440; --accent: #8ab4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 6rem; max-inline-size: 60rem; background: var(--ground); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin-block: 1rem .5rem; }
h2 { font-size: 1.25rem; margin-block: 2rem .5rem; }
h3 { font-size: .875rem; text-transform: uppercase; letter-spacing: .06em; color: var(--muted); margin-block: 1.5rem .5rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
nav ul { list-style: none; padding: 0; margin: 0; }
nav li { padding-block: .25rem; display: flex; gap: .75rem; flex-wrap: wrap; justify-content: space-between; border-block-end: 1px solid var(--line); }
nav code { color: var(--muted); }
nav h2 { font-size: 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .5rem 1.5rem 1.5rem; margin-block: 2rem; }
.path span { font-weight: 600; color: var(--accent); }
table { inline-size: 100%; border-collapse: collapse; font-size: .9375rem; display: block; overflow-x: auto; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem .5rem 0; border-block-end: 1px solid var(--line); }
th { font-weight: 600; color: var(--muted); }
td:last-child { min-inline-size: 14rem; }
small { color: var(--muted); }
dl { display: grid; grid-template-columns: 3.5rem 1fr; gap: .25rem .5rem; margin: 0; font-size: .9375rem; }
dt { font-weight: 600; } dd { margin: 0; } dd p { margin: 0 0 .25rem; }
.wide { grid-template-columns: minmax(6rem, max-content) 1fr; }
@media (max-width: 40rem) { .wide { grid-template-columns: 1fr; } .wide dd { margin-block-end: .5rem; } }
.live { max-inline-size: 30rem; margin-block: 1.5rem; }
.live label { display: block; margin-block-end: 0.375rem; font-weight: 600; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
`;
