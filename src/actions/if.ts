import * as z from 'zod/mini';
import { describeType, ExprError } from '../expr/index.ts';
import type { ChildStep, RunStepsOptions } from '../model/action/children.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError } from '../model/action/outcome.ts';
import { explainMistake } from '../model/explain-mistake.ts';
import type { ExpressionAt } from '../model/expression-at.ts';
import { toLocation } from '../model/location.ts';
import { rankMistake } from '../model/missing-value.ts';
import { anyValue, expression } from '../model/settings.ts';
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

function decide({ expression: compiled, text }: ExpressionAt, io: ActionIo): boolean {
  const about = { kind: 'condition', location: toLocation(text.span) };
  try {
    const value = compiled.evaluate(io.expressions.env, io.expressions.host);
    if (typeof value === 'boolean') {
      for (const note of compiled.listDoubts(io.expressions.env, value, { host: io.expressions.host }))
        io.report.note(note);
      return value;
    }
    const message = `\`${text.text}\` is not a bool: expected true or false, got ${describeType(value)}`;
    const kind = value === null ? about.kind : 'authoring';
    throw new ActionError({ ...about, kind, message, ...explainMistake(compiled, undefined, io.expressions) });
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    const location = error.length > 0 ? toLocation(text.locate(error.offset, error.length)) : about.location;
    const message = `\`${text.text}\` cannot be evaluated: ${error.message}`;
    const kind = rankMistake(error, compiled.names, io.expressions.env) ?? about.kind;
    throw new ActionError({ ...about, kind, message, location, ...explainMistake(compiled, error, io.expressions) });
  }
}
