import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createCaselessMap,
  DateValue,
  DurationValue,
  decodeValue,
  ExactNumber,
  encodeValue,
  formatValue,
  readKey,
  setKey,
  type Value,
} from '../../../src/expr/index.ts';
import { repeats } from '../../support/sample.ts';

const table: readonly [Value, unknown][] = [
  [null, null],
  [1.5, 1.5],
  ['x', 'x'],
  [Number.NaN, { $number: 'NaN' }],
  [Number.POSITIVE_INFINITY, { $number: 'Infinity' }],
  [-0, { $number: '-0' }],
  [new ExactNumber('9007199254740993'), { $number: '9007199254740993' }],
  [new DurationValue(5n), { $duration: '5' }],
  [new DateValue(7n, 'Europe/Berlin'), { $date: ['7', 'Europe/Berlin'] }],
  [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
  [{ $ref: '#/x' }, { $escaped: { $ref: '#/x' } }],
  [{ $number: '1' }, { $escaped: { $number: '1' } }],
  [{ $escaped: { a: 1 } }, { $escaped: { $escaped: { a: 1 } } }],
  [
    { $a: 1, $b: 2 },
    { $a: 1, $b: 2 },
  ],
  [
    new Map<Value, Value>([
      [1, 'x'],
      [true, { $ref: 1 }],
    ]),
    {
      $map: [
        [1, 'x'],
        [true, { $escaped: { $ref: 1 } }],
      ],
    },
  ],
];

describe('the codec', () => {
  it.each(table.map(([value, encoded]) => ({ shown: formatValue(value), value, encoded })))(
    'writes $shown so that it comes back',
    ({ value, encoded }) => {
      expect(encodeValue(value)).toEqual(encoded);
      expect(decodeValue(JSON.parse(JSON.stringify(encoded)))).toEqual(value);
    },
  );

  it('keeps maps whose keys match in any case', () => {
    const headers = createCaselessMap([['Content-Type', 'a']]);
    const back = decodeValue(JSON.parse(JSON.stringify(encodeValue(headers))));
    expect(readKey(back as typeof headers, 'content-type')).toBe('a');
  });

  it('brings every value back', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(value))))).toEqual(value);
      }),
      { numRuns: repeats('values that are coded', 300) },
    );
  });
});

const key = fc.oneof(
  fc.string(),
  fc.constantFrom('$number', '$date', '$escaped', '$map', '$headers', '__proto__', 'a'),
);
const { values } = fc.letrec<{ values: Value }>((tie) => ({
  values: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.string(),
    fc.bigInt().map((digits) => new ExactNumber(String(digits))),
    fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }).map((nanoseconds) => new DurationValue(nanoseconds)),
    fc.bigInt({ min: 0n, max: 2n ** 62n }).map((nanoseconds) => new DateValue(nanoseconds)),
    fc.array(tie('values')),
    fc.array(fc.tuple(key, tie('values'))).map((entries) => {
      const map: { [name: string]: Value } = {};
      for (const [name, value] of entries) setKey(map, name, value);
      return map;
    }),
  ),
}));
