import type { ThresholdCondition, ThresholdPlan } from '../../model/load/load-plan.ts';
import type { ThresholdSummary } from '../metrics/load-summary.ts';
import { hasTags, mergeSeries, readStatistic } from '../metrics/merged.ts';
import type { Meter } from '../metrics/meter.ts';

export interface EvaluateOptions {
  readonly meter: Meter;
  readonly elapsedMs: number;
  /** Whether one without any sample passes. */
  readonly allowsEmpty: boolean;
}

/** Said of one that is held against nothing. */
export const NOT_RUN = 'skipped: what it names did not run';

/** Holds what was measured so far against a threshold. */
export function evaluateThreshold(
  plan: ThresholdPlan,
  { meter, elapsedMs, allowsEmpty }: EvaluateOptions,
): ThresholdSummary {
  const { key: metric, kind, condition } = plan;
  const about = { metric, threshold: condition.text };
  if (plan.isSkipped) return { ...about, passed: true, value: null, note: NOT_RUN };
  const series = meter.listOf(plan.metric).filter((one) => hasTags(one, plan.tags));
  const merged = mergeSeries(kind, series);
  // Nothing that was to be counted is a count of 0.
  if (merged.count === 0 && kind !== 'counter')
    return { ...about, passed: allowsEmpty, value: null, note: 'nothing was measured' };
  const value = readStatistic(merged, condition.statistic, elapsedMs) ?? Number.NaN;
  return { ...about, passed: holds(value, condition), value };
}

/** Whether a value is as a threshold wants it. */
export function holds(value: number, { operator, limit }: ThresholdCondition): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
