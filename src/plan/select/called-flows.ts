import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';

/** A flow that a step calls, and what the call gives to it. */
export interface CalledByStep {
  readonly flow: FlowPlan;
  readonly inputs: StepPlan['inputs'];
}

/** The flows that a flow calls, those that they call too; one that is called several times comes as often. */
export function listCalledFlows(flow: FlowPlan): readonly CalledByStep[] {
  const steps = listSteps<StepPlan>(listPhases(flow), childrenAndCleanups);
  return steps.flatMap(({ calls, inputs }) => (calls ? [{ flow: calls, inputs }] : []));
}

/** Some flows with all that they call, each once. */
export function withCalledFlows(flows: readonly FlowPlan[]): readonly FlowPlan[] {
  return [...new Set([...flows, ...flows.flatMap((flow) => listCalledFlows(flow).map((called) => called.flow))])];
}
