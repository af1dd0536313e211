import type { ActionDefinition } from '../../model/action/definition.ts';
import type { NameRef } from '../../model/plan.ts';
import { listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedStep } from '../read/context.ts';

/** The names that a step reads itself: where it stands, and where its rounds are judged. */
export interface OwnRefs {
  readonly around: readonly NameRef[];
  readonly inRounds: readonly NameRef[];
}

/** Tells the names that the conditions of a loop have from its rounds from those that stand around it. */
export function splitRoundRefs(
  { control }: ActionDefinition,
  refs: readonly NameRef[],
  { children, bindings }: { readonly children: readonly PlannedStep[]; readonly bindings: readonly string[] },
): OwnRefs {
  const rounds = control?.rounds;
  if (!rounds) return { around: refs, inRounds: [] };
  const made = new Set(['steps', '$env', ...children.flatMap(({ id, provides }) => [id, ...provides])]);
  const isOfRounds = ({ where, setting, name }: NameRef): boolean =>
    where === 'config' &&
    ((setting === rounds.before && bindings.includes(name)) ||
      (setting === rounds.after && (bindings.includes(name) || made.has(name))));
  return { around: refs.filter((ref) => !isOfRounds(ref)), inRounds: refs.filter(isOfRounds) };
}

/** Whether an action does its steps again and again. */
export function isLoop({ control, settings }: ActionDefinition): boolean {
  return control?.binds !== undefined || Object.values(settings.expressions ?? {}).includes('child');
}

/** Whether a loop may do no round at all, so that what its rounds capture may be nil. */
export function mayDoNoRound({ action, authored }: Pick<PlannedStep, 'action' | 'authored'>): boolean {
  const setting = action.control?.rounds?.before;
  return setting !== undefined && typeof authored === 'object' && authored !== null && Object.hasOwn(authored, setting);
}

/** The innermost of these loops in whose rounds a step runs. */
export function findLoopOf(step: PlannedStep, loops: readonly PlannedStep[]): PlannedStep | undefined {
  return loops.findLast((loop) => listSteps(ownChildren(loop), ownChildren).includes(step));
}

/** How a loop gives its steps what the round before captured. */
export function suggestCarry({ name, path }: NameRef, isCapture: boolean, loop: PlannedStep): readonly string[] {
  const last = path.findLast((key) => typeof key === 'string') ?? 'value';
  const capture = isCapture ? '' : `capture it there, as in \`output: {${last}: …}\`, and `;
  return [`${capture}${writeCarry(loop, `${isCapture ? name : last}: ""`)}`];
}

/** How a loop is told to hand a value on; `pair` is its name and first value. */
export function writeCarry({ action }: PlannedStep, pair: string): string {
  if (action.control?.rounds)
    return `give it a first value, \`carry: {${pair}}\`: each round then has what the one before it captured`;
  return `\`action: repeat\` hands it on from round to round, with \`carry: {${pair}}\` as its first value`;
}
