import { Histogram } from './histogram.ts';
import type { MetricKind, Series } from './samples.ts';

/** What several series of one metric come to together. */
export interface Merged {
  readonly kind: MetricKind;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  readonly histogram?: Histogram | undefined;
}

/** Whether a series has these tags; `step` is `name` where a metric has k6's tags. */
export function hasTags({ tags }: Series, wanted: ReadonlyMap<string, string>): boolean {
  for (const [name, value] of wanted) {
    const own = tags.tags.get(name) ?? (name === 'step' ? tags.tags.get('name') : undefined);
    if (own !== value) return false;
  }
  return true;
}

export function mergeSeries(kind: MetricKind, all: readonly Series[]): Merged {
  let [count, sum, min, max, last] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let histogram: Histogram | undefined;
  for (const series of all) {
    count += series.count;
    sum += series.sum;
    min = Math.min(min, series.min);
    max = Math.max(max, series.max);
    last = series.last;
    if (!series.histogram) continue;
    histogram ??= new Histogram();
    histogram.addAll(series.histogram);
  }
  return { kind, count, sum, min: count === 0 ? 0 : min, max: count === 0 ? 0 : max, last, histogram };
}

/** Of all steps that have samples with these tags, the one whose statistic is the greatest, or the least. */
export function findWorstStep(
  all: readonly Series[],
  { tags, statistic, isMore }: { tags: ReadonlyMap<string, string>; statistic: string; isMore: boolean },
): string | undefined {
  const bySteps = new Map<string, Series[]>();
  for (const series of all) {
    const step = series.tags.tags.get('step');
    if (step !== undefined && hasTags(series, tags)) bySteps.set(step, [...(bySteps.get(step) ?? []), series]);
  }
  let worst: { readonly step: string; readonly value: number } | undefined;
  for (const [step, series] of bySteps) {
    const kind = series[0]?.metric.kind ?? 'trend';
    const value = readStatistic(mergeSeries(kind, series), statistic, 1) ?? 0;
    if (!worst || (isMore ? value > worst.value : value < worst.value)) worst = { step, value };
  }
  return worst?.step;
}

/** A statistic by the name that thresholds and summaries have for it; undefined for one that the kind of metric has not. */
export function readStatistic(merged: Merged, statistic: string, elapsedMs: number): number | undefined {
  const { kind, count, sum, min, max, last, histogram } = merged;
  if (kind === 'counter') {
    if (statistic === 'count') return sum;
    return statistic === 'rate' ? (elapsedMs > 0 ? (sum * 1000) / elapsedMs : 0) : undefined;
  }
  if (kind === 'rate') return statistic === 'rate' ? (count === 0 ? 0 : sum / count) : undefined;
  if (kind === 'gauge') return { value: last, min, max }[statistic];
  if (statistic === 'avg') return count === 0 ? 0 : sum / count;
  if (statistic === 'min') return min;
  if (statistic === 'max') return max;
  if (statistic === 'count') return count;
  if (statistic === 'med') return histogram?.percentile(50) ?? 0;
  const [, percent] = /^p\((\d+(?:\.\d+)?)\)$/.exec(statistic) ?? [];
  return percent === undefined ? undefined : (histogram?.percentile(Number(percent)) ?? 0);
}
