import { toPlainRef } from '../../model/plain-ref.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';

/** The flow in which steps that need one of the names, directly or through a variable, are skipped: they have nothing to undo. */
export function withoutMissing(plan: FlowPlan, names: ReadonlySet<string>): FlowPlan {
  if (names.size === 0) return plan;
  /** A variable leads to what it is made of. */
  const missing = new Map([...names].map((name) => [name, name]));
  const declared = plan.declared.filter(({ name, refs = [] }) => {
    const lacking = refs.find((ref) => missing.has(ref.name));
    if (lacking) missing.set(name, missing.get(lacking.name) ?? lacking.name);
    return !lacking;
  });
  const skip = (step: StepPlan): StepPlan => {
    const need = step.needs.map(toPlainRef).find(({ name }) => missing.has(name));
    if (!need || step.skip !== undefined) return step;
    return { ...step, skip: `needs \`${missing.get(need.name)}\`, which \`before_all\` would have captured` };
  };
  const { setup, steps, teardown } = plan;
  return {
    ...plan,
    declared,
    setup: setup.map(skip),
    steps: steps.map(skip),
    teardown: teardown.map(skip),
  };
}
