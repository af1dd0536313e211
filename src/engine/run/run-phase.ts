import type { Outcome } from '../../model/events.ts';
import type { Phase } from '../../model/phase.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import type { Context } from '../names/context.ts';
import type { Locals } from '../names/locals.ts';
import { addReplayed } from '../names/replayed.ts';
import { type PrepareFailure, prepareKnown } from '../prepare/prepare-steps.ts';
import type { StopError } from '../stop/stop.ts';
import { addNames, isBreaking, NOT_REACHED } from './run-sequence.ts';
import { runStep } from './run-step.ts';
import type { StepEnd } from './step-types.ts';
import { findMissingNeed } from './teardown-needs.ts';
import { skipStep } from './tell-step.ts';

export interface PhaseOptions {
  readonly phase: Phase;
  readonly steps: readonly StepPlan[];
  readonly context: Context;
  /** Why none of them runs. */
  readonly skipReason?: string | undefined;
  /** Whether the phase has been told of. */
  readonly isContinued?: boolean;
  /** Names that only some of the steps see: cleanups of what ran in a loop. */
  readonly localsOf?: ((step: StepPlan) => Locals | undefined) | undefined;
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

/** Runs the steps of a phase one after another; after the first that breaks it the others are told as not reached, but in teardown. */
export async function runPhase(scope: FlowScope, options: PhaseOptions): Promise<PhaseEnd> {
  const { phase, steps } = options;
  let context = options.context.inPhase(phase);
  const ends: { step: StepPlan; end: StepEnd }[] = [];
  let isBroken = false;
  let cut: StopError | undefined;
  if (steps.length > 0 && scope.depth === 0 && !options.isContinued) tellPhase(scope, phase, steps.length);
  for (const step of steps) {
    const stopping = phase === 'teardown' ? scope.stops.teardownStopping : scope.stops.stopping;
    if (options.skipReason === undefined && !isBroken) cut ??= stopping;
    const skipReason: string | undefined = options.skipReason ?? (isBroken || stopping ? NOT_REACHED : undefined);
    const end: StepEnd =
      skipReason === undefined
        ? await runInPhase(scope, step, addLocals(context, options.localsOf?.(step)))
        : skip(scope, step, context, skipReason);
    ends.push({ step, end });
    if (skipReason !== undefined) continue;
    context = addNames(context, step, end);
    cut ??= cutOf(scope, phase, end.outcome);
    if (end.outcome !== 'passed') scope.brokenIds.add(step.id);
    isBroken = phase !== 'teardown' && isBreaking(step, end.outcome);
    scope.preparation.ended.add(step);
    if (!isBroken && scope.preparation.pending.size > 0) await prepareInPhase(scope, context);
  }
  return { context, ends, isBroken, cut };
}

function runInPhase(scope: FlowScope, step: StepPlan, context: Context): Promise<StepEnd> | StepEnd {
  const isTeardown = step.phase === 'teardown';
  const missing = isTeardown ? findMissingNeed(scope, step, context) : undefined;
  if (missing !== undefined) return skip(scope, step, context, missing);
  const signal = isTeardown ? scope.stops.teardown : scope.stops.main;
  const { depth, preparation } = scope;
  const address = scope.addressOf(step);
  const seen =
    scope.replay && address.includes('>') ? addReplayed(context, scope.replay, nameParent(address)) : context;
  return runStep(scope, step, { address, context: seen, signal, depth, isProbe: false, stream: address, preparation });
}

/** Of a step that runs without the control around it. */
function nameParent(address: string): string {
  return address.slice(0, address.lastIndexOf('>'));
}

/** Prepares what has become known; gives what cannot be. */
export function prepareInPhase(scope: FlowScope, context: Context): Promise<readonly PrepareFailure[]> {
  const { preparation, stops, addressOf } = scope;
  return prepareKnown(scope, { preparation, context, signal: stops.main, addressOf });
}

function addLocals(context: Context, locals: Locals | undefined): Context {
  return locals ? context.withBindings(locals.toRecord()) : context;
}

function skip(scope: FlowScope, step: StepPlan, context: Context, reason: string): StepEnd {
  return skipStep(scope, step, { address: scope.addressOf(step), context, depth: scope.depth, isProbe: false }, reason);
}

function tellPhase({ run, clock, index }: FlowScope, phase: Phase, stepCount: number): void {
  run.emit({ type: 'phase_started', at: clock.now(), flow: index, phase, stepCount });
}

function cutOf({ stops }: FlowScope, phase: Phase, outcome: Outcome): StopError | undefined {
  if (outcome !== 'errored') return undefined;
  return phase === 'teardown' ? stops.teardownStopping : stops.stopping;
}
