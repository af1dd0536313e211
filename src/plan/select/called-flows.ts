import type { FlowPlan, StepPlan } from '../../model/plan.ts';

/** The flows that a flow calls, those that they call too; one that is called several times comes as often. */
export function listCalledFlows(flow: FlowPlan): readonly FlowPlan[] {
  return [...flow.setup, ...flow.steps, ...flow.teardown].flatMap(listOfStep);
}

function listOfStep({ calls, children, cleanup = [] }: StepPlan): readonly FlowPlan[] {
  return [...(calls ? [calls] : []), ...children.flatMap(listOfStep), ...cleanup.flatMap(listOfStep)];
}
