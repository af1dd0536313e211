import { formatMs, formatNumber } from '../../summary/units.ts';
import { drawChart, type Line, type Mark } from './chart.ts';
import { html, type Markup } from './markup.ts';
import type { Point, Timeline, Track } from './timeline.ts';
import type { LoadView } from './view.ts';

/** More than these are read in the tables. */
const MOST_STEPS = 60;

/** The whole load over time, then each step by itself. */
export function drawCharts({ timeline }: LoadView): Markup | undefined {
  if (timeline.moments.length === 0) return undefined;
  // What runs once, before and after all, is no course.
  const steps = timeline.listOf('step_duration').filter(({ tags }) => tags.tags.has('scenario'));
  const left = steps.length - MOST_STEPS;
  return html`<div class="charts">
${drawWhole(timeline)}</div>
${steps.slice(0, MOST_STEPS).map((track) => drawStep(timeline, track))}${left > 0 ? html`<p>and ${left} more steps</p>` : undefined}`;
}

function drawWhole(timeline: Timeline): Markup {
  const { moments } = timeline;
  const marks = listMarks(timeline);
  const rate = (metric: string) => rateOf(timeline, timeline.listOf(metric));
  const iterations = timeline.listOf('iterations');
  const vus = timeline.listOf('vus')[0];
  const lines: Line[] = [{ name: 'iterations', colour: 'a', values: rate('iterations') }];
  if (timeline.listOf('dropped_iterations').length > 0)
    lines.push({ name: 'dropped', colour: 'c', values: rate('dropped_iterations') });
  const [wanted] = timeline.listOf('arrival_rate');
  if (wanted) lines.push({ name: 'wanted', colour: 'b', values: moments.map((_, at) => wanted.points[at]?.last) });
  const users = drawChart({
    title: 'Virtual users',
    marks,
    moments,
    lines: [{ name: 'active', colour: 'b', values: moments.map((_, at) => vus?.points[at]?.last) }],
    format: formatCount,
  });
  const perSecond = drawChart({ title: 'Iterations per second', marks, moments, lines, format: formatCount });
  return iterations.length === 0 ? users : html`${users}${perSecond}`;
}

function drawStep(timeline: Timeline, track: Track): Markup {
  const { moments } = timeline;
  const marks = listMarks(timeline);
  const { tags } = track.tags;
  const name = `${tags.get('scenario') ?? ''} / ${tags.get('step') ?? ''}`;
  const failed = timeline.listOf('step_failed').filter((one) => one.tags === track.tags);
  const pick = (key: 'med' | 'p95') =>
    moments.map((_, at) => ((track.points[at]?.count ?? 0) > 0 ? track.points[at]?.[key] : undefined));
  const rates = drawChart({
    title: 'Per second',
    marks,
    moments,
    lines: [
      { name: 'carried out', colour: 'a', values: rateOf(timeline, [track], ({ count }) => count) },
      { name: 'failed', colour: 'c', values: rateOf(timeline, failed) },
    ],
    format: formatCount,
  });
  const durations = drawChart({
    title: 'Duration',
    marks,
    moments,
    lines: [
      { name: 'med', colour: 'a', values: pick('med') },
      { name: 'p(95)', colour: 'b', values: pick('p95') },
    ],
    format: (value) => formatMs(value),
  });
  return html`<h3>${name}</h3>
<div class="charts">
${rates}${durations}</div>
`;
}

/** Faults and the like, each in the middle of the moment in which its step was done. */
export function listMarks(timeline: Timeline): readonly Mark[] {
  const found = timeline.listOf('timeline_marks').flatMap(({ tags: { tags }, points }) =>
    timeline.moments.flatMap(({ atMs, spanMs }, at): Mark[] => {
      if ((points[at]?.count ?? 0) === 0) return [];
      const read = (name: string): string => tags.get(name) ?? '';
      const names = { scenario: read('scenario'), step: read('step'), action: read('action') };
      return [{ atMs: atMs - spanMs / 2, ...names }];
    }),
  );
  return found.sort((a, b) => a.atMs - b.atMs);
}

/** How much came in a second, of all tracks together. */
function rateOf(
  { moments }: Timeline,
  tracks: readonly Track[],
  read: (point: Point) => number = ({ sum }) => sum,
): readonly number[] {
  return moments.map(({ spanMs }, at) => {
    const all = tracks.reduce((sum, { points }) => sum + (points[at] ? read(points[at]) : 0), 0);
    return spanMs > 0 ? (all * 1000) / spanMs : 0;
  });
}

function formatCount(value: number): string {
  return formatNumber(Number(value.toFixed(1)));
}
