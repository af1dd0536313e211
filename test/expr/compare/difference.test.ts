import { describe, expect, it } from 'vitest';
import {
  compareValues,
  describeType,
  ExactNumber,
  findNearestKey,
  formatValue,
  isEqual,
  matchesPartial,
  type Value,
} from '../../../src/expr/index.ts';
import { catchError } from '../support.ts';

const partial: readonly [Value, Value, readonly string[]][] = [
  [{ a: 1, b: 2 }, { a: 1 }, []],
  [{ a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1 } } }, []],
  [{ a: 1 }, { a: '1' }, ['a']],
  [{ a: 1 }, { b: 1 }, ['b']],
  [{ a: [1, { x: 1, y: 2 }] }, { a: [1, { x: 1 }] }, []],
  [{ a: [1, 2] }, { a: [1] }, ['a[1]']],
  [{ a: null }, { a: null }, []],
  [{}, { a: null }, ['a']],
  [7, 7, []],
  ['a', { a: 1 }, ['']],
  [{ n: new ExactNumber('7.0') }, { n: 7 }, []],
  [{ 'odd key': { b: 1 } }, { 'odd key': { b: 2 } }, ['["odd key"].b']],
];

describe('values', () => {
  it.each(partial)('%j has the fields of %j but for %j', (actual, expected, paths) => {
    const { ok, differences } = matchesPartial(actual, expected);
    expect(differences.map(({ path }) => path)).toEqual(paths);
    expect(ok).toBe(paths.length === 0);
  });

  it('compare by value', () => {
    expect(isEqual({ a: [1] }, { a: [new ExactNumber('1.00')] })).toBe(true);
    expect(compareValues(new ExactNumber('-1e30'), 5)).toBeLessThan(0);
    expect(compareValues(0.1, new ExactNumber('0.1000000000000000000001'))).toBeLessThan(0);
    expect(catchError(() => compareValues('a', 1)).message).toBe('cannot compare string with int');
  });

  it('are written for people', () => {
    expect(formatValue('a "b"\n')).toBe('"a \\"b\\"\\n"');
    expect(formatValue({ a: [1, null, new ExactNumber('1e400')] })).toBe('{"a": [1, nil, 1e400]}');
    expect(formatValue('x'.repeat(500), 10)).toBe('"xxxxxxxxx… (500 characters)');
    expect(
      formatValue(
        Array.from({ length: 5000 }, (_, i) => i),
        12,
      ),
    ).toBe('[0, 1, 2, 3,… (5000 items)');
    expect([null, true, 7, 7.5, 'x', [], {}].map(describeType)).toEqual([
      'nil',
      'bool',
      'int',
      'float',
      'string',
      'array',
      'map',
    ]);
  });

  it('have near names', () => {
    expect(findNearestKey('user_id', ['order', 'userId'])).toBe('userId');
    expect(findNearestKey('stauts', ['status', 'state'])).toBe('status');
    expect(findNearestKey('zzz', ['status'])).toBeUndefined();
  });
});
