import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/expr/index.ts';
import { createFunctions } from '../../../src/functions/registry.ts';
import { remarksOf } from './remarked.ts';

const functions = createFunctions();

describe('an expression', () => {
  it.each([
    'all(a, .b == 1)',
    'x == 1 and len(filter(a, .b > 1)) == 0',
    'a < b',
    'a >= "2024"',
    'a contains b',
    'a startsWith ""',
    'a matches b',
    'a.b == c.d',
    'contains_all(a, b)',
    'matches_partial(a, b)',
  ])('may have something to remark: %s', (source) => {
    expect(compile(source, { functions }).mayRemark).toBe(true);
  });

  it.each(['status == 200', 'a.b < 5', '1 <= a', 'a contains "x"', 'len(a) > 0', 'count(a) == 1', 'a matches "x"'])(
    'has nothing to remark, which is known before it is evaluated: %s',
    (source) => expect(compile(source, { functions }).mayRemark).toBe(false),
  );

  it('remarks nothing where nobody listens, and all that it may say where somebody does', () => {
    const said: string[] = [];
    const env = new Map(Object.entries({ a: [{ b: 1 }], c: 'x', d: '' }));
    const expression = compile('none(a, .bb == 1) and c contains d', { functions });
    expect(expression.evaluate(env)).toBe(true);
    expect(expression.evaluate(env, { now: () => 0, onRemark: (text) => said.push(text) })).toBe(true);
    expect(said).toEqual(['no item of `a` has `bb`; there is `b`', '`c contains d` holds of every text: `d` is empty']);
  });

  it('says that a key stands twice in what `fromJSON` reads', () => {
    const text = '{"a": 1, "b": {"c": 1, "c": 2}}';
    const note = '`c` occurs twice as a key in a map that `fromJSON` reads: the last one counts';
    expect(remarksOf('fromJSON(text).b.c == 2', { text })).toEqual([note]);
    expect(remarksOf('fromJSON(text).a == 1', { text: '{"a": 1}' })).toEqual([]);
  });

  it('looks at no list further than it can be quick', () => {
    const said: string[] = [];
    const host = { now: () => 0, onRemark: (text: string) => said.push(text) };
    const none = compile('none(a, .bb == 1)');
    const listOf = (count: number) => new Map([['a', Array.from({ length: count }, () => ({ b: 1 }))]]);
    none.evaluate(listOf(10_001), host);
    expect(said).toEqual([]);
    none.evaluate(listOf(10_000), host);
    expect(said).toHaveLength(1);
  });
});
