/** The page's own style. Colours keep 4.5:1 against their ground, light and dark (WCAG 2.2, 1.4.3). */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2024;--dim:#57606a;--line:#d0d7de;--soft:#f3f5f7;--link:#0550ae;--good:#116329;--bad:#b3202c;--warn:#7d4e00;--bar:#3b6ea8;--cached:#a7b0b9;--failed:#c93c48;--other:#9a6700}
@media(prefers-color-scheme:dark){:root{--bg:#15181c;--fg:#e4e8ec;--dim:#a3adb8;--line:#3a424b;--soft:#1e2329;--link:#79b8ff;--good:#6fd185;--bad:#ff938a;--warn:#e8b64c;--bar:#5b93d3;--cached:#566069;--failed:#f0646e;--other:#d9a441}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main,header,nav{max-width:72rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.6rem;margin:1.2rem 0 .4rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
a{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:.5rem 0}
nav a{display:inline-block;padding:.2rem 0}
.summary{font-size:1.1rem;font-weight:600}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}.warn{color:var(--warn)}.quiet{color:var(--dim)}
code,pre{font:.85rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{overflow-wrap:anywhere}td code{overflow-wrap:inherit}
pre{background:var(--soft);border:1px solid var(--line);border-radius:4px;padding:.6rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.15rem 1rem;margin:.5rem 0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:4px}
.scroll:focus-visible,a:focus-visible,button:focus-visible,input:focus-visible{outline:3px solid var(--link);outline-offset:1px}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
th{background:var(--soft);white-space:nowrap}
td{min-width:3.5rem}
td.long{min-width:16rem;overflow-wrap:anywhere}
td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
tr:last-child td{border-bottom:0}
th button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:.15rem 0;cursor:pointer}
th[aria-sort=ascending] button::after{content:" \\2191"}th[aria-sort=descending] button::after{content:" \\2193"}
.filter{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;margin:.4rem 0}
.filter[hidden]{display:none}
.filter input{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--dim);border-radius:4px;padding:.25rem .5rem;max-width:100%}
svg{display:block;min-width:46rem;width:100%;height:auto}
svg .label{fill:var(--fg);font:11px system-ui,sans-serif}svg .tick{stroke:var(--line)}
.bar{fill:var(--bar)}.bar.cached{fill:var(--cached)}.bar.failed{fill:var(--failed)}.bar.canceled,.bar.running{fill:var(--other)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:.4rem 0;font-size:.9rem}
.legend svg{display:inline-block;min-width:0;width:14px;height:14px;vertical-align:-2px;margin-right:.35rem}
@media(max-width:40rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}th,td{padding:.25rem .4rem}td.long{min-width:12rem}}
@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#999;--soft:#fff;--link:#000;--bar:#3b6ea8;--cached:#bbb;--good:#116329;--bad:#b3202c;--warn:#7d4e00}nav,.filter{display:none}.scroll{overflow:visible;border:0}svg{min-width:0}td,td.long{min-width:0}tr,svg{break-inside:avoid}body{font-size:10pt}}
`;
