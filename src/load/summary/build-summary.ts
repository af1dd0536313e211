import type { ThresholdPlan } from '../../model/load/load-plan.ts';
import type {
  CheckSummary,
  LoadSummary,
  MetricSummary,
  SeriesSummary,
  ShardSummary,
  StepSummary,
  ThresholdSummary,
} from '../metrics/load-summary.ts';
import { hasTags, mergeSeries, readStatistic } from '../metrics/merged.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Metric, Series } from '../metrics/samples.ts';
import type { LoadRun } from '../run/load-run.ts';
import type { VerdictBook } from '../run/verdict-book.ts';
import type { VerdictKind } from '../thresholds/verdict.ts';

/** Of trends, when nobody says which. */
export const TREND_STATISTICS: readonly string[] = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
const STEP_STATISTICS: readonly string[] = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'];

export interface SummaryAbout {
  readonly testId: string;
  readonly exitCode: number;
  readonly verdict: { readonly kind: VerdictKind; readonly text: string };
  readonly thresholds: readonly ThresholdSummary[];
  readonly statistics: readonly string[];
  readonly notes: readonly string[];
  readonly shard?: ShardSummary | undefined;
}

/** Puts together what a load came to. */
export function buildSummary(load: LoadRun, about: SummaryAbout): LoadSummary {
  const { meter, elapsedMs, plan, book } = load;
  const scenarios = plan.scenarios.map((scenario) => {
    const { done = 0, failed = 0, dropped = 0, interrupted = 0 } = load.work.counts.get(scenario) ?? {};
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
      ...(about.shard && { shard: about.shard }),
    },
    scenarios,
    ...summarizeMeasured({ meter, elapsedMs, book, named: plan.thresholds }, about.statistics),
    thresholds: about.thresholds,
    generator: load.health.describe(),
    ...(load.reconciling?.summary && { reconcile: load.reconciling.summary }),
    ...(load.work.capacities.length > 0 && { capacity: load.work.capacities.map((book) => book.summarize()) }),
    notes: [...about.notes, ...load.work.notes, ...load.feed.notes],
  };
}

/** What was measured, by whomever. */
export interface Measured {
  readonly meter: Meter;
  readonly elapsedMs: number;
  readonly book: Pick<VerdictBook, 'firstOf' | 'reasonsOf'>;
  /** Which parts of metrics are shown of themselves. */
  readonly named: readonly Pick<ThresholdPlan, 'key' | 'metric' | 'tags'>[];
}

export function summarizeMeasured(
  measured: Measured,
  statistics: readonly string[],
): Pick<LoadSummary, 'metrics' | 'checks' | 'steps' | 'series'> {
  const all = measured.meter.listAll();
  return {
    metrics: summarizeMetrics(measured, all, statistics),
    checks: listChecks(measured, all),
    steps: listSteps(measured, all),
    series: all.map(toSummary),
  };
}

/** Each metric as a whole, and the parts of it that thresholds name. */
function summarizeMetrics(
  measured: Measured,
  all: readonly Series[],
  statistics: readonly string[],
): LoadSummary['metrics'] {
  const { elapsedMs, named } = measured;
  const metrics: Record<string, MetricSummary> = {};
  const byMetric = new Map<Metric, Series[]>();
  for (const series of all) {
    const known = byMetric.get(series.metric);
    if (known) known.push(series);
    else byMetric.set(series.metric, [series]);
  }
  for (const [metric, series] of byMetric) {
    metrics[metric.name] = summarize(metric, series, { elapsedMs, statistics });
    for (const { key, metric: name, tags } of named)
      if (name === metric.name && tags.size > 0)
        metrics[key] = summarize(
          metric,
          series.filter((one) => hasTags(one, tags)),
          { elapsedMs, statistics },
        );
  }
  return metrics;
}

function summarize(
  { kind, unit }: Metric,
  series: readonly Series[],
  { elapsedMs, statistics }: { elapsedMs: number; statistics: readonly string[] },
): MetricSummary {
  const merged = mergeSeries(kind, series);
  const read = (name: string): number => readStatistic(merged, name, elapsedMs) ?? 0;
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, read(name)]));
  if (kind === 'counter') return { kind, unit, values: pick(['count', 'rate']) };
  if (kind === 'gauge') return { kind, unit, values: pick(['value', 'min', 'max']) };
  if (kind === 'trend') return { kind, unit, values: pick(statistics) };
  const { count, sum } = merged;
  return { kind, unit, values: { rate: read('rate'), passes: sum, fails: count - sum } };
}

function listChecks({ book }: Measured, all: readonly Series[]): readonly CheckSummary[] {
  return all
    .filter(({ metric }) => metric.name === 'checks')
    .map(({ tags, count, sum }) => {
      const firstFailure = book.firstOf(`${tags.id}`);
      const name = tags.tags.get('check') ?? '';
      const scenario = tags.tags.get('scenario') ?? '';
      return { name, scenario, passes: sum, fails: count - sum, ...(firstFailure !== undefined && { firstFailure }) };
    });
}

function listSteps({ book }: Measured, all: readonly Series[]): readonly StepSummary[] {
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

interface Answer {
  readonly text: string;
  readonly count: number;
  readonly isRedirect: boolean;
}

/** What most requests of each step came to; a redirect that was followed is no answer. */
function findAnswers(all: readonly Series[]): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer[]>();
  const steps = new Map<string, number>();
  for (const { metric, tags, count } of all) {
    const read = (name: string): string => tags.tags.get(name) ?? '';
    const key = `${read('scenario')} ${read('step')}`;
    if (metric.name === 'step_duration') steps.set(key, (steps.get(key) ?? 0) + count);
    if (metric.name !== 'http_reqs') continue;
    const [status, known] = [read('status'), answers.get(key) ?? []];
    const text = `${read('method')} ${status === '0' ? read('error') : status}`;
    answers.set(key, [...known, { text, count, isRedirect: /^3\d\d$/.test(status) && status !== '304' }]);
  }
  return new Map(
    [...answers].flatMap(([key, given]) => {
      const total = given.reduce((sum, { count }) => sum + count, 0);
      // Where there are no more requests than steps, none was followed.
      const last = total > (steps.get(key) ?? 0) ? given.filter(({ isRedirect }) => !isRedirect) : given;
      const [most] = (last.length > 0 ? last : given).sort((a, b) => b.count - a.count);
      return most ? [[key, most] as const] : [];
    }),
  );
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
