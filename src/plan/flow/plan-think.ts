import * as z from 'zod/mini';
import { type Between, toBetween } from '../../model/load/between.ts';
import { duration } from '../../model/settings.ts';
import { compileRenderable } from '../compile/renderable.ts';
import type { PlanContext } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import type { Field } from '../read/keys.ts';

const THINK = z.pipe(
  z.union([duration(), z.strictObject({ min: duration(), max: duration() })]),
  z.transform(toBetween),
);

/** How long a virtual user waits after a step. */
export function planThink(field: Field | undefined, context: PlanContext): Between | undefined {
  if (!field) return undefined;
  const options = { what: 'think', schema: THINK, where: 'timeout', anchor: field.key.span } as const;
  const before = context.findings.list.length;
  const { renderable, refs } = compileRenderable(field.value, options, context);
  if (refs.length > 0)
    context.findings.error(CODES.wrongValue, '`think` takes no placeholders', field.value.span, [
      'write a duration, or `{min: 1s, max: 3s}`',
    ]);
  if (context.findings.list.length > before || !renderable.isStatic) return undefined;
  const between = renderable.render({ get: () => undefined, keys: () => [] }, { now: () => 0 }) as Between;
  if (between.minMs <= between.maxMs) return between;
  context.findings.error(CODES.wrongValue, '`think`: `min` is above `max`', field.value.span, ['turn them round']);
  return undefined;
}
