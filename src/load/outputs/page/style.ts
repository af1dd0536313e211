/** How pages look, light and dark, on narrow and on wide screens. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1c2024;--dim:#5a626b;--line:#d5dae0;--panel:#f5f7f9;--a:#1f5fbf;--b:#9a5b00;--c:#b3261e;--good:#176b34;--bad:#fdeceb}
@media (prefers-color-scheme:dark){:root{--ground:#15181b;--ink:#e8ebee;--dim:#a3abb4;--line:#3a4148;--panel:#1e2226;--a:#7fb2ff;--b:#f0b254;--c:#ff8a80;--good:#7ed99a;--bad:#3a2020}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1760px;padding:16px;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:22px;margin:0 0 8px}h2{font-size:18px;margin:28px 0 8px}h3{font-size:15px;margin:20px 0 4px}
p{margin:4px 0}
.verdict{font-size:18px;font-weight:600}
.good{color:var(--good)}.wrong{color:var(--c)}
dl{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0}
dl div{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:6px 14px;min-width:92px}
dt{color:var(--dim);font-size:13px}dd{margin:0;font-size:20px;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;overflow-wrap:normal}
th,td{padding:4px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{background:var(--panel);color:var(--dim);font-weight:600;white-space:nowrap}
tbody th{font-weight:400;min-width:140px;max-width:420px;overflow-wrap:anywhere}
td{max-width:720px;min-width:84px}
.n{text-align:right;white-space:nowrap;min-width:0}
.bad>*{background:var(--bad)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:12px}
figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:8px 12px}
figcaption{font-size:13px}
.key{margin-left:10px;white-space:nowrap}.key::before{content:"";display:inline-block;width:14px;height:3px;margin:0 5px 3px 0;background:currentColor}
.key.a{color:var(--a)}.key.b{color:var(--b)}.key.c{color:var(--c)}
.plot{position:relative;padding-top:16px}
.y{position:absolute;top:0;left:0;font-size:12px;color:var(--dim)}
svg{display:block;width:100%;height:130px;overflow:visible}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.line.a{stroke:var(--a)}.line.b{stroke:var(--b)}.line.c{stroke:var(--c)}
.grid{fill:none;stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.mark{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 3;vector-effect:non-scaling-stroke}
.tips rect{fill:transparent}.tips rect:hover{fill:var(--line);opacity:.5}
.x{display:flex;justify-content:space-between;font-size:12px;color:var(--dim)}
`;
