import { describe, expect, it } from 'vitest';
import { compile, type Value } from '../../src/expr/index.ts';
import { catchError, drawError, evaluate } from './support.ts';

const names: { readonly [name: string]: Value } = { x: 7, s: 'ab', list: [1, 2, 3], none: null, row: { id: 3 } };

const table: readonly [string, Value][] = [
  ['{{x}} == 7', true],
  ['${x} + 1', 8],
  ['<<row.id>> == 3', true],
  ['${missing:-q} == "q"', true],
  ['"{{x}}" == "7"', true],
  ["'id-{{ x }}-${s}'", 'id-7-ab'],
  ['`{{s}}`', 'ab'],
  ['"{{list}}"', '[1,2,3]'],
  ['"{{ list[0] }}" + "{{row["id"]}}"', '13'],
  ['"\\{{x}}"', '{{x}}'],
  ['"\\\\{{x}}"', '\\7'],
  ['`\\{{x}}`', '{{x}}'],
  ['"a\\tb{{x}}"', 'a\tb7'],
  ['"1 << 2"', '1 << 2'],
  ['{{x > 5 ? x : 0}} * 2', 14],
  ['{{row}}.id', 3],
  ['[{{x}}, {{s}}]', [7, 'ab']],
  ['{a: {{x}}}', { a: 7 }],
  ['{"{{s}}": 1}', { ab: 1 }],
  ['map(list, {{a: #}})', [{ a: 1 }, { a: 2 }, { a: 3 }]],
  ['map(list, {{"a": #}})', [{ a: 1 }, { a: 2 }, { a: 3 }]],
  ['map(list, {{(s): #}})', [{ ab: 1 }, { ab: 2 }, { ab: 3 }]],
  ['map(list, {{}})', [{}, {}, {}]],
  ['map(list, {{x}} + #)', [8, 9, 10]],
  ['map(list, {{(x)}} + #)', [8, 9, 10]],
  ['map(list, {# + {{x}}})', [8, 9, 10]],
  ['filter(list, # < {{ row.id }})', [1, 2]],
  ['s matches "^{{s}}$"', true],
  ['null == nil', true],
];

describe('placeholders in expressions', () => {
  it.each(table)('%s gives %j', (source, value) => {
    expect(evaluate(source, names)).toEqual(value);
  });

  it('are unknown unless asked for', () => {
    expect(catchError(() => compile('{{x}} == 7')).kind).toBe('syntax');
    expect(compile('"{{x}}"').evaluate(new Map())).toBe('{{x}}');
    expect(compile('"${x} <<x>>"').evaluate(new Map())).toBe('${x} <<x>>');
  });

  it('refuse nil inside a text', () => {
    const source = '"a{{none}}" == "a"';
    expect(
      drawError(
        source,
        catchError(() => evaluate(source, names)),
      ),
    ).toBe(
      'run: `none` is nil and cannot be put into text\n"a{{none}}" == "a"\n    ^^^^\nhint: give a value for that case: `none ?? "…"`',
    );
  });

  it('are names of the expression', () => {
    const expression = compile('{{a.b}} == "x{{c}}" and ${d:-1} == 1', { placeholders: true });
    expect(expression.names.map(({ name, offset }) => [name, offset])).toEqual([
      ['a', 2],
      ['c', 15],
      ['d', 26],
    ]);
  });
});
