/** How the page looks, light and dark, narrow and wide, on paper too. */
export const STYLE = `
:root{color-scheme:light;--ground:#fff;--ink:#1b1f23;--dim:#57606a;--line:#d0d7de;--panel:#f6f8fa;--good:#116329;--bad:#b3261e;--warn:#8a5300;--link:#0550ae;--badground:#fff1f0;--bar:#8fb3d9}
:root.dark{color-scheme:dark;--ground:#14171a;--ink:#e6e9ec;--dim:#a0a8b1;--line:#3a4149;--panel:#1d2125;--good:#6fd58f;--bad:#ff8a80;--warn:#f0b254;--link:#82b4ff;--badground:#331d1c;--bar:#4a6f99}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1500px;padding:16px;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:22px;margin:0}h2{font-size:16px;margin:20px 0 6px}h3,h4{font-size:13px;margin:10px 0 2px;color:var(--dim);font-weight:600}
button,input{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:4px 10px}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--link);outline-offset:1px}
a{color:var(--link)}
header,.tools{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
header{justify-content:space-between}
.tools{position:sticky;top:0;z-index:1;background:var(--ground);padding:8px 0;border-bottom:1px solid var(--line)}
.tools input{flex:1 1 200px;min-width:0}
.tools button[aria-pressed=true]{background:var(--ink);color:var(--ground)}
dl{display:flex;flex-wrap:wrap;gap:2px 22px;margin:8px 0}dl div{display:flex;gap:6px}dt{color:var(--dim)}dd{margin:0}
.passed{color:var(--good)}.failed{color:var(--bad)}.errored{color:var(--warn)}.skipped{color:var(--dim)}
ul,ol{list-style:none;margin:0;padding:0}
.flow{border-bottom:1px solid var(--line)}
.row{display:grid;width:100%;border:0;border-radius:0;background:none;text-align:left;padding:6px 4px;gap:2px 10px;align-items:baseline}
.row:hover{background:var(--panel)}
.flow>h2{margin:0;font-weight:400}
.flow>h2>.row{grid-template-columns:16px minmax(0,2fr) minmax(0,1.3fr) 84px 140px}
.step>.row{grid-template-columns:16px minmax(0,1.2fr) 140px 74px 140px minmax(0,2fr);padding:3px 4px}
.dim{color:var(--dim)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.time{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.lane{position:relative;height:8px;background:var(--panel);border-radius:4px;align-self:center;overflow:hidden}
.lane i{position:absolute;top:0;bottom:0;min-width:2px;background:var(--bar);border-radius:4px}
.lane.failed i{background:var(--bad)}.lane.errored i{background:var(--warn)}
.why{grid-column:2/-1;font-size:14px}
.why>span{display:block}
.open{padding:4px 0 16px 26px}
.panel{border-left:3px solid var(--line);margin:2px 0 10px 8px;padding:2px 0 2px 12px}
.panel.failed,.panel.errored{border-color:var(--bad);color:inherit}
pre{margin:2px 0 8px;padding:8px 10px;background:var(--panel);border:1px solid var(--line);border-radius:6px;font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow:auto;max-height:520px;overflow-wrap:anywhere}
pre.problem{background:var(--badground);max-height:none;white-space:pre;overflow-wrap:normal}
.scroll{overflow:auto;max-height:420px;border:1px solid var(--line);border-radius:6px;margin:2px 0 8px}
table{border-collapse:collapse;font:13px/1.4 ui-monospace,monospace;overflow-wrap:normal}
th,td{text-align:left;padding:2px 10px;border-bottom:1px solid var(--line);vertical-align:top;white-space:pre-wrap}
table.wide th,table.wide td{max-width:480px;overflow-wrap:anywhere}
table.wide th{background:var(--panel);position:sticky;top:0}
.phase{margin:10px 0 0}
.tag{border:1px solid var(--line);border-radius:9px;padding:0 7px;font-size:12px;color:var(--dim);margin-left:6px;white-space:nowrap}
.note{margin:2px 0;color:var(--dim)}
footer{margin-top:20px;color:var(--dim);font-size:13px}
kbd{border:1px solid var(--line);border-radius:4px;padding:0 4px;font:12px ui-monospace,monospace}
@media (max-width:760px){body{padding:10px}.flow>h2>.row{grid-template-columns:16px minmax(0,1fr) auto}.flow>h2>.row>.place,.flow>h2>.row>.lane,.step>.row>.lane,.step>.row>.act{display:none}.step>.row{grid-template-columns:16px minmax(0,1fr) auto}.step>.row>.sum{grid-column:2/-1}.open{padding-left:6px}}
@media print{.tools,footer{display:none}pre,.scroll{max-height:none}}
`;
