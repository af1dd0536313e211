import type { Outcome } from '../model/events.ts';
import type { Phase } from '../model/phase.ts';
import type { StepPlan } from '../model/plan.ts';
import type { Context } from './context.ts';
import { prepareKnown } from './prepare-steps.ts';
import type { FlowScope } from './run-scope.ts';
import { runStep } from './run-step.ts';
import type { StepEnd } from './step-types.ts';
import type { StopError } from './stop.ts';
import { findMissingNeed } from './teardown-needs.ts';
import { skipStep } from './tell-step.ts';

export interface PhaseOptions {
  readonly phase: Phase;
  readonly steps: readonly StepPlan[];
  readonly context: Context;
  /** Why none of them runs. */
  readonly skipReason?: string | undefined;
}

/** What became of a phase. */
export interface PhaseEnd {
  readonly context: Context;
  readonly ends: readonly { readonly step: StepPlan; readonly end: StepEnd }[];
  /** Whether a step failed or errored and the flow does not go on. */
  readonly isBroken: boolean;
  /** Why it was ended before it was done. */
  readonly cut: StopError | undefined;
}

export const NOT_REACHED = 'not reached';

/** Runs the steps of a phase one after another; after the first that breaks it the others are told as not reached, but in teardown. */
export async function runPhase(scope: FlowScope, options: PhaseOptions): Promise<PhaseEnd> {
  const { phase, steps } = options;
  let context = options.context.inPhase(phase);
  const ends: { step: StepPlan; end: StepEnd }[] = [];
  let isBroken = false;
  let cut: StopError | undefined;
  if (steps.length > 0) tellPhase(scope, phase, steps.length);
  for (const step of steps) {
    const stopping = phase === 'teardown' ? scope.stops.teardownStopping : scope.stops.stopping;
    if (options.skipReason === undefined && !isBroken) cut ??= stopping;
    const skipReason: string | undefined = options.skipReason ?? (isBroken || stopping ? NOT_REACHED : undefined);
    const end: StepEnd =
      skipReason === undefined ? await runInPhase(scope, step, context) : skip(scope, step, context, skipReason);
    ends.push({ step, end });
    if (skipReason !== undefined) continue;
    context = addNames(context, step, end);
    cut ??= cutOf(scope, phase, end.outcome);
    if (end.outcome !== 'passed') scope.brokenIds.add(step.id);
    isBroken = phase !== 'teardown' && isBreaking(step, end.outcome);
    scope.preparation.ended.add(step);
    if (!isBroken && scope.preparation.pending.size > 0) await prepareKnown(scope, context);
  }
  return { context, ends, isBroken, cut };
}

function runInPhase(scope: FlowScope, step: StepPlan, context: Context): Promise<StepEnd> | StepEnd {
  const isTeardown = step.phase === 'teardown';
  const missing = isTeardown ? findMissingNeed(scope, step, context) : undefined;
  if (missing !== undefined) return skip(scope, step, context, missing);
  const signal = isTeardown ? scope.stops.teardown : scope.stops.main;
  return runStep(scope, step, { context, signal, depth: 0, isProbe: false, stream: step.address });
}

function skip(scope: FlowScope, step: StepPlan, context: Context, reason: string): StepEnd {
  return skipStep(scope, step, { context, depth: 0, isProbe: false }, reason);
}

function tellPhase({ run, clock, index }: FlowScope, phase: Phase, stepCount: number): void {
  run.emit({ type: 'phase_started', at: clock.now(), flow: index, phase, stepCount });
}

/** A result is known whatever became of its step, variables only when it passed. */
function addNames(context: Context, step: StepPlan, { result, captures }: StepEnd): Context {
  let next = result === undefined ? context : context.withResult(step.phase, step.id, result);
  for (const { name, value } of captures) next = next.withCapture(name, value);
  return next;
}

function cutOf({ stops }: FlowScope, phase: Phase, outcome: Outcome): StopError | undefined {
  if (outcome !== 'errored') return undefined;
  return phase === 'teardown' ? stops.teardownStopping : stops.stopping;
}

function isBreaking(step: StepPlan, outcome: Outcome): boolean {
  return step.onError !== 'continue' && (outcome === 'failed' || outcome === 'errored');
}
