import { LOAD_METRICS } from '../../model/load/load-metrics.ts';
import type { Paint } from '../../util/paint.ts';
import { takeShown } from '../../util/take-shown.ts';
import type {
  CheckSummary,
  LoadSummary,
  MetricSummary,
  StepSummary,
  ThresholdSummary,
} from '../metrics/load-summary.ts';
import { formatCapacity } from './format-capacity.ts';
import { formatReconcile } from './format-reconcile.ts';
import { layOut } from './lay-out.ts';
import { formatBytes, formatMs, formatNumber, formatPercent, formatValue, type TimeUnit } from './units.ts';

export interface FormatOptions {
  readonly paint: Paint;
  readonly isFull: boolean;
  readonly timeUnit?: TimeUnit | undefined;
}

const MOST_CHECKS = 20;
const MOST_STEPS = 40;
const STEP_COLUMNS = ['med', 'p(90)', 'p(95)', 'p(99)', 'max'] as const;
const EXECUTION = [
  'iteration_duration',
  'iteration_response_time',
  'iterations',
  'iteration_failed',
  'dropped_iterations',
  'vus',
  'vus_max',
  'arrival_rate',
];
const NETWORK = ['data_received', 'data_sent'];
const ALWAYS_OF_HTTP = new Set(['http_reqs', 'http_req_failed', 'http_req_duration']);

