import { describeType, type Env, ExprError } from '../../expr/index.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import { explainMistake } from '../../model/explain-mistake.ts';
import type { ExpressionAt } from '../../model/expression-at.ts';
import { toLocation } from '../../model/location.ts';
import { rankMistake } from '../../model/missing-value.ts';

/** Whether a condition holds. @throws ActionError when that cannot be said */
export function decide(
  { expression: compiled, text }: ExpressionAt,
  { expressions: { env: own, host }, report }: Pick<ActionIo, 'expressions' | 'report'>,
  env: Env = own,
): boolean {
  const about = { kind: 'condition', location: toLocation(text.span) };
  try {
    const value = compiled.evaluate(env, host);
    if (typeof value === 'boolean') {
      for (const note of compiled.listDoubts(env, value, { host })) report.note(note);
      return value;
    }
    const message = `\`${text.text}\` is not a bool: expected true or false, got ${describeType(value)}`;
    const kind = value === null ? about.kind : 'authoring';
    throw new ActionError({ ...about, kind, message, ...explainMistake(compiled, undefined, { env, host }) });
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    const location = error.length > 0 ? toLocation(text.locate(error.offset, error.length)) : about.location;
    const message = `\`${text.text}\` cannot be evaluated: ${error.message}`;
    const kind = rankMistake(error, compiled.names, env) ?? about.kind;
    throw new ActionError({ ...about, kind, message, location, ...explainMistake(compiled, error, { env, host }) });
  }
}
