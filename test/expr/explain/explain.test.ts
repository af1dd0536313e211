import { describe, expect, it } from 'vitest';
import { compile, type FunctionDef, formatValue, type Value } from '../../../src/expr/index.ts';
import { createEnv, host } from '../support.ts';

const names: { readonly [name: string]: Value } = {
  status: 200,
  total: 10,
  ok: 'true',
  name: 'Blue Mug',
  xs: [1, 2, 3],
  none: null,
  body: {
    userId: 3,
    items: [
      { sku: 'A', price: 5 },
      { sku: 'B', price: 6 },
    ],
    tags: ['x', 'y'],
  },
};

const parts: readonly [string, readonly string[]][] = [
  ['status == 201', ['status = 200']],
  ['status == 200 && total > 20', ['status == 200 = true', 'status = 200', 'total > 20 = false', 'total = 10']],
  ['status == 500 && total > 20', ['status == 500 = false', 'status = 200']],
  [
    'body.items[0].price * 2 == total + 1',
    ['body.items[0].price * 2 = 10', 'body.items[0].price = 5', 'total + 1 = 11', 'total = 10'],
  ],
  ['len(xs) == 4', ['len(xs) = 3', 'xs = [1, 2, 3]']],
  ['xs[status - 199] == 9', ['xs[status - 199] = 2', 'status - 199 = 1', 'status = 200']],
  ['all(xs, # > 1)', ['xs = [1, 2, 3]']],
  ['all(xs, # > 1) and status == 2', ['all(xs, # > 1) = false', 'xs = [1, 2, 3]']],
  ['body.items[7].price == 1', ['body.items = [{"sku": "A", "price": 5}, {"sku": "B", "price": 6}]']],
  ['body.missing?.deep == 1', ['body.missing?.deep = nil']],
  ['2 not in xs', ['xs = [1, 2, 3]']],
  ['name not contains "Mug"', ['name = "Blue Mug"']],
  ['name not startsWith "Blue" and ok', ['name not startsWith "Blue" = false', 'name = "Blue Mug"']],
  ['not (status == 200)', ['status == 200 = true', 'status = 200']],
  ['status == 1 or status == 2', ['status == 1 = false', 'status = 200', 'status == 2 = false']],
];

describe('explain', () => {
  it.each(parts)('tells the parts of %s', (source, expected) => {
    const explanation = compile(source).explain(createEnv(names), host);
    expect(explanation.parts.map((part) => `${part.text} = ${formatValue(part.value)}`)).toEqual(expected);
  });

  it('lists every place where lists and maps differ', () => {
    const source = 'status == 200 and body == {userId: 4, items: [{sku: "A", price: 5}, {sku: "C"}], "odd key": 1}';
    expect(compile(source).explain(createEnv(names), host).difference).toEqual([
      { kind: 'changed', path: 'body.userId', expected: 4, actual: 3 },
      { kind: 'changed', path: 'body.items[1].sku', expected: 'C', actual: 'B' },
      { kind: 'extra', path: 'body.items[1].price', actual: 6 },
      { kind: 'missing', path: 'body["odd key"]', expected: 1 },
      { kind: 'extra', path: 'body.tags', actual: ['x', 'y'] },
    ]);
  });

  it('takes what stands in the expression as expected, on either side', () => {
    expect(compile('[1, 2] == xs').explain(createEnv(names)).difference).toEqual([
      { kind: 'extra', path: 'xs[2]', actual: 3 },
    ]);
    expect(compile('xs == [1, 2, 3]').explain(createEnv(names)).difference).toBeUndefined();
  });

  it('lists differences of each condition that is false, and of long texts and JSON texts', () => {
    const long = 'x'.repeat(100);
    const env = createEnv({ a: [1], b: [2], text: `${long}a`, json: '{"n": 1}' });
    const paths = (source: string) =>
      compile(source)
        .explain(env)
        .difference?.map(({ path }) => path);
    expect(paths('a == [2] or b == [1]')).toEqual(['a[0]', 'b[0]']);
    expect(paths('a == [1] and b == [1]')).toEqual(['b[0]']);
    expect(paths('let c = a; c == [3]')).toEqual(['c[0]']);
    expect(paths('true ? a == [2] : false')).toEqual(['a[0]']);
    expect(paths(`text == "${long}b"`)).toEqual(['text']);
    expect(paths('text == "short"')).toEqual(['text']);
    expect(paths(`json == '{"n": 2}'`)).toEqual(['fromJSON(json).n']);
    expect(paths('not (a == [1])')).toBeUndefined();
  });

  it('keeps both sides of a comparison with several differences, unless they are large', () => {
    const env = createEnv({ a: { x: 1, y: 2 }, big: { x: 'x'.repeat(300_000), y: 2 } });
    expect(compile('a == {x: 2, y: 3}').explain(env).compared).toEqual({
      path: 'a',
      actual: { x: 1, y: 2 },
      expected: { x: 2, y: 3 },
    });
    expect(compile('a == {x: 1, y: 3}').explain(env).compared).toBeUndefined();
    expect(compile('big == {x: 1, y: 3}').explain(env).compared).toBeUndefined();
  });

  it('keeps ten thousand differences and counts the rest', () => {
    const env = createEnv({ a: Array.from({ length: 12_000 }, (_, i) => i), b: new Array(12_000).fill('x') });
    const { difference, differenceCount } = compile('a == b').explain(env);
    expect([difference?.length, differenceCount]).toEqual([10_000, 12_000]);
  });

  it('asks a function of the flow where its arguments differ', () => {
    const call = () => false;
    const definition: FunctionDef = {
      ...{ name: 'fits', minArgs: 1, maxArgs: 1, pure: true, summary: '', call },
      differences: (args, path) => [{ kind: 'missing', path: `${path}.z`, expected: args.length }],
      explain: () => ['it never fits'],
    };
    const explanation = compile('fits(xs)', { functions: new Map([['fits', definition]]) }).explain(createEnv(names));
    expect(explanation.difference).toEqual([{ kind: 'missing', path: 'xs.z', expected: 1 }]);
    expect(explanation.hints).toEqual(['it never fits']);
  });

  it('tells an error and the parts that were known by then', () => {
    const explanation = compile('status == 200 and body.items[5].sku == "A"').explain(createEnv(names), host);
    expect(explanation.value).toBeUndefined();
    expect(explanation.error?.message).toBe('index `5` is out of range: the array has 2 items');
    expect(explanation.parts.map((part) => part.text)).toEqual(['status == 200', 'status', 'body.items']);
  });

  it('evaluates once, so that impure calls tell the values that counted', () => {
    let count = 0;
    const next: FunctionDef = { name: 'next', minArgs: 0, maxArgs: 0, pure: false, summary: '', call: () => ++count };
    const expression = compile('next() == 7 and next() == 8', { functions: new Map([['next', next]]) });
    expect(expression.isPure).toBe(false);
    const explanation = expression.explain(createEnv(), host);
    expect(explanation.parts.map((part) => [part.text, part.value])).toEqual([
      ['next() == 7', false],
      ['next()', 1],
    ]);
    expect(count).toBe(1);
  });

  it('knows what is pure', () => {
    expect(compile('len(xs) > 1').isPure).toBe(true);
    expect(compile('now() > date("2024-01-01")').isPure).toBe(false);
  });
});