/** The summary for people, laid out as k6 does. */
export function formatSummary(summary: LoadSummary, options: FormatOptions): string {
  const sections = [
    formatCapacity(summary, options),
    formatThresholds(summary, options),
    formatSteps(summary, options),
    formatChecks(summary, options),
    formatReconcile(summary, options.paint),
    formatTotals(summary, options),
    options.isFull ? formatScenarios(summary, options) : [],
    formatGenerator(summary, options),
    ...summary.notes.map((note) => [`  ${options.paint.yellow('note:')} ${note}`]),
  ];
  const blocks = sections.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`);
  return `\n${blocks.join('\n')}\n${formatVerdict(summary, options)}\n`;
}

function formatThresholds({ thresholds, metrics }: LoadSummary, { paint, timeUnit }: FormatOptions): readonly string[] {
  if (thresholds.length === 0) return [];
  const lines = [head('THRESHOLDS', paint)];
  const byMetric = new Map<string, ThresholdSummary[]>();
  for (const threshold of thresholds) {
    const known = byMetric.get(threshold.metric);
    if (known) known.push(threshold);
    else byMetric.set(threshold.metric, [threshold]);
  }
  for (const [metric, all] of byMetric) {
    lines.push(`    ${metric}`);
    const unit = (metrics[metric] ?? metrics[metric.replace(/\{.*$/s, '')])?.unit ?? 'none';
    for (const { threshold, passed, value, note, aborted } of all) {
      const [, statistic = ''] = /^\s*([^<>=!]+?)\s*[<>=!]/.exec(threshold) ?? [];
      const isShare = statistic === 'rate' && (metrics[metric.replace(/\{.*$/s, '')]?.kind ?? 'rate') === 'rate';
      const shown =
        value === null
          ? ''
          : `${statistic}=${isShare ? formatPercent(value) : formatValue(value, statistic === 'rate' ? 'none' : unit, timeUnit)}`;
      const mark = note !== undefined && passed ? paint.dim('-') : passed ? paint.green('✓') : paint.red('✗');
      const words = [shown, note ?? '', aborted ? 'ended the run' : ''].filter((part) => part !== '').join(', ');
      lines.push(`    ${mark} '${threshold}' ${words}`.trimEnd());
    }
  }
  return lines;
}

function formatSteps({ steps, scenarios, run }: LoadSummary, options: FormatOptions): readonly string[] {
  if (steps.length === 0) return [];
  const { paint, timeUnit } = options;
  const { shown, hidden } = takeShown(steps, MOST_STEPS);
  const isSeveral = scenarios.length > 1;
  const rows = shown.map((step) => [
    nameStep(step, isSeveral),
    step.answer ?? step.action,
    String(step.count),
    formatNumber(run.durationMs > 0 ? Number(((step.count * 1000) / run.durationMs).toFixed(1)) : 0),
    formatPercent(step.count === 0 ? 0 : step.failed / step.count),
    ...STEP_COLUMNS.map((column) => formatMs(step.values[column] ?? 0, timeUnit)),
  ]);
  const table = layOut([['', '', 'count', 'rate/s', 'fail%', ...STEP_COLUMNS], ...rows], 2);
  const [header = '', ...lines] = table;
  const title = `  █ STEPS${header.slice(5)}`;
  const failing = shown.filter(({ failures }) => failures.length > 0);
  return [
    paint.bold(title),
    ...lines.map((line, index) => `    ${(shown[index]?.failed ?? 0) > 0 ? paint.red(line) : line}`),
    ...(hidden > 0 ? [`    and ${hidden} more steps`] : []),
    ...failing.map(
      (step) => `    ${paint.red('✗')} ${nameStep(step, isSeveral)}: ${step.failures.slice(0, 5).join(', ')}`,
    ),
  ];
}

function nameStep({ name, scenario }: StepSummary, isSeveral: boolean): string {
  if (scenario === '') return `${name} (once)`;
  return isSeveral ? `${scenario} / ${name}` : name;
}

function formatChecks({ checks, scenarios }: LoadSummary, { paint, isFull }: FormatOptions): readonly string[] {
  if (checks.length === 0) return [];
  const passes = checks.reduce((sum, check) => sum + check.passes, 0);
  const count = checks.reduce((sum, check) => sum + check.passes + check.fails, 0);
  const failing = checks.filter(({ fails }) => fails > 0);
  const listed = isFull ? checks : failing;
  const { shown, hidden } = takeShown(listed, MOST_CHECKS);
  return [
    `${head('CHECKS', paint)}   ${formatPercent(count === 0 ? 0 : passes / count)} ${passes}/${count}`,
    ...shown.map((check) => `    ${describeCheck(check, scenarios.length > 1, paint)}`),
    ...(hidden > 0 ? [`    and ${hidden} more`] : []),
  ];
}

function describeCheck(
  { name, scenario, passes, fails, firstFailure }: CheckSummary,
  isSeveral: boolean,
  paint: Paint,
): string {
  const label = isSeveral && scenario !== '' ? `${scenario} / ${name}` : name;
  if (fails === 0) return `${paint.green('✓')} ${label}   ${passes}`;
  const first = firstFailure === undefined ? '' : `   first failure: ${firstFailure}`;
  return `${paint.red('✗')} ${label}   ${fails} of ${passes + fails} failed${first}`;
}

function formatTotals({ metrics }: LoadSummary, options: FormatOptions): readonly string[] {
  const names = Object.keys(metrics);
  const http = names.filter(
    (name) =>
      name.startsWith('http_') &&
      (options.isFull || ALWAYS_OF_HTTP.has(name.replace(/\{.*$/s, '')) || name.includes('{')),
  );
  const rest = names.filter(
    (name) => /^(?:db_|kafka_|poll_|event_)/.test(name) || (options.isFull && /^(?:step_|group_|errors)/.test(name)),
  );
  const pick = (wanted: readonly string[]): readonly string[] =>
    names.filter((name) => wanted.includes(name.replace(/\{.*$/s, '')));
  const groups: readonly (readonly [string, readonly string[]])[] = [
    ['HTTP', http],
    ['OTHER', rest],
    ['CUSTOM', names.filter(isOwn)],
    ['EXECUTION', pick(EXECUTION)],
    ['NETWORK', pick(NETWORK)],
  ];
  const width = Math.max(0, ...groups.flatMap(([, list]) => list.map((name) => name.length)));
  const lines = groups.flatMap(([title, list]) => {
    if (list.length === 0) return [];
    const own = [...list].sort().map((name) => {
      const metric = metrics[name];
      return `    ${`${name} `.padEnd(width + 3, '.')} ${metric ? describeMetric(name, metric, options) : ''}`;
    });
    return ['', `    ${options.paint.dim(title)}`, ...own];
  });
  return lines.length === 0 ? [] : [head('TOTAL', options.paint), ...lines.slice(1)];
}

/** Whether steps record it, and not each load has it. */
export function isOwn(name: string): boolean {
  return !Object.hasOwn(LOAD_METRICS, name.replace(/\{.*$/s, ''));
}

/** What a metric came to, in a line. */
export function describeMetric(
  name: string,
  { kind, unit, values }: MetricSummary,
  { timeUnit }: Pick<FormatOptions, 'timeUnit'>,
): string {
  const of = (key: string): number => values[key] ?? 0;
  if (kind === 'counter')
    return unit === 'bytes'
      ? `${formatBytes(of('count'))}  ${formatBytes(of('rate'))}/s`
      : `${of('count')}  ${formatNumber(Number(of('rate').toFixed(2)))}/s`;
  if (kind === 'rate') return `${formatPercent(of('rate'))}  ${of('passes')} of ${of('passes') + of('fails')}`;
  if (kind === 'gauge') return `${of('value')}  min=${of('min')} max=${of('max')}`;
  return Object.entries(values)
    .map(
      ([key, value]) =>
        `${key}=${key === 'count' ? value : formatValue(value, name.startsWith('poll_attempts') ? 'none' : unit, timeUnit)}`,
    )
    .join(' ');
}

function formatScenarios({ scenarios }: LoadSummary, { paint }: FormatOptions): readonly string[] {
  const rows = scenarios.map(({ name, executor, flow, iterations, failed, dropped, interrupted }) => [
    name,
    executor,
    flow,
    ...[iterations, failed, dropped, interrupted].map(String),
  ]);
  const header = ['', 'executor', 'flow', 'iterations', 'failed', 'dropped', 'interrupted'];
  return [head('SCENARIOS', paint), ...layOut([header, ...rows], 3).map((line) => `    ${line}`)];
}

function formatGenerator({ generator }: LoadSummary, { paint }: FormatOptions): readonly string[] {
  const { cpu, eventLoopP99Ms, schedulerLagP99Ms, saturated, notes } = generator;
  const lag = schedulerLagP99Ms > 0 ? `  scheduler lag p99 ${formatMs(schedulerLagP99Ms)}` : '';
  const line = `${head('GENERATOR', paint)}  cpu ${Math.round(cpu * 100)}%  event-loop p99 ${formatMs(eventLoopP99Ms)}${lag}`;
  if (!saturated) return [`${line}  ${paint.green('ok')}`];
  return [
    `${line}  ${paint.red('saturated')}`,
    `    the generator itself may be the bottleneck: ${notes.join('; ')}; take fewer virtual users or a lower rate, or another machine`,
  ];
}

function formatVerdict({ run, scenarios }: LoadSummary, { paint }: FormatOptions): string {
  const sum = (key: 'iterations' | 'failed' | 'dropped' | 'interrupted'): number =>
    scenarios.reduce((all, one) => all + one[key], 0);
  const parts = [
    `${sum('iterations')} iterations in ${formatMs(run.durationMs)}`,
    ...(['failed', 'dropped', 'interrupted'] as const).flatMap((key) => (sum(key) > 0 ? [`${sum(key)} ${key}`] : [])),
  ];
  const line = parts.join(', ');
  return run.exitCode === 0
    ? paint.green(`✓ ${line}`)
    : `${paint.red('✗')} ${line}: ${run.verdict} (exit code ${run.exitCode})`;
}

function head(title: string, paint: Paint): string {
  return paint.bold(`  █ ${title}`);
}
