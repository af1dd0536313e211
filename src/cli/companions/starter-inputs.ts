import type { StarterPlan } from '../../model/companions/companion-plan.ts';
import type { FlowInputs } from '../../model/inputs.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';

/** The values from outside for a stub or a proxy of testmesh.yaml: of the process environment also what it reads without declaring it. */
export function listInputs({ flow, reads }: StarterPlan, given: GivenInputs): FlowInputs {
  const { inputs } = resolveInputs(flow, given);
  const environment = new Map(inputs.environment);
  const declared = new Set(flow.declared.map(({ name }) => name));
  for (const name of reads) {
    const text = Object.hasOwn(given.processEnv, name) ? given.processEnv[name] : undefined;
    if (text !== undefined && !declared.has(name)) environment.set(name, text);
  }
  return { ...inputs, environment };
}
