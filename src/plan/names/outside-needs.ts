import type { ActionDefinition } from '../../model/action/definition.ts';
import type { NameRef } from '../../model/plan.ts';
import type { PlannedStep } from '../read/context.ts';

/** The lists of a control's steps that see nothing of each other, in the order written. */
export function groupChildren(
  action: ActionDefinition,
  children: readonly PlannedStep[],
): readonly (readonly PlannedStep[])[] {
  const groups = new Map<string, PlannedStep[]>();
  for (const child of children) {
    // In a plain list of branches each step is one.
    const isBranch = action.control?.branches === 'together' && !child.group?.includes('[');
    const key = isBranch ? child.address : (child.group ?? '');
    groups.set(key, [...(groups.get(key) ?? []), child]);
  }
  return [...groups.values()];
}

/** Names that a control's steps read from outside of it: neither loop variables nor what an earlier one of them made. */
export function listOutsideNeeds(
  action: ActionDefinition,
  { children, bindings }: { children: readonly PlannedStep[]; bindings: readonly string[] },
): readonly NameRef[] {
  const outside: NameRef[] = [];
  for (const group of groupChildren(action, children)) {
    const made = new Set(bindings);
    for (const child of group) {
      outside.push(...child.needs.filter(({ name }) => !made.has(name)));
      for (const name of [child.id, ...child.provides]) made.add(name);
    }
  }
  return outside;
}
