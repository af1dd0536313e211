import type { CheckSummary, LoadSummary, MetricSummary, SeriesSummary, StepSummary } from '../metrics/load-summary.ts';
import { hasTags, mergeSeries, readStatistic } from '../metrics/merged.ts';
import type { Metric, Series } from '../metrics/samples.ts';
import type { LoadEnd, LoadRun } from '../run/load-run.ts';
import type { VerdictKind } from '../thresholds/verdict.ts';

/** Of trends, when nobody says which. */
export const TREND_STATISTICS: readonly string[] = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
const STEP_STATISTICS: readonly string[] = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'];

export interface SummaryAbout {
  readonly testId: string;
  readonly exitCode: number;
  readonly verdict: { readonly kind: VerdictKind; readonly text: string };
  readonly statistics: readonly string[];
  readonly notes: readonly string[];
}

/** Puts together what a load came to. */
export function buildSummary(load: LoadRun, end: LoadEnd, about: SummaryAbout): LoadSummary {
  const { meter, elapsedMs, plan } = load;
  const all = meter.listAll();
  const thresholds = load.listThresholds().map((threshold) => ({
    ...threshold,
    ...(end.abortedBy && isSame(threshold, end.abortedBy) && { aborted: true }),
  }));
  const scenarios = plan.scenarios.map((scenario) => {
    const { done = 0, failed = 0, dropped = 0, interrupted = 0 } = load.counts.get(scenario) ?? {};
    const { name, executor, flow } = scenario;
    return { name, executor: executor.kind, flow: flow.id, iterations: done, failed, dropped, interrupted };
  });
  return {
    version: 1,
    run: {
      testId: about.testId,
      startedAt: new Date(load.startedWall).toISOString(),
      durationMs: elapsedMs,
      exitCode: about.exitCode,
      verdict: about.verdict.text,
      tags: Object.fromEntries(load.options.tags),
    },
    scenarios,
    metrics: summarizeMetrics(load, all, about.statistics),
    thresholds,
    checks: listChecks(load, all),
    steps: listSteps(load, all),
    generator: load.health.describe(),
    series: all.map(toSummary),
    notes: [...about.notes, ...load.feed.notes],
  };
}

function isSame(a: { metric: string; threshold: string }, b: { metric: string; threshold: string }): boolean {
  return a.metric === b.metric && a.threshold === b.threshold;
}

/** Each metric as a whole, and the parts of it that thresholds name. */
function summarizeMetrics(
  load: LoadRun,
  all: readonly Series[],
  statistics: readonly string[],
): LoadSummary['metrics'] {
  const metrics: Record<string, MetricSummary> = {};
  const byMetric = new Map<Metric, Series[]>();
  for (const series of all) {
    const known = byMetric.get(series.metric);
    if (known) known.push(series);
    else byMetric.set(series.metric, [series]);
  }
  for (const [metric, series] of byMetric) {
    metrics[metric.name] = summarize(metric, series, { load, statistics });
    for (const { key, metric: name, tags } of load.plan.thresholds)
      if (name === metric.name && tags.size > 0)
        metrics[key] = summarize(
          metric,
          series.filter((one) => hasTags(one, tags)),
          { load, statistics },
        );
  }
  return metrics;
}

function summarize(
  { kind, unit }: Metric,
  series: readonly Series[],
  { load, statistics }: { load: LoadRun; statistics: readonly string[] },
): MetricSummary {
  const merged = mergeSeries(kind, series);
  const read = (name: string): number => readStatistic(merged, name, load.elapsedMs) ?? 0;
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, read(name)]));
  if (kind === 'counter') return { kind, unit, values: pick(['count', 'rate']) };
  if (kind === 'gauge') return { kind, unit, values: pick(['value', 'min', 'max']) };
  if (kind === 'trend') return { kind, unit, values: pick(statistics) };
  const { count, sum } = merged;
  return { kind, unit, values: { rate: read('rate'), passes: sum, fails: count - sum } };
}

function listChecks({ book }: LoadRun, all: readonly Series[]): readonly CheckSummary[] {
  return all
    .filter(({ metric }) => metric.name === 'checks')
    .map(({ tags, count, sum }) => {
      const firstFailure = book.firstOf(`${tags.id}`);
      const name = tags.tags.get('check') ?? '';
      const scenario = tags.tags.get('scenario') ?? '';
      return { name, scenario, passes: sum, fails: count - sum, ...(firstFailure !== undefined && { firstFailure }) };
    });
}

function listSteps({ book }: LoadRun, all: readonly Series[]): readonly StepSummary[] {
  const answers = findAnswers(all);
  const failed = new Map(all.filter(({ metric }) => metric.name === 'step_failed').map((one) => [one.tags, one.sum]));
  return all
    .filter(({ metric }) => metric.name === 'step_duration')
    .map((series) => {
      const { tags } = series.tags;
      const merged = mergeSeries('trend', [series]);
      const [name, scenario] = [tags.get('step') ?? '', tags.get('scenario') ?? ''];
      const answer = answers.get(`${scenario} ${name}`)?.text;
      return {
        name,
        scenario,
        action: tags.get('action') ?? '',
        ...(answer !== undefined && { answer }),
        count: series.count,
        failed: failed.get(series.tags) ?? 0,
        values: Object.fromEntries(STEP_STATISTICS.map((one) => [one, readStatistic(merged, one, 0) ?? 0])),
        failures: book.reasonsOf(`${scenario} ${name}`),
      };
    });
}

/** What most requests of each step came to. */
function findAnswers(all: readonly Series[]): ReadonlyMap<string, { readonly text: string; readonly count: number }> {
  const answers = new Map<string, { readonly text: string; readonly count: number }>();
  for (const {
    metric,
    tags: { tags },
    count,
  } of all) {
    if (metric.name !== 'http_reqs') continue;
    const key = `${tags.get('scenario') ?? ''} ${tags.get('name')}`;
    if (count <= (answers.get(key)?.count ?? 0)) continue;
    const status = tags.get('status') === '0' ? (tags.get('error') ?? '') : tags.get('status');
    answers.set(key, { text: `${tags.get('method')} ${status}`, count });
  }
  return answers;
}

function toSummary({ metric, tags, histogram, count, sum, min, max, last }: Series): SeriesSummary {
  const numbers = count === 0 ? { count, sum, min: 0, max: 0, last } : { count, sum, min, max, last };
  return {
    metric: metric.name,
    tags: Object.fromEntries(tags.tags),
    ...numbers,
    ...(histogram && { histogram: histogram.toJSON() }),
  };
}
