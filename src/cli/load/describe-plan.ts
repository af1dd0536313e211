import { mostVusOf, sharedIterationsOf } from '../../load/executors/extent.ts';
import type { Segment } from '../../load/executors/segment.ts';
import type { ExecutorPlan, FindCapacityExecutor, LoadPlan, ScenarioPlan } from '../../model/load/load-plan.ts';
import type { ReconcilePlan } from '../../model/load/reconcile.ts';
import { formatDuration } from '../../util/duration.ts';
import { maskAddress } from '../../util/mask-address.ts';

/** What would run, for people. */
export function describePlan(plan: LoadPlan, segment?: Segment): string {
  const { scenarios, thresholds, out, warmUpMs, reconcile } = plan;
  const lines = [
    ...scenarios.flatMap((scenario) => describeScenario(scenario, segment)),
    ...(warmUpMs > 0 ? [`warm-up: ${formatDuration(warmUpMs)}, which is not counted`] : []),
    ...thresholds.map(
      ({ key, condition, abortOnFail }) => `threshold: ${key} ${condition.text}${abortOnFail ? ', ends the run' : ''}`,
    ),
    ...(reconcile ? [describeReconcile(reconcile)] : []),
    ...out.map(({ text }) => `out: ${maskAddress(text)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describeReconcile({ step, places, withinMs }: ReconcilePlan): string {
  const wanted = places.map(({ kind, key, least, most }) => {
    const number = least === most ? `exactly ${least}` : `at least ${least}`;
    return `${number} of ${kind} by \`${key}\``;
  });
  return `reconcile: what \`${step}\` has accepted, ${wanted.join(' and ')}, within ${formatDuration(withinMs)}`;
}

function describeScenario(scenario: ScenarioPlan, segment: Segment | undefined): readonly string[] {
  const { name, flow, executor, startMs, gracefulStopMs, think, pacing, dataMode } = scenario;
  const start = startMs > 0 ? `, from ${formatDuration(startMs)} on` : '';
  const pauses = [
    ...(dataMode === 'sequential' ? [] : [`data ${dataMode}`]),
    ...(think ? [`think ${formatDuration(think.minMs)} to ${formatDuration(think.maxMs)}`] : []),
    ...(pacing ? [`pacing ${formatDuration(pacing.minMs)} to ${formatDuration(pacing.maxMs)}`] : []),
  ];
  return [
    `scenario ${name}: flow \`${flow.id}\` (${flow.file.path}), ${executor.kind}: ${describeExecutor(executor)}${start}`,
    `  graceful stop ${formatDuration(gracefulStopMs)}${pauses.map((pause) => `, ${pause}`).join('')}`,
    ...(segment ? [`  segment ${segment.text}: ${describeShare(executor, segment)}`] : []),
  ];
}

function describeShare(executor: ExecutorPlan, { slice }: Segment): string {
  const users = `${mostVusOf(executor, slice)} of ${mostVusOf(executor)} VUs`;
  if (executor.kind === 'shared-iterations')
    return `${sharedIterationsOf(executor, slice)} of ${executor.iterations} iterations by ${users}`;
  return users;
}

function describeExecutor(executor: ExecutorPlan): string {
  switch (executor.kind) {
    case 'shared-iterations':
      return `${executor.iterations} iterations by ${executor.vus} VUs, in ${formatDuration(executor.maxDurationMs)} at most`;
    case 'per-vu-iterations':
      return `${executor.iterations} iterations by each of ${executor.vus} VUs, in ${formatDuration(executor.maxDurationMs)} at most`;
    case 'constant-vus':
      return `${executor.vus} VUs for ${formatDuration(executor.durationMs)}`;
    case 'ramping-vus':
      return `${[executor.startVus, ...executor.stages.map(({ durationMs, target }) => `${target} in ${formatDuration(durationMs)}`)].join(' → ')}`;
    case 'constant-arrival-rate':
      return `${executor.rate} in ${formatDuration(executor.timeUnitMs)} for ${formatDuration(executor.durationMs)}, by ${executor.preAllocatedVus} to ${executor.maxVus} VUs`;
    case 'ramping-arrival-rate':
      return `${[executor.startRate, ...executor.stages.map(({ durationMs, target }) => `${target} in ${formatDuration(durationMs)}`)].join(' → ')} in ${formatDuration(executor.timeUnitMs)}, by ${executor.preAllocatedVus} to ${executor.maxVus} VUs`;
    case 'find-capacity':
      return describeSearch(executor);
  }
}

function describeSearch(executor: FindCapacityExecutor): string {
  const { startRate, maxRate, step, holdMs, timeUnitMs, preAllocatedVus, maxVus, thresholds } = executor;
  const wanted = thresholds.map(({ key, condition }) => `${key} ${condition.text}`).join(', ');
  const rates = `from ${startRate} to ${maxRate} in ${formatDuration(timeUnitMs)} by steps of ${step}`;
  return `${rates}, each for ${formatDuration(holdMs)}, as long as ${wanted}, by ${preAllocatedVus} to ${maxVus} VUs`;
}
