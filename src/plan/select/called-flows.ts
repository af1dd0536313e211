import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';

/** The flows that a flow calls, those that they call too; one that is called several times comes as often. */
export function listCalledFlows(flow: FlowPlan): readonly FlowPlan[] {
  const steps = listSteps<StepPlan>(listPhases(flow), childrenAndCleanups);
  return steps.flatMap(({ calls }) => calls ?? []);
}
