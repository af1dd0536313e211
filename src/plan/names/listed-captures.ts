import type { NameRef } from '../../model/plan.ts';
import { listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedStep } from '../read/context.ts';
import { listJudgements } from './judgements.ts';

/** Captures that are read where a control lists what its rounds or branches captured: `results[0].captures.id`. */
export function collectListedCaptures(steps: readonly PlannedStep[], refs: readonly NameRef[]): ReadonlySet<string> {
  const read = new Set<string>();
  for (const step of steps) {
    const { captured } = step.action.result;
    if (captured === undefined) continue;
    const uses = [...listOwnUses(step, captured), ...listUsesElsewhere(step, captured, refs)];
    const names = uses.includes('any')
      ? listSteps(step.children, ownChildren).flatMap(({ ownProvides }) => ownProvides)
      : uses;
    for (const name of names) read.add(name);
  }
  return read;
}

/** What follows the step in a name that is its result; an empty path when that cannot be known. */
export function findResultPath({ name, path }: NameRef, { id, address }: PlannedStep): NameRef['path'] | undefined {
  if (name === id) return path;
  if (name === '$env') return [];
  if (name !== 'steps') return undefined;
  const [key] = path;
  if (typeof key !== 'string') return [];
  return key === id || key === address ? path.slice(1) : undefined;
}

/** The captures that the step's own assertions and captures read; `any` where that cannot be known. */
function listOwnUses(step: PlannedStep, list: string): readonly string[] {
  const conditions = [...step.assert, ...listJudgements(step)].map(({ expression }) => expression);
  const named = conditions.flatMap(({ names, source }) =>
    names.filter(({ name }) => name === list).flatMap(({ path }) => readUse(path, source.includes('captures'))),
  );
  const isTaken = step.output.some(({ text: { text } }) => text.includes(list));
  return isTaken ? [...named, 'any'] : named;
}

function listUsesElsewhere(step: PlannedStep, list: string, refs: readonly NameRef[]): readonly string[] {
  return refs.flatMap((ref) => {
    const [key, ...path] = findResultPath(ref, step) ?? ['nothing of it'];
    return key === undefined || key === list ? readUse(path, true) : [];
  });
}

/** Of `[0].captures.id` it is `id`; `isWhole` says what is meant by a path that ends before. */
function readUse(path: NameRef['path'], isWhole: boolean): readonly string[] {
  const [key, name] = typeof path[0] === 'number' ? path.slice(1) : path;
  if (key === undefined) return isWhole ? ['any'] : [];
  if (key !== 'captures') return [];
  return [typeof name === 'string' ? name : 'any'];
}
