/** The page's style: light or dark as the reader's system is, light on paper; nothing is fetched. */
export const reportStyle = `
:root { color-scheme: light; --ground: #ffffff; --raised: #f3f4f6; --line: #dcdfe4; --text: #181b20; --muted: #555d69;
  --good: #1a6b3c; --bad: #a81f24; --note: #fcefd2; --note-text: #5b3800; --c1: #0072b2; --c2: #c14600; --c3: #00795a;
  --c4: #8244a8; --c5: #7a5c00; --c6: #b0306f; --c7: #4d5b6b; --c8: #00687a; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --ground: #15181c; --raised: #1f2329; --line: #2d323a; --text: #e8eaee; --muted: #a2aab6;
    --good: #6fd097; --bad: #ff9a94; --note: #352813; --note-text: #e9b95c; --c1: #5fb3f0; --c2: #ff8a4c; --c3: #2fc79a;
    --c4: #c79bf0; --c5: #d6b24a; --c6: #ff8fc0; --c7: #a9b7c6; --c8: #54cfe0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 20px 64px; max-width: 1020px; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { margin: 0 0 4px; font-size: 26px; } h2 { margin: 40px 0 6px; font-size: 18px; }
p { margin: 6px 0; max-width: 72ch; } .muted { color: var(--muted); }
.note { padding: 10px 14px; border-radius: 8px; background: var(--note); color: var(--note-text); max-width: none; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(280px, 45%), 1fr)); gap: 10px; margin: 16px 0; padding: 0; }
.figures div { padding: 12px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
dt { color: var(--muted); font-size: 13px; } dd { margin: 0; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { display: block; color: var(--muted); font-size: 12px; font-weight: 400; }
.faces { display: flex; flex-wrap: wrap; gap: 6px; margin: 12px 0; padding: 0; list-style: none; }
.faces img { display: block; width: 84px; height: 84px; border-radius: 6px; background: var(--raised); }
.faces figure { margin: 0; font-size: 12px; text-align: center; font-variant-numeric: tabular-nums; }
.right { color: var(--good); } .wrong { color: var(--bad); } .query img { outline: 2px solid var(--c1); outline-offset: 1px; }
.query { margin-right: 10px !important; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 16px; margin: 12px 0; }
.chart { margin: 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; }
.chart > svg { width: 100%; height: auto; } figcaption { font-weight: 600; }
.grid { stroke: var(--line); stroke-width: 1; } .tick, .axis { fill: var(--muted); font-size: 11px; } .axis { font-size: 12px; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; } .dashed { stroke-dasharray: 5 4; }
.l1 { stroke: var(--c1); } .l2 { stroke: var(--c2); } .l3 { stroke: var(--c3); } .l4 { stroke: var(--c4); }
.l5 { stroke: var(--c5); } .l6 { stroke: var(--c6); } .l7 { stroke: var(--c7); } .l8 { stroke: var(--c8); }
.c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); }
.c5 { fill: var(--c5); } .c6 { fill: var(--c6); } .c7 { fill: var(--c7); } .c8 { fill: var(--c8); }
.legend { display: flex; flex-wrap: wrap; gap: 14px; font-size: 12px; color: var(--muted); } .key { display: inline-flex; align-items: center; gap: 6px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: 12px 0; }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 500; font-size: 13px; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { body { padding: 0; font-size: 13px; } h2 { margin-top: 24px; break-after: avoid; }
  .faces img { width: 64px; height: 64px; }
  .chart, .figures div, .faces, tr { break-inside: avoid; } * { print-color-adjust: exact; } }
`;
