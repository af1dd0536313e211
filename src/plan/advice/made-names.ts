import { hasTrait } from '../../model/action/traits.ts';
import { listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';

const UNIQUE = new Set(['UUID', 'RANDOM_ID']);

/** Variables whose value nobody else has: captured from what the flow created, or made with `UUID`. */
export function listMadeNames(flow: PlannedFlow): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, refs } of flow.declared) if (refs.some((ref) => UNIQUE.has(ref.name))) names.add(name);
  for (const { action, authored, isBroken, output } of listSteps([...flow.setup, ...flow.steps], ownChildren)) {
    if (!isBroken && hasTrait(action.traits?.creates, authored)) for (const { name } of output) names.add(name);
  }
  return names;
}
