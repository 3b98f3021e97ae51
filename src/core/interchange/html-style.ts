/** The look of an exported page: that of the app, for reading and for printing. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(oklch(0.985 0.003 80), oklch(0.2 0.005 60));
  --raised: light-dark(oklch(0.965 0.004 80), oklch(0.24 0.006 60));
  --line: light-dark(oklch(0.9 0.005 80), oklch(0.32 0.006 60));
  --text: light-dark(oklch(0.25 0.01 60), oklch(0.92 0.005 80));
  --secondary: light-dark(oklch(0.5 0.01 60), oklch(0.7 0.006 80));
  --accent: light-dark(oklch(0.5 0.12 45), oklch(0.72 0.11 50));
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.7 system-ui, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei UI', 'Noto Sans CJK SC',
    'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif;
  text-autospace: normal;
  overflow-wrap: anywhere;
}
:lang(zh) { line-break: strict; }
main { max-width: 47.5rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.4; margin: 0 0 1.5rem; }
article { margin: 0 0 1.5rem; }
article > h2 { margin: 0 0 0.25rem; font-size: 0.8125rem; font-weight: 600; color: var(--secondary); }
.user > .text { background: var(--raised); border-radius: 12px; padding: 0.25rem 1rem; white-space: normal; }
.text > :first-child { margin-top: 0.5rem; }
.text > :last-child { margin-bottom: 0.5rem; }
.text h1, .text h2, .text h3, .text h4 { font-size: 1.125rem; line-height: 1.4; margin: 1.5em 0 0.5em; }
.figures { margin: 0.25rem 0 0; font-size: 0.75rem; color: var(--secondary); font-variant-numeric: tabular-nums; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
details { margin: 0.5rem 0; border: 1px solid var(--line); border-radius: 8px; padding: 0.25rem 0.75rem; }
summary { cursor: pointer; font-size: 0.8125rem; color: var(--secondary); }
blockquote { margin: 1em 0; padding: 0 0 0 1em; border-inline-start: 2px solid var(--line); color: var(--secondary); }
pre, code {
  font-family: ui-monospace, 'Cascadia Code', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace;
  font-size: 0.875em;
}
code { background: var(--raised); border-radius: 6px; padding: 0.1em 0.3em; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 1rem; overflow-x: auto; line-height: 1.5; }
pre code { background: none; padding: 0; }
pre.plain { white-space: pre-wrap; }
table { display: block; overflow-x: auto; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.75rem; text-align: start; }
[align='right'] { text-align: end; }
[align='center'] { text-align: center; }
math[display='block'] { overflow-x: auto; overflow-y: hidden; padding: 0.25rem 0; }
hr { border: 0; border-top: 1px solid var(--line); }
.contains-task-list { list-style: none; padding-inline-start: 1rem; }
.footnotes { border-top: 1px solid var(--line); font-size: 0.875em; }
.sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.hljs-comment, .hljs-quote { color: var(--secondary); font-style: italic; }
.hljs-keyword, .hljs-selector-tag, .hljs-built_in, .hljs-tag, .hljs-name { color: light-dark(oklch(0.5 0.13 25), oklch(0.76 0.1 30)); }
.hljs-string, .hljs-regexp, .hljs-addition, .hljs-selector-attr { color: light-dark(oklch(0.47 0.09 150), oklch(0.78 0.09 150)); }
.hljs-number, .hljs-literal, .hljs-symbol, .hljs-bullet, .hljs-meta, .hljs-link { color: light-dark(oklch(0.5 0.1 65), oklch(0.79 0.09 75)); }
.hljs-title, .hljs-section, .hljs-attr, .hljs-attribute, .hljs-type, .hljs-selector-class, .hljs-selector-id { color: light-dark(oklch(0.48 0.1 255), oklch(0.77 0.08 250)); }
.hljs-deletion { color: light-dark(oklch(0.5 0.16 25), oklch(0.74 0.12 25)); }
.hljs-emphasis { font-style: italic; }
.hljs-strong { font-weight: 600; }
@media print {
  :root { color-scheme: light; }
  article { break-inside: avoid-page; }
  pre { white-space: pre-wrap; }
}
`
