import { hasTrait } from '../../model/action/traits.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';

const UNIQUE = new Set(['UUID', 'RANDOM_ID']);

/** Variables whose value nobody else has: captured from what the flow created, or made with `UUID`. */
export function listMadeNames(flow: PlannedFlow): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, refs } of flow.declared) if (refs.some((ref) => UNIQUE.has(ref.name))) names.add(name);
  for (const step of [...flow.setup, ...flow.steps]) addMade(step, names);
  return names;
}

function addMade(step: PlannedStep, names: Set<string>): void {
  const { action, authored, isBroken } = step;
  if (!isBroken && hasTrait(action.traits?.creates, authored)) for (const { name } of step.output) names.add(name);
  if (!step.calls) for (const child of step.children) addMade(child, names);
}
