import * as z from 'zod/mini';
import type { ChildStep, RunStepsOptions } from '../model/action/children.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import { anyValue, expression } from '../model/settings.ts';
import { decide } from './controls/decide.ts';
import { describeIdle, isIdle } from './controls/idle.ts';

const THEN = 'then';

const settings = z.strictObject({
  condition: expression(),
  [THEN]: z.optional(anyValue()),
  else: z.optional(anyValue()),
});

/** Runs one of two lists of steps. */
export const runIf: ActionDefinition<z.output<typeof settings>> = {
  name: 'if',
  aliases: ['condition'],
  summary: 'Runs `then` when a condition holds, else `else`',
  settings: { schema: settings, expressions: { condition: [] } },
  control: { steps: ['then[]', 'else[]?'], branches: 'either' },
  result: { keys: { condition: 'bool', branch: 'string?' } },
  judges: true,
  async run(config, io) {
    const condition = decide(config.condition, io);
    const branch = condition ? THEN : 'else';
    const taken = io.children.list.filter((child) => child.group === branch);
    const others = io.children.list.filter((child) => child.group !== branch);
    const skip = { kind: 'not_taken', reason: `not taken: the condition is ${condition}` } as const;
    const lists: (readonly [readonly ChildStep[], RunStepsOptions])[] = [
      [taken, {}],
      [others, { skip }],
    ];
    for (const [steps, options] of condition ? lists : lists.toReversed()) {
      const ended = await io.children.runSteps(steps, options);
      if (steps === taken && taken.length > 0 && isIdle([ended])) io.report.note(describeIdle('nothing was checked'));
    }
    const what = taken.length === 0 ? 'nothing to do' : `\`${branch}\``;
    return { result: { condition, branch: taken.length === 0 ? null : branch }, summary: `${condition}: ${what}` };
  },
};
