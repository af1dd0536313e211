import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DateValue,
  ExactNumber,
  isEqual,
  isMap,
  parseJson,
  printJson,
  sketchJson,
  stringifyJson,
  type Value,
} from '../../../src/expr/index.ts';
import { repeats } from '../../support/sample.ts';
import { catchError } from '../support.ts';

const inFullRun = it.runIf(repeats('further tests of JSON', 1, 0) > 0);

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
  ['59.98', 59.98],
  ['0', 0],
  ['1.7976931348623157e+308', 1.7976931348623157e308],
  ['5e-324', 5e-324],
];
/** Doubles that a double would spell otherwise. */
const spelledTexts: readonly [string, number][] = [
  ['59.9800', 59.98],
  ['59.90', 59.9],
  ['1.00', 1],
  ['59.980000000000000000', 59.98],
  ['1e3', 1000],
  ['1E5', 100000],
  ['0.10000000000000000', 0.1],
  ['1000000000000114700000', 1000000000000114700000],
  ['1.7976931348623157e308', 1.7976931348623157e308],
  ['0.0', 0],
  ['-0', -0],
];

describe('JSON', () => {
  it.each(exactTexts)('keeps %s digit for digit', (text) => {
    expect(String(parseJson(text))).toBe(text);
    expect(parseJson(text)).toBeInstanceOf(ExactNumber);
    expect(stringifyJson(parseJson(`{"a": [${text}]}`))).toBe(`{"a":[${text}]}`);
  });

  it.each(doubleTexts)('reads %s as a double', (text, value) => {
    expect(parseJson(text)).toBe(value);
    expect(parseJson(`[ ${text},12345678901234567890]`)).toEqual([value, expect.any(ExactNumber)]);
  });

  it.each(spelledTexts)('keeps how %s is spelled', (text, value) => {
    for (const around of ['', ' ', '\n']) {
      const read = parseJson(`${around}{"a": [${around}${text}${around}], "b":${text}${around}}${around}`);
      expect(stringifyJson(read)).toBe(`{"a":[${text}],"b":${text}}`);
      expect(isEqual(read, { a: [value], b: value })).toBe(true);
    }
    const number = parseJson(text);
    expect(number instanceof ExactNumber && number.double).toBe(value);
  });

  it.each(['["1.50, 2.0"]', '{"1.50":"a, 1e5 ","at":"2024-01-31T10:00:00.000Z"}', '["\\\\",", 1.0,","\\"", "1.0"]'])(
    'does not take a spelling in a text for a number: %s',
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
      expect(parseJson(`[1.50,${text}]`)).toEqual([expect.any(ExactNumber), JSON.parse(text)]);
    },
  );

  inFullRun('reads and writes any depth', () => {
    const deep = `${'['.repeat(100_000)}1.50${']'.repeat(100_000)}`;
    expect(stringifyJson(parseJson(deep))).toBe(deep);
    const plain = deep.replace('1.50', '1');
    expect(stringifyJson(parseJson(plain))).toBe(plain);
    const maps = `${'{"a":'.repeat(20_000)}1.0${'}'.repeat(20_000)}`;
    expect(stringifyJson(parseJson(maps))).toBe(maps);
    expect(stringifyJson(parseJson(maps), 2).length).toBeLessThan(20_000_000);
    expect(sketchJson(parseJson(maps), 1_000)).toHaveLength(1_001);
    expect(sketchJson([Number.NaN, parseJson('1.0')], 1_000)).toBe('[\n  NaN,\n  1.0\n]');
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
    expect(catchError(() => stringifyJson([Number.NaN])).message).toContain('cannot be written as JSON');
  });

  it('writes exact numbers that JSON cannot spell', () => {
    expect(stringifyJson(new ExactNumber('+5'))).toBe('5');
    expect(stringifyJson(new ExactNumber('.5'))).toBe('0.5');
    expect(stringifyJson(new ExactNumber('007'))).toBe('7');
  });

  it.each<[string, Value, string]>([
    ['an exact number', new ExactNumber('1e400'), '1e400'],
    ['a date', new DateValue(1_500_000_000n), '"1970-01-01T00:00:01.5Z"'],
    ['a map with keys of any type', new Map<Value, Value>([[1, 'x']]), '{"1":"x"}'],
    ['a key that JavaScript would call', { toJSON: (() => 'gone') as never }, '{}'],
    ['a key that says nothing of what it is in', { constructor: 'x', toJSON: 'y' }, '{"constructor":"x","toJSON":"y"}'],
    ['nothing', [undefined as never], '[null]'],
  ])('writes %s among plain values', (_, odd, text) => {
    expect(stringifyJson([{ a: ['x', 1, true, null], odd }])).toBe(`[{"a":["x",1,true,null],"odd":${text}}]`);
  });

  inFullRun('never writes more than one may, though it is but one text many times', () => {
    const text = 'x'.repeat(900_000);
    expect(catchError(() => stringifyJson(Array(200).fill([text]))).message).toContain('100000000 characters');
  });
});

describe('JSON for people', () => {
  it.each<[Value, string]>([
    [{ a: Number.NaN, b: [Number.POSITIVE_INFINITY, 1] }, '{"a":NaN,"b":[Infinity,1]}'],
    [{ a: 1, b: 'x' }, '{"a":1,"b":"x"}'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('is written of all there is: %j', (value, expected) => {
    expect(printJson(value)).toBe(expected);
  });
});
