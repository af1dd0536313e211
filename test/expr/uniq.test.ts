import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCaselessMap, DateValue, ExactNumber, isEqual, type Value } from '../../src/expr/index.ts';
import { repeats } from '../support/sample.ts';
import { evaluate } from './support.ts';

const inFullRun = it.runIf(repeats('further tests of uniq', 1, 0) > 0);

const exact = (text: string): Value => new ExactNumber(text);
const uniq = (list: readonly Value[]): readonly Value[] => evaluate('uniq(list)', { list }) as readonly Value[];

/** Each with each: what equal means, without a short cut. */
function compareAll(list: readonly Value[]): Value[] {
  const kept: Value[] = [];
  for (const item of list) if (!kept.some((other) => isEqual(other, item))) kept.push(item);
  return kept;
}

const small = fc.constantFrom<Value>(
  ...[0, -0, 1, 1.5, 59.98, 2 ** 53, '1', 'a', '', true, false, null],
  ...[exact('1'), exact('1.50'), exact('59.980'), exact('9007199254740993'), exact('9007199254740993.0'), exact('0.0')],
  ...[new DateValue(5n, 'UTC'), new DateValue(5n, 'Europe/Berlin'), new DateValue(5000n, 'UTC')],
);
const { value: any } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    small,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(fc.tuple(fc.constantFrom('A', 'a', 'b'), tie('value')), { maxLength: 1 }).map(createCaselessMap),
  ),
}));

describe('uniq', () => {
  it.each<[string, readonly Value[], number]>([
    ['numbers in either carrier', [1, exact('1.0'), exact('1'), 1.0], 1],
    ['numbers beyond a double', [exact('9007199254740993'), 9007199254740992, exact('9007199254740993.0')], 2],
    ['maps with numbers in either carrier', [{ n: 59.98 }, { n: exact('59.980') }, { n: exact('59.98') }], 1],
    [
      'maps whose keys stand in another order',
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      1,
    ],
    [
      'lists in another order, which differ',
      [
        [1, 2],
        [2, 1],
      ],
      2,
    ],
    ['headers in any case', [createCaselessMap([['Via', 'x']]), createCaselessMap([['via', 'x']])], 1],
    ['the same moment in two zones', [new DateValue(5n, 'UTC'), new DateValue(5n, 'Europe/Berlin')], 1],
    ['long texts that differ in the middle', [['x'.repeat(501)], [`${'x'.repeat(250)}y${'x'.repeat(250)}`]], 2],
    ['0 and -0', [[0], [-0]], 1],
  ])('takes as equal what == does: %s', (_title, list, count) => {
    expect(uniq(list)).toHaveLength(count);
    expect(uniq(list)).toEqual(compareAll(list));
  });

  it('keeps what comparing each with each keeps', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (list) => {
        const kept = uniq(list);
        expect(kept).toHaveLength(compareAll(list).length);
        expect(kept.every((item, index) => kept.findIndex((other) => isEqual(other, item)) === index)).toBe(true);
      }),
      { numRuns: repeats('lists for uniq', 500) },
    );
  });

  inFullRun('takes a large list of maps within the limits of one evaluation', () => {
    const list = Array.from({ length: 100_000 }, (_, index) => ({ id: index % 60_000, total: 9.5, tags: ['a', 'b'] }));
    expect(uniq(list)).toHaveLength(60_000);
  });
});
