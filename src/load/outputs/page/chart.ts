import { html, type Markup } from './markup.ts';
import type { Moment } from './timeline.ts';

/** A line of a chart: a value for each moment, undefined where there is none. */
export interface Line {
  readonly name: string;
  /** Which of the colours of the page, `a` to `c`. */
  readonly colour: 'a' | 'b' | 'c';
  readonly values: readonly (number | undefined)[];
}

/** What happened at a moment that all else depends on. */
export interface Mark {
  /** ms since the beginning. */
  readonly atMs: number;
  readonly scenario: string;
  readonly step: string;
  readonly action: string;
}

export interface Chart {
  readonly title: string;
  readonly marks: readonly Mark[];
  readonly moments: readonly Moment[];
  readonly lines: readonly Line[];
  format(value: number): string;
}

const WIDTH = 600;
const HEIGHT = 120;

/** A chart over time, as a figure whose words stand outside of the drawing and so keep their size. */
export function drawChart({ title, marks, moments, lines, format }: Chart): Markup {
  const most = lines.reduce((all, { values }) => Math.max(all, ...values.map((value) => value ?? 0)), 0);
  const top = roundUp(most);
  const startMs = (moments[0]?.atMs ?? 0) - (moments[0]?.spanMs ?? 0);
  const endMs = moments.at(-1)?.atMs ?? 0;
  const spanMs = Math.max(1, endMs - startMs);
  const x = (atMs: number) => round(((atMs - startMs) / spanMs) * WIDTH);
  const y = (value: number) => round(HEIGHT - (value / top) * HEIGHT);
  const paths = lines.map(({ colour, values }) => {
    const path = drawPath(values, (at) => x(middleOf(moments[at])), y);
    return html`<path class="line ${colour}" d="${path}"/>`;
  });
  const tips = moments.map((moment, at) => {
    const from = x(moment.atMs - moment.spanMs);
    const said = lines.map(({ name, values }) => `${name} ${values[at] === undefined ? '–' : format(values[at])}`);
    const words = `${formatTime(moment.atMs)}: ${said.join(', ')}`;
    return html`<rect x="${from}" y="0" width="${round(x(moment.atMs) - from)}" height="${HEIGHT}"><title>${words}</title></rect>`;
  });
  const drawn = marks.map(({ atMs, step, action }) => {
    const words = `${formatTime(atMs)}: ${step} (${action})`;
    return html`<path class="mark" d="M${x(atMs)} 0V${HEIGHT}"><title>${words}</title></path>`;
  });
  const keys = lines.map(({ name, colour }) => html` <span class="key ${colour}">${name}</span>`);
  const label = `${title}: ${lines.map((line) => describeLine(line, format)).join('; ')}`;
  return html`<figure><figcaption><b>${title}</b>${keys}</figcaption>
<div class="plot"><span class="y">${format(top)}</span><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}"/>${paths}<g class="tips">${tips}</g>${drawn}</svg></div>
<div class="x"><span>${formatTime(startMs)}</span><span>${formatTime(endMs)}</span></div></figure>
`;
}

function middleOf(moment: Moment | undefined): number {
  return moment ? moment.atMs - moment.spanMs / 2 : 0;
}

/** Values that are missing leave a gap; one between gaps is a dot. */
function drawPath(values: Line['values'], x: (at: number) => number, y: (value: number) => number): string {
  let path = '';
  values.forEach((value, at) => {
    if (value === undefined) return;
    const place = `${x(at)} ${y(value)}`;
    const isStart = values[at - 1] === undefined;
    const isAlone = isStart && values[at + 1] === undefined;
    path += isAlone ? `M${place}h.01` : `${isStart ? 'M' : 'L'}${place}`;
  });
  return path;
}

function describeLine({ name, values }: Line, format: Chart['format']): string {
  const there = values.filter((value) => value !== undefined);
  if (there.length === 0) return `${name}: nothing measured`;
  return `${name} from ${format(Math.min(...there))} to ${format(Math.max(...there))}`;
}

/** The next number that reads well: 1, 2, 3, 5 or 8 times a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 3, 5, 8].find((one) => one * power >= value) ?? 10;
  return step * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `1:05`. */
export function formatTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
