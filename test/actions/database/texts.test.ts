import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArray } from '../../../src/actions/database/values/array-text.ts';
import { writeParameter } from '../../../src/actions/database/values/parameter-text.ts';
import { readInterval, readTimestamp } from '../../../src/actions/database/values/time-text.ts';
import { DateValue, ExactNumber, type Value } from '../../../src/expr/index.ts';

describe('readArray', () => {
  it.each([
    ['{}', []],
    ['{a,b}', ['a', 'b']],
    ['{NULL,"NULL",""}', [null, 'NULL', '']],
    ['{"a,b","{c}","d\\"e\\\\f"}', ['a,b', '{c}', 'd"e\\f']],
    [
      '{{a,b},{c,d}}',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['[0:1]={a,b}', ['a', 'b']],
    ['1 2', undefined],
    ['{a', undefined],
  ])('%s', (text, expected) => {
    expect(readArray(text, (item) => item)).toEqual(expected);
  });

  it('reads what is written for a parameter', () => {
    const items = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(null)));
    fc.assert(
      fc.property(items, (value) => {
        expect(readArray(writeParameter(value) ?? '', (item) => item)).toEqual(value);
      }),
    );
  });
});

describe('writeParameter', () => {
  it('of very deep lists is what Postgres refuses', () => {
    let deep: Value = [1];
    for (let depth = 1; depth < 20_000; depth++) deep = [deep];
    expect(writeParameter(deep, 1007)).toBe('{{{{{{{NULL}}}}}}}');
    expect(writeParameter(deep, 3802)).toHaveLength(2 * 20_000 + 1);
  });

  it.each<[Value, number | undefined, string | null]>([
    [null, undefined, null],
    ['x', undefined, 'x'],
    [1.5, undefined, '1.5'],
    [true, undefined, 'true'],
    [new ExactNumber('12345678901234567890.10'), undefined, '12345678901234567890.10'],
    [DateValue.fromMilliseconds(0), undefined, '1970-01-01T00:00:00Z'],
    [{ a: [1] }, undefined, '{"a":[1]}'],
    [[1, null, 'a"b'], 1009, '{"1",NULL,"a\\"b"}'],
    [[1, 'x'], 3802, '[1,"x"]'],
    [[1, 'x'], 25, '[1,"x"]'],
    [[[1], [2]], 1007, '{{"1"},{"2"}}'],
    [[{ a: 1 }], 3807, '{"{\\"a\\":1}"}'],
  ])('case %#', (value, typeId, expected) => {
    expect(writeParameter(value, typeId)).toBe(expected);
  });
});

describe('readTimestamp', () => {
  it.each([
    ['2026-01-31 10:00:00+00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31 10:00:00.5+02', '2026-01-31T08:00:00.500Z'],
    ['2026-01-31 23:30:00.123456-05:30', '2026-02-01T05:00:00.123456Z'],
    ['2026-01-31 10:00:00.123000', '2026-01-31T10:00:00.123'],
    ['2026-01-31 10:00:00.000001', '2026-01-31T10:00:00.000001'],
    ['1883-11-18 12:00:00-07:52:58', '1883-11-18T19:52:58.000Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['infinity', 'infinity'],
    ['0044-03-15 00:00:00 BC', '0044-03-15 00:00:00 BC'],
  ])('%s', (text, expected) => {
    expect(readTimestamp(text)).toBe(expected);
  });
});

describe('readInterval', () => {
  it.each([
    ['1 year 2 mons 3 days 04:05:06.789', 'P1Y2M3DT4H5M6.789S'],
    ['-1 years -2 mons +3 days -04:05:06', 'P-1Y-2M3DT-4H-5M-6S'],
    ['00:00:00', 'PT0S'],
    ['1 day', 'P1D'],
    ['-00:00:00.5', 'PT-0.5S'],
    ['100:00:00', 'PT100H'],
    ['P1D', 'P1D'],
  ])('%s', (text, expected) => {
    expect(readInterval(text)).toBe(expected);
  });
});
