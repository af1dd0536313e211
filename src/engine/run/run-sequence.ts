import type { Outcome } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import { listSteps } from '../../model/walk-steps.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import type { Context } from '../names/context.ts';
import type { Locals } from '../names/locals.ts';
import type { Preparation } from '../prepare/preparation.ts';
import { prepareKnown } from '../prepare/prepare-steps.ts';
import type { StopError } from '../stop/stop.ts';
import type { RunStep } from './attempt-options.ts';
import type { Frame, StepEnd } from './step-types.ts';
import { findMissingNeed } from './teardown-needs.ts';
import { skipStep } from './tell-step.ts';

export const NOT_REACHED = 'not reached';

export interface SequenceOptions {
  readonly steps: readonly StepPlan[];
  /** What the first step sees. */
  readonly context: Context;
  readonly locals: Locals;
  readonly preparation: Preparation;
  /** Why no further step may start, when that is so. */
  readonly findStop: () => StopError | undefined;
  readonly skipReason?: string | undefined;
  readonly runStep: RunStep;
  /** The frame of a step but for what changes from one to the next. */
  readonly frameOf: (step: StepPlan) => Omit<Frame, 'context' | 'locals' | 'preparation'>;
}

/** What became of steps that ran one after another. */
export interface SequenceEnd {
  readonly ends: readonly { readonly step: StepPlan; readonly end: StepEnd }[];
  /** Why it was ended before it was done. */
  readonly stop: StopError | undefined;
}

/** Runs steps one after another, each with the names that those before it made; after the first that breaks it the others are told as not reached. */
export async function runSequence(scope: FlowScope, options: SequenceOptions): Promise<SequenceEnd> {
  const { steps, preparation, locals } = options;
  let { context } = options;
  const ends: { step: StepPlan; end: StepEnd }[] = [];
  let isBroken = false;
  let stop: StopError | undefined;
  for (const step of steps) {
    const frame = { ...options.frameOf(step), context, locals, preparation };
    if (!isBroken && options.skipReason === undefined) stop ??= options.findStop();
    const notReached = isBroken || stop ? NOT_REACHED : undefined;
    const skipReason = options.skipReason ?? notReached ?? findMissing(scope, step, context);
    const end =
      skipReason === undefined ? await options.runStep(scope, step, frame) : skipStep(scope, step, frame, skipReason);
    ends.push({ step, end });
    if (skipReason !== undefined) continue;
    context = addNames(context, step, end);
    keepLocals(locals, step, end);
    isBroken = isBreaking(step, end.outcome);
    preparation.ended.add(step);
    if (!isBroken && preparation.pending.size > 0) await prepareAmong(scope, options, context);
  }
  return { ends, stop };
}

/** In teardown a step that needs what nobody captured has nothing to do. */
function findMissing(scope: FlowScope, step: StepPlan, context: Context): string | undefined {
  return step.phase === 'teardown' ? findMissingNeed(scope, step, context) : undefined;
}

/** A result is known whatever became of its step, variables only when it passed. */
export function addNames(context: Context, step: StepPlan, { result, captures }: StepEnd): Context {
  let next = result === undefined ? context : context.withResult(step.phase, step.id, result);
  for (const { name, value } of captures) next = next.withCapture(name, value);
  return next;
}

/** Whether steps after this one do not run. */
export function isBreaking(step: StepPlan, outcome: Outcome): boolean {
  return step.onError !== 'continue' && (outcome === 'failed' || outcome === 'errored');
}

function keepLocals(locals: Locals, step: StepPlan, { result, captures }: StepEnd): void {
  if (result !== undefined) locals.set(step.id, result);
  for (const { name, value } of captures) locals.set(name, value);
}

/** Prepares what has become known, but of these steps alone: others see other names. */
async function prepareAmong(scope: FlowScope, options: SequenceOptions, context: Context): Promise<void> {
  const { preparation, frameOf, steps } = options;
  const [first] = steps;
  if (!first) return;
  const { signal } = frameOf(first);
  const addressOf = (step: StepPlan): string => frameOf(step).address;
  await prepareKnown(scope, { preparation, context, signal, addressOf, among: new Set(listSteps(steps)) });
}
