import type { CheckMeasure } from '../../model/load/measures.ts';
import type { StepPlan } from '../../model/plan.ts';

const known = new WeakMap<StepPlan, readonly CheckMeasure[]>();

/** The assertions of a step of which all hold: one list for all its runs, so that it is looked through once by who knows it again. */
export function listPassedChecks(step: StepPlan): readonly CheckMeasure[] {
  let checks = known.get(step);
  if (!checks) {
    checks = Object.freeze(step.assert.map(({ text }) => ({ text: text.text, holds: true })));
    known.set(step, checks);
  }
  return checks;
}
