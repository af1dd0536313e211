import { formatMeasured } from '../../summary/format-capacity.ts';
import { describeMetric, isOwn } from '../../summary/format-summary.ts';
import { formatMs, formatNumber, formatPercent } from '../../summary/units.ts';
import { drawCapacity } from './capacity.ts';
import { formatTime } from './chart.ts';
import { drawCharts, listMarks } from './charts.ts';
import { drawComparison } from './comparison.ts';
import { html, type Markup } from './markup.ts';
import { drawReconciled } from './reconciled.ts';
import { drawTable, durationCells, mark, type Row } from './tables.ts';
import { type LoadView, STATISTICS } from './view.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/** What a page shows, from above to below; what there is nothing of is left out. */
export function listSections(view: LoadView): readonly Section[] {
  const sections: readonly (readonly [string, string, Markup | undefined])[] = [
    ['verdict', 'Verdict', drawVerdict(view)],
    ['capacity', 'Capacity', drawCapacity(view)],
    ['thresholds', 'Thresholds', drawThresholds(view)],
    ['scenarios', 'Scenarios', drawScenarios(view)],
    ['steps', 'Steps', drawSteps(view)],
    ['recorded', 'Recorded by steps', drawRecorded(view)],
    ['reconciled', 'Reconciled', drawReconciled(view)],
    ['failures', 'What failed', drawFailures(view)],
    ['comparison', 'Compared with the base', drawComparison(view)],
    ['charts', 'Over time', drawCharts(view)],
    ['marks', 'Marked on the timeline', drawMarks(view)],
    ['groups', 'Groups', drawGroups(view)],
    ['requests', 'Requests', drawRequests(view)],
    ['checks', 'Checks', drawChecks(view)],
    ['generator', 'Generator', drawGenerator(view)],
    ['notes', 'Notes', drawNotes(view)],
  ];
  return sections.flatMap(([id, title, body]) => (body ? [{ id, title, body }] : []));
}

