import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/expr/index.ts';
import { repeats, sample } from '../support/sample.ts';
import { catchError, findPath } from './support.ts';

const inFullRun = it.runIf(repeats('further tests of costly paths', 1, 0) > 0);

const costly: readonly (readonly [string, Value])[] = [
  ['$..*..*..*..*..*', nest(60)],
  [`$${'[*,*]'.repeat(40)}`, nest(50)],
  ['$..[?$..[?$..[?$..zzz]]]', nest(80)],
  ['$[?count(1..900000, # > 0) > 0]', Array.from({ length: 20_000 }, (_, id) => ({ id }))],
  ['$[?match(@, "([a-z]?){500}[0-9]")]', Array.from({ length: 20_000 }, () => 'x'.repeat(50))],
  ['$[?match(@, $[0])]', Array.from({ length: 20_000 }, (_, at) => `(${'[a-z]?'.repeat(100)}){9}${at}`)],
  ['$..*', nest(3000)],
];

describe('the cost of a path', () => {
  const overBudget = expect.objectContaining({ name: 'ExprError', kind: 'budget' });

  it.each(sample('paths over budget', costly, { count: 0 }))('%s ends', (path, value) => {
    expect(() => findPath(path, value)).toThrow(overBudget);
  });

  inFullRun('is that of one evaluation, and says what to do', () => {
    const small = nest(30);
    for (let round = 0; round < 50; round++) expect(findPath('$..a', small)).toHaveLength(31);
    expect(() => findPath('$..a..a..a..zzz', nest(120))).toThrow(
      expect.objectContaining({
        hint: 'each `..` looks below everything that the one before it found: name the parts in between',
      }),
    );
  });

  inFullRun('is no matter for what is deep or large but looked at once', () => {
    expect(findPath('$..b', nest(1500, { b: 7 }))).toEqual([7]);
    const list = Array.from({ length: 200_000 }, (_, id) => ({ id }));
    expect(findPath('$[?@.id >= 0]..id', list)).toHaveLength(200_000);
  });

  it('is not hidden by a condition that is an expression', () => {
    const twice = [{ id: 1 }, { id: 2 }];
    expect(catchError(() => findPath('$[?len(1..900000) > @.id]', twice))).toEqual(overBudget);
    expect(catchError(() => findPath('$[?@.x == len(1..900000)]', twice))).toEqual(overBudget);
  });
});

/** `{"a": {"a": …}}` */
function nest(levels: number, inner: Value = { a: 1 }): Value {
  let value = inner;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}
