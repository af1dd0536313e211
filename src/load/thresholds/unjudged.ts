import type { LoadPlan } from '../../model/load/load-plan.ts';
import type { ThresholdSummary } from '../metrics/load-summary.ts';

export interface JudgedFacts {
  readonly checks: LoadPlan['checks'];
  readonly thresholds: readonly ThresholdSummary[];
  readonly failures: { readonly requests: number; readonly assertions: number; readonly isNothingDone: boolean };
}

/** Metrics whose thresholds decide about all that fails. */
const JUDGES_ALL = new Set(['checks', 'iteration_failed']);
/** Metrics whose thresholds decide about steps whose request failed. */
const JUDGES_REQUESTS = new Set(['http_req_failed', 'step_failed']);

/** How many failed steps no threshold decides about. */
export function countUnjudged({ checks, thresholds, failures }: JudgedFacts): number {
  const { requests, assertions } = failures;
  if (checks === 'report') return 0;
  if (checks === 'fail') return requests + assertions;
  const judged = thresholds.map(({ metric }) => metric.replace(/\{.*$/, ''));
  if (judged.some((name) => JUDGES_ALL.has(name))) return 0;
  return judged.some((name) => JUDGES_REQUESTS.has(name)) ? assertions : requests + assertions;
}
