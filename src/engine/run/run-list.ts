import type { Value } from '../../expr/index.ts';
import { isBad, type Outcome, type Skip } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { StopError } from '../../stop/stop-error.ts';
import type { Context } from '../names/context.ts';
import type { LaterResult } from '../names/later-result.ts';
import { findMissingNames } from './missing-names.ts';
import type { RunsSteps } from './runs-steps.ts';
import type { Frame, StepEnd } from './step-types.ts';

export const NOT_REACHED: Skip = { kind: 'not_reached', reason: 'not reached' };

/** What is special about a list of steps: a phase, a branch, a round, the steps of a flow that is called. */
export interface ListPolicy {
  /** Why none of them runs. */
  readonly skip?: Skip | undefined;
  /** Whether it goes on after a step that failed, as teardown does. */
  readonly goesOn?: boolean;
  /** Where a step runs, with the names that those before it made. */
  frameOf(step: StepPlan, context: Context): Frame;
  /** Why no further step may start, asked before each; and why the list is cut short, asked with how a step ended. */
  findStop(after?: StepEnd): StopError | undefined;
  /** Called with what became of each step that ran, and the names that are known then. */
  afterStep(step: StepPlan, end: StepEnd, next: { context: Context; isBroken: boolean }): Promise<void> | undefined;
}

export interface RanStep {
  readonly step: StepPlan;
  readonly end: StepEnd;
}

/** What became of steps that ran one after another. */
export interface ListEnd {
  readonly context: Context;
  readonly ends: readonly RanStep[];
  /** Whether a step failed or errored, and the list does not go on. */
  readonly isBroken: boolean;
  /** Why it was ended before it was done. */
  readonly stop: StopError | undefined;
}

/** Runs steps one after another, each with the names that those before it made; after the first that breaks the list the others are reported as not reached. */
export async function runList(
  runner: RunsSteps,
  steps: readonly StepPlan[],
  { context: first, policy }: { context: Context; policy: ListPolicy },
): Promise<ListEnd> {
  let context = first;
  const ends: RanStep[] = [];
  let isBroken = false;
  let stop: StopError | undefined;
  let list = steps;
  if (runner.pauses && !policy.skip) context = (await runner.pauses.hold({ steps, next: 0, context })).context;
  for (let at = 0; at < list.length; at++) {
    const step = list[at];
    if (!step) break;
    const frame = policy.frameOf(step, context);
    const before = context;
    // What ran already is told as what it came to.
    if (!isBroken && policy.skip === undefined && !frame.begun) stop ??= policy.findStop();
    const notReached: Skip | undefined = isBroken || stop ? NOT_REACHED : undefined;
    const skip: Skip | undefined = policy.skip ?? notReached ?? runner.findMissing(step, frame.context);
    const end: StepEnd = skip ? runner.skip(step, frame, skip) : await runner.run(step, frame);
    ends.push({ step, end });
    if (skip) continue;
    context = addNames(context, step, end);
    stop ??= policy.findStop(end);
    isBroken = !policy.goesOn && isBreaking(step, end.outcome);
    const after = policy.afterStep(step, end, { context, isBroken });
    if (after) await after;
    if (!runner.pauses || stop || (at === list.length - 1 && !isBroken)) continue;
    const held = await runner.pauses.hold({ steps: list, next: at + 1, context, last: end.outcome });
    context = held.context;
    if (!held.again) continue;
    // As if it had not run.
    list = held.again;
    context = before;
    isBroken = false;
    ends.pop();
    at--;
  }
  return { context, ends, isBroken, stop };
}

/** A result is known whatever became of its step, variables only when it passed; of the others it is known why they are not. */
export function addNames(
  context: Context,
  step: StepPlan,
  end: StepEnd,
  named: Value | LaterResult | undefined = end.named,
): Context {
  const { captures } = end;
  let next = named === undefined ? context : context.withResult(step.phase, step.id, named);
  for (const { name, value } of captures) next = next.withCapture(name, value);
  const missing = findMissingNames(step, end);
  return missing ? next.withMissing(missing) : next;
}

/** Whether steps after this one do not run. */
function isBreaking(step: StepPlan, outcome: Outcome): boolean {
  return step.onError !== 'continue' && isBad(outcome);
}
