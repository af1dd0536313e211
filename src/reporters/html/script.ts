/**
 * What draws the page, in the browser. All that a run brought is put in as text. A flow is unpacked when it is opened, a step is drawn
 * when it is: hundreds of flows are on the screen at once.
 */
export const SCRIPT = `'use strict';
const run = JSON.parse(document.getElementById('run').textContent);
const MARKS = { passed: '✓', failed: '✗', errored: '!', skipped: '·' };
const SHOWN = 100000;
const el = (tag, props = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (key === 'class') made.className = value;
    else if (key === 'on') made.addEventListener('click', value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter((one) => one !== undefined && one !== ''));
  return made;
};
const length = (ms) => ms < 1000 ? Math.round(ms) + ' ms' : ms < 60000 ? Number((ms / 1000).toFixed(2)) + ' s' : Math.floor(ms / 60000) + ' m ' + Math.round(ms % 60000 / 1000) + ' s';
const isBad = (outcome) => outcome === 'failed' || outcome === 'errored';
const mark = (outcome) => el('span', { class: outcome }, el('span', { 'aria-hidden': 'true' }, MARKS[outcome]), el('span', { class: 'unseen' }, outcome));
const lane = (at, ms, whole, outcome) => {
  const bar = el('i');
  const all = Math.max(1, whole);
  bar.style.left = Math.min(99, at / all * 100) + '%';
  bar.style.width = Math.max(0.5, Math.min(100, ms / all * 100)) + '%';
  return el('span', { class: 'lane ' + outcome, 'aria-hidden': 'true' }, bar);
};
const text = (value, kind) => {
  const pre = el('pre', { class: kind, tabindex: '0' }, value.length > SHOWN ? value.slice(0, SHOWN) : value);
  if (value.length <= SHOWN) return pre;
  const more = el('button', { type: 'button', on: () => { pre.textContent = value; more.remove(); pre.focus(); } }, 'show all ' + value.length.toLocaleString('en') + ' characters');
  return el('div', {}, pre, more);
};
const pairs = (title, list) => list && list.length ? [el('h4', {}, title), el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title }, el('table', {}, el('tbody', {}, list.map(({ name, value }) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value))))))] : [];
const grid = ({ columns, rows }) => el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'rows' }, el('table', { class: 'wide' }, el('thead', {}, el('tr', {}, columns.map((name) => el('th', { scope: 'col' }, name)))), el('tbody', {}, rows.map((row) => el('tr', {}, row.map((value) => el('td', {}, value)))))));
const side = ({ label, head, headers, body, table, cut }) => el('section', {}, el('h4', {}, label), head ? text(head, 'head') : '', headers && headers.length ? el('details', {}, el('summary', {}, headers.length + ' headers'), pairs(label + ' headers', headers).slice(1)) : '', body === undefined ? '' : text(body, 'body'), table ? grid(table) : '', cut ? el('p', { class: 'note' }, cut) : '');
const link = (key, address) => '#' + encodeURIComponent(key) + (address ? '/' + encodeURIComponent(address) : '');

const drawStep = ({ step, problems, notes, wire, seen, outcome, key }) => el('div', { class: 'panel ' + outcome },
  el('p', { class: 'note' }, step.address + '   ' + step.place + '   ', el('a', { href: link(key, step.address) }, 'link to this step')),
  problems.map((one) => text(one, 'problem')),
  notes.map((one) => el('p', { class: 'note' }, 'note: ' + one)),
  pairs('captured', seen.captures),
  pairs('logged', seen.logs),
  wire.sides.map(side),
  seen.details.map(({ title, text: lines }) => [el('h4', {}, title), text(lines, 'lines')]).flat(),
  wire.byHand ? [el('h4', {}, 'by hand'), text(wire.byHand, 'hand')] : []);

const toggle = (button, panel, draw) => {
  const set = (isOpen) => {
    if (isOpen && !panel.firstChild) draw();
    button.setAttribute('aria-expanded', String(isOpen));
    panel.hidden = !isOpen;
  };
  button.addEventListener('click', () => set(panel.hidden));
  return set;
};

const unpack = async (index) => {
  const bytes = Uint8Array.from(atob(document.getElementById('page-' + index).textContent), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text());
};

const inOrder = (steps) => {
  const known = new Set(steps.map(({ step }) => step.address));
  const below = new Map();
  for (const one of steps) {
    const parent = known.has(one.step.parent) ? one.step.parent : '';
    if (!below.has(parent)) below.set(parent, []);
    below.get(parent).push(one);
  }
  const list = [];
  const walk = (parent, depth) => {
    for (const one of below.get(parent) || []) {
      list.push({ ...one, depth });
      if (one.step.address !== parent) walk(one.step.address, depth + 1);
    }
  };
  walk('', 0);
  return list;
};

const drawFlow = (flow, page) => {
  const made = [el('p', { class: 'note' }, flow.end.counts)];
  if (flow.again) made.push(el('h3', {}, 'again'), text(flow.again, 'again'));
  if (flow.trace) made.push(el('p', { class: 'note' }, 'trace ', flow.trace.url && /^https?:/.test(flow.trace.url) ? el('a', { href: flow.trace.url, rel: 'noreferrer' }, flow.trace.id) : flow.trace.id));
  if (page.cut) made.push(el('p', { class: 'note' }, page.cut));
  made.push(...page.problems.map((one) => text(one, 'problem')));
  if (page.earlier.length) made.push(el('h3', {}, 'attempts before'), text(page.earlier.join('\\n'), 'lines'));
  let phase = '';
  const list = el('ol', { 'aria-label': 'steps' });
  flow.opened = new Map();
  for (const one of inOrder(page.steps)) {
    const { step, outcome, depth } = one;
    if (step.phase !== phase) {
      phase = step.phase;
      list.append(el('li', {}, el('h3', { class: 'phase' }, phase)));
    }
    const name = el('span', { class: 'name' }, step.label);
    name.style.paddingLeft = Math.min(depth, 12) * 14 + 'px';
    const button = el('button', { class: 'row', type: 'button', 'aria-expanded': 'false' }, mark(outcome), name, el('span', { class: 'act dim' }, step.action), el('span', { class: 'time dim' }, outcome === 'skipped' ? '' : length(one.ms)), outcome === 'skipped' ? el('span', { class: 'lane' }) : lane(one.at, one.ms, flow.ms, outcome), el('span', { class: 'sum ' + (isBad(outcome) ? outcome : 'dim') }, one.summary));
    const panel = el('div', { hidden: true });
    const open = toggle(button, panel, () => panel.append(drawStep({ ...one, key: flow.key })));
    flow.opened.set(step.address, { open, button });
    list.append(el('li', { class: 'step' }, button, panel));
    if (one.problems.length) open(true);
  }
  made.push(list, ...pairs('variables', page.variables));
  if (page.beside.length) made.push(el('h3', {}, 'beside the steps'), text(page.beside.join('\\n').trim(), 'lines'));
  return made;
};

const flows = run.flows.map((flow, index) => {
  const { about, end } = flow;
  const head = [mark(end.outcome), el('span', { class: 'name' }, about.name, about.row === undefined ? '' : el('span', { class: 'tag' }, 'row ' + about.row), end.isFlaky ? el('span', { class: 'tag' }, 'flaky') : '', about.tags.map((tag) => el('span', { class: 'tag' }, tag))), el('span', { class: 'place dim' }, about.place), el('span', { class: 'time dim' }, end.outcome === 'skipped' ? '' : length(flow.ms)), lane(flow.at, flow.ms, run.ms, end.outcome)];
  const why = end.skip ? [el('span', { class: 'dim' }, end.skip)] : flow.failures.map(({ address, place, text: line }) => el('span', {}, (address ? address + '   ' : '') + line + '   ', el('span', { class: 'dim' }, place)));
  if (flow.more) why.push(el('span', { class: 'dim' }, '… and ' + flow.more + ' more'));
  if (why.length) head.push(el('span', { class: 'why' }, why));
  const button = el('button', { class: 'row', type: 'button', 'aria-expanded': 'false' }, head);
  const panel = el('div', { class: 'open', hidden: true });
  let ready;
  const own = { ...flow };
  const draw = () => {
    panel.append(el('p', { class: 'note', role: 'status' }, 'opening …'));
    ready = unpack(index).then((page) => panel.replaceChildren(...drawFlow(own, page)), (error) => panel.replaceChildren(el('p', { class: 'failed' }, 'This browser cannot unpack the flow (' + error + '): it needs DecompressionStream, which all browsers have since 2023.')));
  };
  const open = toggle(button, panel, draw);
  const words = [about.name, about.place, about.tags.join(' '), flow.steps.join(' '), flow.failures.map((one) => one.text).join(' ')].join('\\n').toLowerCase();
  const node = el('section', { class: 'flow', id: 'flow-' + index }, el('h2', {}, button), panel);
  return Object.assign(own, { node, button, words, open: async (isOpen) => { open(isOpen); await ready; } });
});

const facts = el('dl', {}, run.facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
const search = el('input', { type: 'search', placeholder: 'search flows, steps, files, tags, failures', 'aria-label': 'search' });
const count = el('span', { class: 'dim', role: 'status' });
let chosen = '';
const kinds = [['', 'all', flows.length], ['bad', 'failed', flows.filter(({ end }) => isBad(end.outcome)).length], ['flaky', 'flaky', flows.filter(({ end }) => end.isFlaky).length], ['passed', 'passed', flows.filter(({ end }) => end.outcome === 'passed').length], ['skipped', 'skipped', flows.filter(({ end }) => end.outcome === 'skipped').length]].filter(([kind, , size]) => kind === '' || size > 0);
const buttons = kinds.map(([kind, label, size]) => el('button', { type: 'button', 'aria-pressed': String(kind === ''), on: () => choose(kind) }, label + ' ' + size));
const fits = ({ end }) => chosen === '' || (chosen === 'bad' ? isBad(end.outcome) : chosen === 'flaky' ? end.isFlaky : end.outcome === chosen);
const filter = () => {
  const wanted = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const flow of flows) {
    const isShown = fits(flow) && wanted.every((word) => flow.words.includes(word));
    flow.node.hidden = !isShown;
    if (isShown) shown++;
  }
  count.textContent = shown === flows.length ? '' : shown + ' of ' + flows.length;
};
const choose = (kind) => {
  chosen = kind;
  buttons.forEach((button, at) => button.setAttribute('aria-pressed', String(kinds[at][0] === kind)));
  filter();
};
search.addEventListener('input', filter);

const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = (isDark) => root.classList.toggle('dark', isDark);
paint(dark.matches);
dark.addEventListener('change', ({ matches }) => paint(matches));
const theme = el('button', { type: 'button', on: () => paint(!root.classList.contains('dark')) }, 'light / dark');

document.body.append(
  el('header', {}, el('h1', { class: run.outcome }, run.title), theme),
  el('main', {},
    facts,
    run.notes.map((one) => el('p', { class: 'note' }, one)),
    run.problems.map((one) => text(one, 'problem')),
    flows.length ? el('div', { class: 'tools', role: 'group', 'aria-label': 'which flows' }, buttons, search, count) : '',
    flows.map(({ node }) => node)),
  el('footer', {}, el('kbd', {}, '/'), ' search   ', el('kbd', {}, 'j'), ' ', el('kbd', {}, 'k'), ' next and previous failure   ', el('kbd', {}, 'Enter'), ' open and close'));

const goTo = async () => {
  const [key, address] = location.hash.slice(1).split('/').map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
  const flow = flows.find((one) => one.key === key);
  if (!flow) return false;
  if (flow.node.hidden) { search.value = ''; choose(''); }
  await flow.open(true);
  const step = address === undefined ? undefined : flow.opened && flow.opened.get(address);
  if (step) step.open(true);
  const target = step ? step.button : flow.button;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: 'center' });
  return true;
};
addEventListener('hashchange', goTo);

const goToBad = async (way) => {
  const bad = flows.filter(({ node, end }) => !node.hidden && isBad(end.outcome));
  if (bad.length === 0) return;
  const at = bad.findIndex(({ node }) => node.contains(document.activeElement));
  const flow = bad[at === -1 ? (way > 0 ? 0 : bad.length - 1) : (at + way + bad.length) % bad.length];
  // At once, for the next key may come before the flow is unpacked.
  flow.button.focus({ preventScroll: true });
  await flow.open(true);
  flow.node.scrollIntoView({ block: 'start' });
};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search) { if (event.key === 'Escape') { search.value = ''; filter(); } return; }
  if (event.key === '/') { event.preventDefault(); search.focus(); }
  else if (event.key === 'j') goToBad(1);
  else if (event.key === 'k') goToBad(-1);
});

goTo().then((isThere) => {
  const first = flows.find(({ end }) => isBad(end.outcome)) || (flows.length === 1 ? flows[0] : undefined);
  if (!isThere && first) first.open(true);
});
`;
