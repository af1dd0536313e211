import { expect, it } from 'vitest';
import { compile, compileTemplate, type Env, ExprError } from '../../src/expr/index.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import { explainMistake } from '../../src/model/explain-mistake.ts';

const functions = createFunctions();
const values = new Map<string, unknown>([
  ['n', '7'],
  ['m', { a: 1 }],
]);
const env: Env = { get: (name) => values.get(name) as never, keys: () => [...values.keys()] };
const host = { now: () => 0 };

/** What is said of an expression: its parts, and the hints. */
function explain(source: string): { parts: readonly string[]; clues: readonly string[] } {
  const compiled = source.includes('{{') ? compileTemplate(source, { functions }) : compile(source, { functions });
  let error: unknown;
  try {
    if ('render' in compiled) compiled.render(env, host);
    else compiled.evaluate(env, host);
  } catch (thrown) {
    error = thrown;
    if (!(error instanceof ExprError)) throw error;
  }
  const { explained, clues = [] } = explainMistake(compiled, error, { env, host });
  const parts = explained?.parts.map(({ text, type, value }) => `${text} ${type} ${JSON.stringify(value)}`) ?? [];
  return { parts, clues: clues.map(({ text }) => text) };
}

it.each([
  ['n > 2', ['n string "7"'], ['`n` is a text: convert it with `int(n)`']],
  ['n + 1', ['n string "7"'], ['`n` is a text: convert it with `int(n)`']],
  ['{{n + 1}}', ['n string "7"'], ['`n` is a text: convert it with `int(n)`']],
  [
    'm.b.c',
    ['m.b nil null'],
    ['`m` has no `b`: did you mean `a`? its only key is `a`', 'use `?.` where nil is expected'],
  ],
  [
    '{{m.b.c}}',
    ['m.b nil null'],
    ['`m` has no `b`: did you mean `a`? its only key is `a`', 'use `?.` where nil is expected'],
  ],
  ['n', ['n string "7"'], ['the value is string, not bool: compare it with something, as in `n == "7"`']],
  [
    'count(1..900000, count(1..900000, # > 0) > 0)',
    [],
    ['give it less to do: fewer items, a part of the text, a simpler pattern'],
  ],
])('says of `%s` what assertions say', (source, parts, clues) => {
  expect(explain(source)).toEqual({ parts, clues });
});
