import type { StepPlan } from './plan.ts';

/** Steps with all that are nested in them, in the order written. */
export function listSteps(steps: readonly StepPlan[]): readonly StepPlan[] {
  if (steps.every((step) => step.children.length === 0)) return steps;
  return steps.flatMap((step) => [step, ...listSteps(step.children)]);
}
