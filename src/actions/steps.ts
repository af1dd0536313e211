import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action.ts';
import { anyValue } from '../model/settings.ts';
import { countOf } from '../util/count.ts';

const settings = z.strictObject({ steps: z.optional(anyValue()) });

/** Runs steps one after another as if they were one, whose result is the last one's, theirs by id, and what they captured. */
export const steps: ActionDefinition<z.output<typeof settings>> = {
  name: 'steps',
  summary: 'Runs steps one after another',
  config: settings,
  steps: ['steps[]'],
  isInternal: true,
  result: [],
  judges: true,
  async run(_config, io) {
    const { last, results, captures } = await io.runSteps(io.children);
    return { result: { ...last, ...results, ...captures }, summary: countOf(io.children.length, 'step') };
  },
};
