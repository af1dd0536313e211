import type { StepPlan } from '../model/plan.ts';
import { listSteps } from './before-steps.ts';

/** What is known of the steps that prepare themselves before they run. */
export interface Preparation {
  /** Steps not prepared yet, with the steps that must have ended before their names are what they will be. */
  readonly pending: Map<StepPlan, ReadonlySet<StepPlan>>;
  /** Why steps could not be prepared; told when they run. */
  readonly errors: Map<StepPlan, unknown>;
  /** Steps that stand under `when`, or in a control that does. */
  readonly conditional: ReadonlySet<StepPlan>;
  readonly ended: Set<StepPlan>;
}

/** Finds what there is to prepare in the steps that will run, given in their order. */
export function createPreparation(steps: readonly StepPlan[]): Preparation {
  const pending = new Map<StepPlan, ReadonlySet<StepPlan>>();
  const conditional = new Set<StepPlan>();
  const visit = (step: StepPlan, isConditional: boolean, before: readonly StepPlan[]): void => {
    if (step.skip !== undefined) return;
    const isUnder = isConditional || step.when !== undefined;
    if (isUnder) conditional.add(step);
    if (step.action.prepare) pending.set(step, findProviders(step, before));
    const isBranch = isUnder || step.action.name === 'if';
    step.children.forEach((child, index) => {
      visit(child, isBranch, [...before, ...step.children.slice(0, index)]);
    });
  };
  steps.forEach((step, index) => {
    const isLeafWithout = step.children.length === 0 && !step.action.prepare;
    if (!isLeafWithout) visit(step, false, steps.slice(0, index));
  });
  return { pending, errors: new Map(), conditional, ended: new Set() };
}

/** Earlier steps that set a name of the step's settings: before they ended it has another value, or none. */
function findProviders(step: StepPlan, before: readonly StepPlan[]): ReadonlySet<StepPlan> {
  const names = namesToPrepare(step);
  if (names.size === 0) return new Set();
  return new Set(before.filter((other) => names.has(other.id) || other.provides.some((name) => names.has(name))));
}

/** The names that a step's preparation reads. */
export function namesToPrepare(step: StepPlan): ReadonlySet<string> {
  if (step.preparation) return step.preparation.names;
  return new Set(step.needs.filter((need) => need.where === 'config').map((need) => need.name));
}

/** Makes the steps below a control that runs again prepare themselves anew. */
export function forgetPrepared(preparation: Preparation, children: readonly StepPlan[]): void {
  for (const step of listSteps(children)) {
    if (step.action.prepare && step.skip === undefined) preparation.pending.set(step, new Set());
  }
}
