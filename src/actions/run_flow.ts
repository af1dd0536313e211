import * as z from 'zod/mini';
import type { Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { anyValue } from '../model/settings.ts';
import { countOf } from '../util/count.ts';

const settings = z.strictObject({
  flow: z.string(),
  input: z.optional(z.record(z.string(), anyValue())),
});

/** Runs another flow, with its setup and teardown, as a part of this one. */
export const runFlow: ActionDefinition<z.output<typeof settings>> = {
  name: 'run_flow',
  summary: 'Runs another flow: a file beside this one, or the id of a flow of the run',
  settings: { schema: settings, verbatim: ['flow'] },
  control: { calls: { flow: 'flow', input: 'input' } },
  result: { keys: {} },
  judges: true,
  async run({ input = {} }, io) {
    const called = await io.children.runFlow(input as Readonly<Record<string, Value>>);
    for (const note of called.notes) io.report.note(note);
    return { result: called.output, summary: countOf(called.stepCount, 'step') };
  },
};
