import { describe, expect, it } from 'vitest';
import { compareSaid, type Sameness } from '../../../src/agree/words/same-value.ts';
import { parseJson } from '../../../src/expr/index.ts';

/** Two values as JSON, what they come to, and what they come to where somebody says that they are the same. */
const cases: readonly (readonly [a: string, b: string, loose: Sameness, strict: Sameness])[] = [
  ['1299', '1299.00', 'same', 'same'],
  ['1299', '"1299.00"', 'same', 'same'],
  ['"59.90"', '"59.9"', 'same', 'same'],
  ['59.98', '5998', 'different', 'different'],
  ['0.1', '0.10000000000000001', 'same', 'same'],
  ['60.28', '60.279999999999994', 'same', 'same'],
  ['60', '60.279999999999994', 'different', 'different'],
  ['60.28', '60.29', 'different', 'different'],
  ['9007199254740992', '9007199254740993', 'different', 'different'],
  ['1e3', '1000', 'same', 'same'],
  ['"002"', '"2"', 'same', 'same'],
  ['1', '"pending"', 'unlike', 'different'],
  ['null', '1', 'unlike', 'different'],
  ['null', 'null', 'same', 'same'],
  ['true', '1', 'same', 'same'],
  ['true', '"false"', 'different', 'different'],
  ['true', '"yes"', 'unlike', 'different'],
  ['"pending"', '"PENDING"', 'same', 'different'],
  ['"pending"', '"ORDER_STATUS_PENDING"', 'same', 'different'],
  ['"pending"', '"confirmed"', 'different', 'different'],
  ['"in transit"', '"IN_TRANSIT"', 'same', 'different'],
  ['"suspending"', '"pending"', 'different', 'different'],
  ['"Zoë"', '"Zoe\\u0308"', 'same', 'same'],
  ['"Zoë"', '"ZoÃ«"', 'different', 'different'],
  ['""', '"x"', 'unlike', 'different'],
  ['"a long text…"', '"a long text that goes on"', 'same', 'different'],
  ['"a long text"', '"a long text that goes on"', 'different', 'different'],
  ['"users/7a"', '"7a"', 'same', 'different'],
  ['"users/17a"', '"7a"', 'different', 'different'],
  ['"**** 4242"', '"4242424242424242"', 'unlike', 'different'],
  ['"{\\"a\\":1}"', '"{ \\"a\\": 1 }"', 'unlike', 'different'],
  ['"2026-01-31T10:00:00Z"', '"2026-01-31T11:00:00+01:00"', 'same', 'same'],
  ['"2026-01-31T10:00:00.123Z"', '"2026-01-31 10:00:00.123456+00"', 'same', 'same'],
  ['"2026-01-31T10:00:00.123Z"', '"2026-01-31T10:00:00.456Z"', 'same', 'different'],
  ['"2026-01-31T10:00:00.123Z"', '"2026-01-31T10:00:01.456Z"', 'same', 'different'],
  ['"2026-01-31T10:00:00.123Z"', '"2026-01-31T10:01:01.456Z"', 'different', 'different'],
  ['"DE"', '"Germany"', 'unlike', 'different'],
  ['"DE"', '"FR"', 'different', 'different'],
  ['"2026-01-31T10:00:00Z"', '"2026-01-31T10:00:00"', 'unlike', 'different'],
  ['"2026-01-31"', '"2026-01-30"', 'different', 'different'],
  ['"2026-01-31"', '"2026-01-31T00:00:00Z"', 'unlike', 'different'],
  ['"2026-13-41T10:00:00Z"', '"2026-01-31T10:00:00Z"', 'unlike', 'unlike'],
  ['["a","b"]', '["b","a"]', 'same', 'same'],
  ['["a","b"]', '["b","c"]', 'different', 'different'],
  ['["a","b"]', '["a"]', 'unlike', 'different'],
  ['["a"]', '"a"', 'unlike', 'different'],
];

describe('compareSaid', () => {
  it.each(cases)('%s and %s', (a, b, loose, strict) => {
    const [left, right] = [parseJson(a), parseJson(b)];
    for (const [x, y] of [
      [left, right],
      [right, left],
    ] as const) {
      expect(compareSaid(x, y, { isStrict: false })).toBe(loose);
      expect(compareSaid(x, y, { isStrict: true })).toBe(strict);
    }
  });
});