function drawVerdict({ about, elapsedMs, scenarios, summary, checks }: LoadView): Markup {
  const sum = (key: 'iterations' | 'failed' | 'dropped'): number => scenarios.reduce((all, one) => all + one[key], 0);
  const passes = checks.reduce((all, one) => all + one.passes, 0);
  const all = passes + checks.reduce((count, one) => count + one.fails, 0);
  const [iterations, dropped] = [sum('iterations'), sum('dropped')];
  const figures: readonly (readonly [string, string])[] = [
    ['iterations', String(iterations)],
    ['per second', formatNumber(rateOf(iterations, elapsedMs))],
    ['failed', String(sum('failed'))],
    ...(dropped > 0 ? [['dropped', String(dropped)] as const] : []),
    ['checks', all === 0 ? '–' : formatPercent(passes / all)],
    ['time', formatMs(elapsedMs)],
  ];
  const { exitCode = 0, verdict = '' } = summary?.run ?? {};
  const said = !summary
    ? html`<span>runs</span>`
    : mark(exitCode === 0, exitCode === 0 ? 'passed' : `${verdict} (exit code ${exitCode})`);
  const tags = [...about.tags].filter(([name]) => name !== 'testid').map(([name, value]) => `, ${name} ${value}`);
  return html`<p class="verdict">${said}</p>
<p>${about.testId}, from ${new Date(about.startedAtMs).toISOString()}${tags.join('')}</p>
<dl>${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function drawThresholds({ thresholds, summary }: LoadView): Markup | undefined {
  if (thresholds.length === 0) return undefined;
  const rows = thresholds.map(({ metric, threshold, passed, value, aborted, note }): Row => {
    const isOpen = value === null && !summary;
    const words = [note, aborted ? 'ended the run' : undefined].filter((one) => one !== undefined).join(', ');
    const result = isOpen ? '–' : mark(passed, passed ? 'holds' : 'crossed');
    const cells = [
      metric,
      threshold,
      result,
      words,
      value === null ? '–' : formatMeasured(metric, threshold, { value }),
    ];
    return { cells, isBad: !passed && !isOpen };
  });
  const words = ['metric', 'threshold', 'result', 'note'];
  return drawTable({ title: 'Thresholds', words, numbers: ['measured'], rows });
}

function drawScenarios({ scenarios, summary }: LoadView): Markup | undefined {
  if (scenarios.length === 0) return undefined;
  const rows = scenarios.map((row): Row => {
    const known = summary?.scenarios.find(({ name }) => name === row.name);
    const words = known ? [row.name, known.executor, known.flow] : [row.name];
    const counts = [row.iterations, row.failed, row.dropped].map(String);
    return { cells: [...words, ...counts, ...durationCells(row)], isBad: row.failed > 0 || row.dropped > 0 };
  });
  const words = summary ? ['scenario', 'executor', 'flow'] : ['scenario'];
  return drawTable({
    title: 'Scenarios',
    words,
    numbers: ['iterations', 'failed', 'dropped', ...STATISTICS],
    rows,
  });
}

function drawSteps({ steps, elapsedMs }: LoadView): Markup | undefined {
  if (steps.length === 0) return undefined;
  const rows = steps.map(({ name, scenario, action, count, failed, values }): Row => {
    const share = formatPercent(count === 0 ? 0 : failed / count);
    const counts = [String(count), formatNumber(rateOf(count, elapsedMs)), share];
    return {
      cells: [name, nameScenario(scenario), action, ...counts, ...durationCells({ count, values })],
      isBad: failed > 0,
    };
  });
  const words = ['step', 'scenario', 'action'];
  return drawTable({ title: 'Steps', words, numbers: ['count', 'per second', 'failed', ...STATISTICS], rows });
}

function drawRecorded({ summary }: LoadView): Markup | undefined {
  const own = Object.entries(summary?.metrics ?? {}).filter(([name]) => isOwn(name));
  if (own.length === 0) return undefined;
  const rows = own.map(([name, metric]): Row => ({ cells: [name, metric.kind, describeMetric(name, metric, {})] }));
  return drawTable({ title: 'Recorded by steps', words: ['metric', 'kind', 'measured'], numbers: [], rows });
}

function drawFailures({ summary, checks, durations: { requests } }: LoadView): Markup | undefined {
  const ofSteps = (summary?.steps ?? []).flatMap(({ name, scenario, failures }) =>
    failures.map((reason) => [name, nameScenario(scenario), reason]),
  );
  const ofChecks = checks
    .filter(({ fails }) => fails > 0)
    .map(({ name, scenario, fails, firstFailure }) => [
      name,
      nameScenario(scenario),
      `${fails} failed${firstFailure === undefined ? '' : `; the first: ${firstFailure}`}`,
    ]);
  // Reasons are told when the load is over: until then, how requests ended.
  const ofRequests = summary
    ? []
    : requests
        .filter(({ tags }) => tags.get('expected_response') === 'false')
        .map(({ tags, count }) => [
          tags.get('name') ?? '',
          nameScenario(tags.get('scenario') ?? ''),
          `${tags.get('error') ?? tags.get('status')} ×${count}`,
        ]);
  const rows = [...ofSteps, ...ofRequests, ...ofChecks].map((cells): Row => ({ cells }));
  if (rows.length === 0) return undefined;
  return drawTable({ title: 'What failed', words: ['step or check', 'scenario', 'reason'], numbers: [], rows });
}

function drawMarks({ timeline }: LoadView): Markup | undefined {
  const marks = listMarks(timeline);
  if (marks.length === 0) return undefined;
  const rows = marks.map(({ atMs, scenario, step, action }): Row => {
    return { cells: [formatTime(atMs), step, nameScenario(scenario), action] };
  });
  return drawTable({ title: 'Marked on the timeline', words: ['at', 'step', 'scenario', 'action'], numbers: [], rows });
}

function drawGroups({ durations: { groups } }: LoadView): Markup | undefined {
  if (groups.length === 0) return undefined;
  const rows = groups.map(({ tags, count, values }): Row => {
    const words = [tags.get('group') ?? '', nameScenario(tags.get('scenario') ?? '')];
    return { cells: [...words, String(count), ...durationCells({ count, values })] };
  });
  return drawTable({ title: 'Groups', words: ['group', 'scenario'], numbers: ['count', ...STATISTICS], rows });
}

function drawRequests({ durations: { requests } }: LoadView): Markup | undefined {
  if (requests.length === 0) return undefined;
  const rows = requests.map(({ tags, count, values }): Row => {
    const isExpected = tags.get('expected_response') !== 'false';
    const status = tags.get('error') ?? tags.get('status') ?? '';
    const words = [
      tags.get('name') ?? '',
      nameScenario(tags.get('scenario') ?? ''),
      tags.get('method') ?? '',
      mark(isExpected, status),
    ];
    return { cells: [...words, String(count), ...durationCells({ count, values })], isBad: !isExpected };
  });
  const words = ['request', 'scenario', 'method', 'status'];
  return drawTable({ title: 'Requests', words, numbers: ['count', ...STATISTICS], rows });
}

function drawChecks({ checks }: LoadView): Markup | undefined {
  if (checks.length === 0) return undefined;
  const rows = checks.map(({ name, scenario, passes, fails }): Row => {
    const share = formatPercent(passes + fails === 0 ? 0 : passes / (passes + fails));
    const words = [name, nameScenario(scenario), mark(fails === 0, fails === 0 ? 'holds' : 'failed')];
    return { cells: [...words, String(passes), String(fails), share], isBad: fails > 0 };
  });
  return drawTable({
    title: 'Checks',
    words: ['check', 'scenario', 'result'],
    numbers: ['passes', 'fails', 'share'],
    rows,
  });
}

function drawGenerator({ summary }: LoadView): Markup | undefined {
  if (!summary) return undefined;
  const { cpu, eventLoopP99Ms, schedulerLagP99Ms, saturated, notes } = summary.generator;
  const figures = `CPU ${formatPercent(cpu)}, event loop p(99) ${formatMs(eventLoopP99Ms)}, scheduler lag p(99) ${formatMs(schedulerLagP99Ms)}`;
  const words = saturated ? `may itself be the bottleneck: ${notes.join('; ')}` : 'was fast enough';
  return html`<p>${mark(!saturated, words)}</p><p>${figures}</p>`;
}

function drawNotes({ summary }: LoadView): Markup | undefined {
  const notes = summary?.notes ?? [];
  return notes.length === 0 ? undefined : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

function nameScenario(name: string): string {
  return name === '' ? '(once)' : name;
}

function rateOf(count: number, ms: number): number {
  return ms > 0 ? Number(((count * 1000) / ms).toFixed(1)) : 0;
}
