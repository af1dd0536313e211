import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DateValue, ExactNumber, isMap, parseJson, stringifyJson, type Value } from '../../src/expr/index.ts';
import { repeats } from '../support/sample.ts';
import { catchError } from './support.ts';

const exactTexts = [
  '9007199254740993',
  '-12345678901234567890',
  '0.1234567890123456789',
  '1e400',
  '1.00000000000000000001',
  '123456789012345678e-2',
];
const doubleTexts: readonly [string, number][] = [
  ['9007199254740992', 9007199254740992],
  ['59.9800', 59.98],
  ['59.980000000000000000', 59.98],
  ['1e3', 1000],
  ['0.10000000000000000', 0.1],
  ['1.7976931348623157e308', 1.7976931348623157e308],
  ['5e-324', 5e-324],
];

describe('JSON', () => {
  it.each(exactTexts)('keeps %s digit for digit', (text) => {
    expect(parseJson(text)).toEqual(new ExactNumber(text));
    expect(stringifyJson(parseJson(`{"a": [${text}]}`))).toBe(`{"a":[${text}]}`);
  });

  it.each(doubleTexts)('reads %s as a double', (text, value) => {
    expect(parseJson(text)).toBe(value);
    expect(parseJson(`[ ${text},12345678901234567890]`)).toEqual([value, new ExactNumber('12345678901234567890')]);
  });

  it.each(['', '{', '[1,]', '{"a":1,}', 'nan', '[9007199254740993', '01', '12345678901234567890x'])(
    'refuses %j',
    (text) => {
      expect(catchError(() => parseJson(text)).message).toMatch(/^the text is not JSON: /);
    },
  );

  it('takes the last of repeated keys and `__proto__` as a key, exact numbers or not', () => {
    for (const extra of ['', ', "n": 12345678901234567890']) {
      const map = parseJson(`{"a": 1, "a": 2, "__proto__": {"x": 1}${extra}}`);
      expect(isMap(map) && map['a']).toBe(2);
      expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
      expect(stringifyJson(map)).toContain('"__proto__":{"x":1}');
    }
  });

  it('does not take digits in texts for numbers', () => {
    const text = '{"id":"12345678901234567890","at":": 12345678901234567890"}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, 4), (value, indent) => {
        expect(stringifyJson(value as Value, indent)).toBe(JSON.stringify(value, null, indent));
        expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: repeats('values as JSON', 300) },
    );
  });

  it('writes dates as text, and refuses what JSON has no word for', () => {
    expect(stringifyJson([new DateValue(1_500_000_000n)])).toBe('["1970-01-01T00:00:01.5Z"]');
    expect(catchError(() => stringifyJson([Number.NaN])).message).toContain('does not exist in JSON');
  });

  it('writes exact numbers that JSON cannot spell', () => {
    expect(stringifyJson(new ExactNumber('+5'))).toBe('5');
    expect(stringifyJson(new ExactNumber('.5'))).toBe('0.5');
    expect(stringifyJson(new ExactNumber('007'))).toBe('7');
  });
});
