import type { StepPlan } from '../../model/plan.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { PendingCleanup } from '../lifetimes/ledger.ts';
import type { Locals } from '../names/locals.ts';

/** Steps that undo what ran, with what each sees besides teardown. */
export type CleanupSteps = ReadonlyMap<StepPlan, Locals | undefined>;

/** The steps of cleanups, last-first; those of a loop have the addresses of their rounds. */
export function planCleanups({ caller }: Pick<FlowFacts, 'caller'>, cleanups: readonly PendingCleanup[]): CleanupSteps {
  const prefix = caller === undefined ? '' : `${caller}>`;
  const steps = new Map<StepPlan, Locals | undefined>();
  for (const { step: owner, address: of, locals } of cleanups.toReversed()) {
    for (const step of owner.cleanup ?? []) {
      const local = `${of.slice(prefix.length)}.${step.id}`;
      steps.set({ ...step, id: local.replace(/^\w+\//, ''), address: `${prefix}teardown/${local}` }, locals);
    }
  }
  return steps;
}

/** What undoes the steps of setup, apart from what undoes the others: it runs last, for what a step made may need what setup made. */
export function splitCleanups(cleanups: readonly PendingCleanup[]) {
  const isOfSetup = ({ step }: PendingCleanup): boolean => step.phase === 'setup';
  return { own: cleanups.filter((cleanup) => !isOfSetup(cleanup)), ofSetup: cleanups.filter(isOfSetup) };
}
