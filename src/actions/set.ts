import * as z from 'zod/mini';
import { ExprError, setKey, type Value } from '../expr/index.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import { ActionError } from '../model/action/outcome.ts';
import type { ConfigFinding } from '../model/action/settings.ts';
import { explainMistake } from '../model/explain-mistake.ts';
import type { ExpressionAt } from '../model/expression-at.ts';
import { toLocation } from '../model/location.ts';
import { rankMistake } from '../model/missing-value.ts';
import { expression } from '../model/settings.ts';
import { countOf } from '../util/count.ts';
import { describeKeys } from './settings/authored.ts';

const settings = z.record(z.string(), expression());

/** Sets variables from expressions: `config: {total: "price * 2"}`. Each sees the variables from before the step. */
export const setVariables: ActionDefinition<z.output<typeof settings>> = {
  name: 'set',
  summary: 'Sets variables from expressions',
  settings: {
    schema: settings,
    expressions: { '*': [] },
    check: checkNames,
    note: { example: '{ total: price * 2 }' },
  },
  result: { keys: {}, keysOf: describeKeys, variables: listNames },
  judges: true,
  traits: { isLocal: 'computed' },
  async run(config, io) {
    const values: Record<string, Value> = {};
    for (const [name, value] of Object.entries(config)) setKey(values, name, evaluate(value, io));
    return { result: values, summary: countOf(Object.keys(values).length, 'variable'), captures: values };
  },
};

function checkNames(authored: unknown): readonly ConfigFinding[] {
  const names = listNames(authored);
  if (names.length === 0) {
    const help = ['write them as `config: {total: "price * 2"}`'];
    return [{ severity: 'error', code: 'TM351', path: [], message: '`set` needs at least one variable', help }];
  }
  return names
    .filter((name) => !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    .map((name) => ({
      severity: 'error',
      code: 'TM352',
      path: [name],
      isKey: true,
      message: `\`${name}\` cannot be a variable: expected letters, digits and \`_\``,
    }));
}

function listNames(authored: unknown): readonly string[] {
  return Object.keys(describeKeys(authored));
}

function evaluate({ expression: compiled, text }: ExpressionAt, io: ActionIo): Value {
  try {
    return io.expressions.take(compiled);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    throw new ActionError({
      kind: rankMistake(error, compiled.names, io.expressions.env) ?? 'expression',
      message: error.message,
      location: toLocation(text.locate(error.offset, error.length)),
      ...explainMistake(compiled, error, io.expressions),
    });
  }
}
