import { describe, expect, it } from 'vitest';
import { compile, ExprError, type Value } from '../../../src/expr/index.ts';
import { createFunctions } from '../../../src/functions/registry.ts';
import { createEnv, host } from '../support.ts';

const names: { readonly [name: string]: Value } = {
  status: 200,
  x: 3.756,
  text: 'abcabc',
  digits: '42',
  raw: '{"a":1}',
  list: [3, 1, 2],
  headers: { 'content-type': 'text/html' },
  body: { id: 1, at: '2026-01-01T00:00:00Z', items: [{ id: 1 }, { id: 2 }] },
};

/** What somebody writes who comes from elsewhere, and what comes of the advice as it stands there. */
const pasted: readonly [string, Value | undefined][] = [
  // JavaScript, and tools that are written in it.
  ['isNaN(x)', false],
  ['Number.isNaN(text)', true],
  ['isFinite(x)', true],
  ['Number(digits)', 42],
  ['Number.parseInt(digits)', 42],
  ['parseInt(digits, 10)', 42],
  ['parseFloat(digits)', 42],
  ['Number.isInteger(x)', false],
  ['JSON.parse(raw)', { a: 1 }],
  ['JSON.stringify(list)', '[\n  3,\n  1,\n  2\n]'],
  ['x.toFixed(2)', 3.76],
  ['x.toFixed()', 4],
  ['(x + 1).toFixed(1)', 4.8],
  ['text.includes("b")', true],
  ['list.includes(2)', true],
  ['includes(text, "b")', true],
  ['text.startsWith("ab")', true],
  ['text.length', 6],
  ['text.charAt(1)', 'b'],
  ['text.substr(1, 2)', 'bc'],
  ['text.substring(1, 3)', 'bc'],
  ['substring(text, 1, 3)', 'bc'],
  ['text.concat("x")', 'abcabcx'],
  ['list.push(4)', [3, 1, 2, 4]],
  ['list.length', 3],
  ['Object.keys(body)', ['id', 'at', 'items']],
  ['Array.isArray(list)', true],
  ['Math.floor(x)', 3],
  ['Math.max(1, x)', 3.756],
  ['Math.pow(2, 3)', 8],
  ['Math.sqrt(16)', 4],
  ['Date.parse(body.at)', 1_767_225_600_000],
  ['moment(body.at).unix()', undefined],
  ['now().toISOString()', '2026-01-31T10:00:00Z'],
  ['_.get(body, "id")', 1],
  ['assert.strictEqual(status, 200)', true],
  ['header("content-type")', 'text/html'],
  // Python.
  ['re.match("ab", text)', true],
  ['re.search("[0-9]", text)', false],
  ['text.startswith("ab")', true],
  ['text.isdigit()', false],
  ['digits.isdigit()', true],
  ['text.count("a")', 2],
  ['list.count(2)', 1],
  ['text.find("b")', 1],
  ['text.lstrip()', 'abcabc'],
  ['round(x, 2)', 3.76],
  ['range(3)', [0, 1, 2]],
  ['range(1, 3)', [1, 2]],
  ['sorted(list)', [1, 2, 3]],
  ['json.loads(raw)', { a: 1 }],
  ['math.isclose(x, 3.756)', true],
  ['datetime.now()', undefined],
  ['bool("true")', true],
  // Others.
  ['starts_with(text, "ab")', true],
  ['is_email("a@b.c")', true],
  ['is_url("http://a")', true],
  ['undefined(x)', false],
  ['isNull(x)', false],
  ['gt(x, 1)', true],
  ['x.greaterThan(1)', true],
  ['between(x, 1, 2)', false],
  ['x.in(list)', false],
  ['oneOf(status, [200, 201])', true],
  ['deepEqual(list, [3, 1, 2])', true],
  ['tail(list)', [1, 2]],
  ['nth(list, 1)', 1],
  ['pluck(body.items, "id")', [1, 2]],
  ['body.items[*].id', [1, 2]],
  ['body.items.*.id', [1, 2]],
  ['body.items[?(@.id == 2)]', [{ id: 2 }]],
  ['match each list == "#number"', true],
  ['match body contains {id: 1}', true],
  ['now() - 1d < now()', undefined],
];

describe('advice for words of other languages', () => {
  it.each(pasted)('works as it stands for %s', (source, wanted) => {
    const advice = adviseOn(source);
    const [, written = ''] = /`(.+?)`(?:$|[ ,?])/.exec(advice) ?? [];
    const value = run(advice.startsWith('did you mean') && !written.includes('(') ? swap(source, written) : written);
    if (wanted === undefined) expect(written).not.toBe('');
    else expect(value).toEqual(wanted);
  });

  it.each(['omit(body, "id")', 'merge(body, body)', 'convert(x)', 'cast(x, "int")', 'title(text)', 'chunk(list, 2)'])(
    'guesses nothing for %s',
    (source) => {
      expect(adviseOn(source)).toBe('');
    },
  );
});

function swap(source: string, name: string): string {
  return source.replace(/^\w+/, name);
}

function run(source: string): Value {
  return compile(source, { functions: createFunctions() }).evaluate(createEnv(names), host);
}

function adviseOn(source: string): string {
  try {
    compile(source, { functions: createFunctions(), names: new Set(Object.keys(names)) }).evaluate(
      createEnv(names),
      host,
    );
  } catch (error) {
    if (error instanceof ExprError) return error.hint ?? '';
    throw error;
  }
  throw new Error(`${source} is no mistake`);
}
