import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';
import { anyValue } from '../model/settings.ts';
import { countOf } from '../util/count.ts';

const settings = z.strictObject({ steps: z.optional(anyValue()) });

/** Runs steps one after another as if they were one, whose result is the last one's, theirs by id, and what they captured. */
export const steps: ActionDefinition<z.output<typeof settings>> = {
  name: 'steps',
  summary: 'Runs steps one after another',
  settings: { schema: settings },
  control: { steps: ['steps[]'], joinsResults: true },
  result: { keys: {} },
  judges: true,
  traits: { isInternal: true },
  async run(_config, io) {
    const { last, results, captures } = await io.children.runSteps(io.children.list);
    return { result: { ...last, ...results, ...captures }, summary: countOf(io.children.list.length, 'step') };
  },
};
