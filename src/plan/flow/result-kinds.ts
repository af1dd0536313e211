import { type ActionDefinition, judgesItsStep } from '../../model/action/definition.ts';
import type { ResultKind } from '../../model/action/result.ts';
import type { PlannedStep, ResultKinds } from '../read/context.ts';

/** The names of a result, in this order; the first that has a name says what it holds. */
export function mergeKinds(...sources: readonly Iterable<readonly [string, ResultKind]>[]): ResultKinds {
  const kinds = new Map<string, ResultKind>();
  for (const source of sources) for (const [name, kind] of source) if (!kinds.has(name)) kinds.set(name, kind);
  return kinds;
}

const kindsOf = new WeakMap<ActionDefinition['result']['keys'], ResultKinds>();

/** The names of a result that is the same for each step of an action: one object, by which what was found out about it is known again. */
export function listKindsOf(keys: ActionDefinition['result']['keys']): ResultKinds {
  const known = kindsOf.get(keys);
  if (known) return known;
  const kinds = mergeKinds(Object.entries(keys));
  kindsOf.set(keys, kinds);
  return kinds;
}

/** What the result of a control has from its steps: that of the step which it judges, or theirs joined. */
export function listChildKinds(action: ActionDefinition, children: readonly PlannedStep[]): ResultKinds {
  if (judgesItsStep(action)) return new Map(children.flatMap((child) => [...child.resultKinds]));
  return action.control?.joinsResults ? joinKinds(children) : new Map();
}

/** The last result of several steps, each one's by its id, and what they captured. */
function joinKinds(children: readonly PlannedStep[]): ResultKinds {
  const joined = new Map<string, ResultKind>();
  for (const child of children) {
    const names = [...child.resultKinds.keys(), child.id, ...child.provides];
    for (const name of names) joined.set(name, 'any');
  }
  const made = new Set(children.flatMap((child) => [child.id, ...child.provides]));
  const last = children.at(-1);
  // One that its `when` skips leaves the result to the step before it.
  const isSure = last !== undefined && !last.when && last.skip === undefined;
  for (const [name, kind] of isSure ? last.resultKinds : []) if (!made.has(name)) joined.set(name, kind);
  return joined;
}
