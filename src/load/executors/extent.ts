import type { ExecutorPlan, Stage } from '../../model/load/load-plan.ts';

/** How long an executor goes on by itself, at most where it counts iterations. */
export function lengthOf(executor: ExecutorPlan): number {
  switch (executor.kind) {
    case 'shared-iterations':
    case 'per-vu-iterations':
      return executor.maxDurationMs;
    case 'constant-vus':
    case 'constant-arrival-rate':
      return executor.durationMs;
    case 'ramping-vus':
    case 'ramping-arrival-rate':
      return executor.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
  }
}

/** How many virtual users it has at most. */
export function mostVusOf(executor: ExecutorPlan): number {
  switch (executor.kind) {
    case 'shared-iterations':
      return Math.min(executor.vus, executor.iterations);
    case 'per-vu-iterations':
    case 'constant-vus':
      return executor.vus;
    case 'ramping-vus':
      return Math.max(executor.startVus, ...executor.stages.map(({ target }: Stage) => target));
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return executor.maxVus;
  }
}
