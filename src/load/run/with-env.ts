import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { ScenarioPlan } from '../../model/load/load-plan.ts';

/** What the command line gives goes before what the scenario does. */
export function withEnv(flow: FlowRun, { env }: ScenarioPlan): FlowRun {
  if (env.size === 0) return flow;
  return { ...flow, inputs: { ...flow.inputs, given: new Map([...env, ...flow.inputs.given]) } };
}
