import type { Value } from '../../expr/index.ts';
import type { Captured, Exchange } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import { renderName } from '../names/render-name.ts';
import { placeOfStep } from '../outcome/problems.ts';
import type { Capture, Frame, StepEnd } from './step-types.ts';

/** When a step began. */
export interface Begin {
  /** ms since 1970. */
  readonly startedAt: number;
  readonly monotonicMs: number;
}

/** Notes when a step begins. */
export function beginStep({ clock }: FlowScope): Begin {
  return { startedAt: clock.now(), monotonicMs: clock.monotonic() };
}

export interface FinishedStep {
  /** Of this run of the step. */
  readonly address: string;
  readonly begin: Begin;
  readonly end: StepEnd;
  readonly depth: number;
  readonly isProbe?: boolean | undefined;
  readonly attempts: number;
  readonly name?: string | undefined;
  readonly skipReason?: string | undefined;
  readonly notes: readonly string[];
  readonly exchange?: (() => Exchange) | undefined;
}

/** Tells what became of a step; the exchange is made only when someone is to see it. */
export function tellFinished(scope: FlowScope, step: StepPlan, finished: FinishedStep): void {
  const { address, begin, end, depth, isProbe, attempts, name, skipReason, notes } = finished;
  const { clock, run } = scope;
  scope.told?.add(address);
  run.emit({
    type: 'step_finished',
    at: clock.now(),
    flow: scope.index,
    address,
    id: step.id,
    name,
    phase: scope.calledIn ?? step.phase,
    action: step.action.name,
    depth,
    isProbe,
    location: placeOfStep(step),
    outcome: end.outcome,
    skipReason,
    startedAt: begin.startedAt,
    durationMs: Math.max(0, clock.monotonic() - begin.monotonicMs),
    attempts,
    summary: end.summary,
    result: end.result as Value | undefined,
    assertionCount: step.assert.length,
    problems: end.problems,
    captures: end.captures.map(toCaptured),
    exchange: buildExchange(scope, finished),
    details: end.details,
    notes,
  });
}

/** Tells that a step does not run, and why. */
export function skipStep(
  scope: FlowScope,
  step: StepPlan,
  { address, context, depth, isProbe }: Pick<Frame, 'address' | 'context' | 'depth' | 'isProbe'>,
  skipReason: string,
): StepEnd {
  const end: StepEnd = {
    outcome: 'skipped',
    summary: '',
    result: undefined,
    problems: [],
    captures: [],
    details: [],
    env: context,
  };
  const name = nameSkipped(scope, step, context);
  const begin = beginStep(scope);
  tellFinished(scope, step, { address, begin, end, depth, isProbe, attempts: 0, name, skipReason, notes: [] });
  return end;
}

/** A step that does not run may have a name that cannot be made yet; then it has none. */
function nameSkipped(scope: FlowScope, step: StepPlan, context: Frame['context']): string | undefined {
  try {
    return renderName(step, context, scope.createHost(`${step.address}#name`));
  } catch {
    return undefined;
  }
}

function toCaptured({ name, value, isSecret }: Capture): Captured {
  return isSecret ? { name, isSecret } : { name, value, isSecret };
}

function buildExchange(scope: FlowScope, { end, exchange }: FinishedStep): Exchange | undefined {
  if (!exchange || (end.outcome === 'passed' && !scope.run.options.isVerbose)) return undefined;
  try {
    return exchange();
  } catch (error) {
    scope.run.tellBug(error);
    return undefined;
  }
}
