import type {
  ArrivalTerms,
  ExecutorPlan,
  FindCapacityExecutor,
  IterationsExecutor,
  Stage,
} from '../../model/load/load-plan.ts';
import { type Slice, WHOLE } from './slice.ts';

/** How long an executor goes on by itself, at most where it counts iterations; how long a search takes nobody knows. */
export function lengthOf(executor: Exclude<ExecutorPlan, FindCapacityExecutor>): number {
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

/** How many virtual users it has at most, of those in the slice. */
export function mostVusOf(executor: ExecutorPlan, slice: Slice = WHOLE): number {
  return slice.count(mostOf(executor));
}

function mostOf(executor: ExecutorPlan): number {
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
    case 'find-capacity':
      return executor.maxVus;
  }
}

/** How many iterations are shared by the virtual users of the slice: each of all has as many of them as the others, or one more. */
export function sharedIterationsOf(executor: IterationsExecutor, slice: Slice = WHOLE): number {
  const users = mostOf(executor);
  const each = Math.floor(executor.iterations / users);
  return each * slice.count(users) + slice.count(executor.iterations - each * users);
}

/** How many virtual users a rate has at first and at most, of those in the slice. */
export function poolOf({ preAllocatedVus, maxVus }: ArrivalTerms, slice: Slice = WHOLE): readonly [number, number] {
  return [slice.count(preAllocatedVus), slice.count(maxVus)];
}
