import type { MapNode } from '../../source/yaml/node.ts';
import type { PlanContext, PlannedStep, StepPlace } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import type { Field } from '../read/keys.ts';
import { reportDuplicate } from './plan-children.ts';

/** Plans the steps that undo a step: one, or a list. */
export function planCleanup(
  field: Field | undefined,
  owner: { readonly address: string; readonly place: StepPlace },
  planning: {
    readonly context: PlanContext;
    readonly planStep: (node: MapNode, place: StepPlace, context: PlanContext) => PlannedStep;
  },
): readonly PlannedStep[] | undefined {
  if (!field) return undefined;
  const { context, planStep } = planning;
  if (owner.place.isCleanup) {
    const help = ['it already runs with teardown: put what it leaves behind into the `cleanup` of the step itself'];
    context.findings.error(CODES.wrongValue, 'a step of `cleanup` has no `cleanup` of its own', field.key.span, help);
    return undefined;
  }
  const local = owner.address.slice(context.prefix.length);
  const prefix = `${context.prefix}teardown/${local}.`;
  const items = field.value.kind === 'seq' ? field.value.items : [field.value];
  const planned: PlannedStep[] = [];
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'map') {
      const message = `\`cleanup\`: expected a step (a map) or a list of steps, got ${describeNode(item)}`;
      context.findings.error(CODES.wrongValue, message, item.span, ['a step is a map with `action:` and `config:`']);
      continue;
    }
    const defaultId = items.length === 1 ? 'cleanup' : `cleanup_${index + 1}`;
    const step = planStep(item, { phase: 'teardown', number: index + 1, prefix, defaultId, isCleanup: true }, context);
    const twin = planned.find((other) => other.id === step.id);
    if (twin) reportDuplicate(step, twin, '`cleanup`', context.findings);
    planned.push(step);
  }
  return planned;
}
