import { describe, expect, it } from 'vitest';
import { compile, type FunctionDef, formatValue, type Value } from '../../src/expr/index.ts';
import { createEnv, host } from './support.ts';

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
  ['all(xs, # > 1)', ['all(xs, # > 1) = false', 'xs = [1, 2, 3]']],
  ['body.items[7].price == 1', ['body.items = [{"sku": "A", "price": 5}, {"sku": "B", "price": 6}]']],
  ['body.missing?.deep == 1', ['body.missing?.deep = nil']],
  ['not (status == 200)', ['status == 200 = true', 'status = 200']],
  ['status == 1 or status == 2', ['status == 1 = false', 'status = 200', 'status == 2 = false']],
];

const hints: readonly [string, readonly string[]][] = [
  ['status == "200"', ['int 200 is not string "200": a number never equals a text']],
  ['"200" == status', ['int 200 is not string "200": a number never equals a text']],
  ['status in ["200", "201"]', ['int 200 is never string "200"']],
  ['true == ok', ['bool true is not string "true": leave out the quotes']],
  ['body.user_id == 3', ['`body` has no `user_id`, but `userId`']],
  ['body.nope == 3', ['`body` has no `nope`; its keys are `userId`, `items`, `tags`']],
  ['xs == 1', ['`xs` is an array: take an item, as in `xs[0]`, or test with `… in xs`']],
  ['name == "blue mug"', ['the texts differ in case alone: compare `lower(…)`']],
  ['name == "Blue Mug "', ['the texts differ in blanks at an end alone']],
  ['status', ['the value is int, not bool: compare it with something, as in `… == 200`']],
  ['status == 200', []],
  ['none.x == 1', ['use `?.` where nil is expected']],
];

describe('explain', () => {
  it.each(parts)('tells the parts of %s', (source, expected) => {
    const explanation = compile(source).explain(createEnv(names), host);
    expect(explanation.parts.map((part) => `${part.text} = ${formatValue(part.value)}`)).toEqual(expected);
  });

  it.each(hints)('hints at what is wrong with %s', (source, expected) => {
    expect(compile(source).explain(createEnv(names), host).hints).toEqual(expected);
  });

  it('lists every place where lists and maps differ', () => {
    const source = 'status == 200 and body == {userId: 4, items: [{sku: "A", price: 5}, {sku: "C"}], "odd key": 1}';
    expect(compile(source).explain(createEnv(names), host).difference).toEqual([
      { path: 'body.userId', expected: 4, actual: 3 },
      { path: 'body.items[1].sku', expected: 'C', actual: 'B' },
      { path: 'body.items[1].price', actual: 6 },
      { path: 'body["odd key"]', expected: 1 },
      { path: 'body.tags', actual: ['x', 'y'] },
    ]);
  });

  it('takes what stands in the expression as expected, on either side', () => {
    expect(compile('[1, 2] == xs').explain(createEnv(names)).difference).toEqual([{ path: 'xs[2]', actual: 3 }]);
    expect(compile('xs == [1, 2, 3]').explain(createEnv(names)).difference).toBeUndefined();
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
