import { describe, expect, it } from 'vitest';
import { ExactNumber, formatValue, parseJson, type Value } from '../../src/expr/index.ts';
import { catchError, evaluate, render } from './support.ts';

const names = parseJson(
  '{"price": 59.90, "one": 1.00, "half": 0.50, "third": 0.10, "long": 1000000000000114700000, "many": [3.0, 1.50, 3]}',
) as { [name: string]: Value };

/** What is calculated, as it is written. */
const written: readonly [string, string][] = [
  // Whole numbers that a double would round.
  ['9007199254740992 + 1', '9007199254740993'],
  ['9007199254740991 + 2', '9007199254740993'],
  ['-9007199254740992 - 1', '-9007199254740993'],
  ['-9007199254740991 - 3', '-9007199254740994'],
  ['94906267 * 94906267', '9007199515875289'],
  ['9007199254740992 * 3', '27021597764222976'],
  ['3037000500 * 3037000500 * 3', String(3037000500n ** 2n * 3n)],
  ['(2 ** 53) + 1', '9007199254740993'],
  ['sum([9007199254740992, 1])', '9007199254740993'],
  ['sum([9007199254740991, 1, 1], #)', '9007199254740993'],
  ['reduce([9007199254740992, 1], #acc + #)', '9007199254740993'],
  ['mean([9007199254740992, 9007199254740994])', '9007199254740993'],
  ['9007199254740993 - 9007199254740992', '1'],
  ['1e308 * 1e308', `1${'0'.repeat(616)}`],
  // All others calculate as doubles do.
  ['0.1 + 0.2', '0.30000000000000004'],
  ['9007199254740992 + 0.5', '9007199254740992'],
  ['4503599627370496 + 4503599627370495', '9007199254740991'],
  ['7 / 2', '3.5'],
  // A spelling is that of a double.
  ['price + 0', '59.9'],
  ['third + 0.20', '0.30000000000000004'],
  ['third + third + third == 0.30000000000000004', 'true'],
  ['half * 4', '2'],
  ['one / 3', '0.3333333333333333'],
  ['one % 2', '1'],
  ['-price', '-59.90'],
  ['round(price)', '60'],
  ['int(one)', '1'],
  ['max(many)', '3.0'],
  ['sum(many)', '7.5'],
  ['price', '59.90'],
  ['string(price)', '"59.90"'],
  ['type(one) + type(price)', '"intfloat"'],
  ['many[one]', '1.50'],
  ['1..one', '[1]'],
  ['len(uniq(many))', '2'],
  ['price == 59.9 and one == 1 and price in [59.9] and 59.90 == price and long == 1000000000000114700000', 'true'],
  ['{a: price} == {a: 59.9}', 'true'],
  ['price < 59.91 and price >= 59.9', 'true'],
  ['get(groupBy(many, #), 3)', '[3.0, 3]'],
];

const durations: readonly [string, string][] = [
  ['duration("49s") / 49', '1s'],
  ['duration("1s") / 3', '333.333333ms'],
  ['duration("1s") / 0.1', '10s'],
  ['duration("7s") / 0.7', '10s'],
  ['duration("1h") / 7 * 7 == duration("1h")', 'false'],
  ['duration("1s") * 0.57', '570ms'],
  ['duration("1s") * 0.29', '290ms'],
  ['0.57 * duration("100s")', '57s'],
  ['duration("1h") * 1.5', '1h30m0s'],
  ['duration("1ns") / 2', '0s'],
  ['-duration("3ns") / 2', '-1ns'],
  ['duration("10s") / duration("4s")', '2.5'],
  ['duration("2562047h") / duration("1ns") == 9223369200000000000', 'true'],
  ['duration("1s") / 1e400', '0s'],
  ['duration("1s") * 0', '0s'],
];

const refused: readonly [string, RegExp][] = [
  ['duration("1s") / 0', /^a duration cannot be divided by 0$/],
  ['duration("1s") * (1 / 0)', /^a duration cannot be multiplied by Infinity$/],
  ['duration("1s") / (0 / 0)', /^a duration cannot be divided by NaN$/],
  ['duration("1s") * 1e300', /292 years/],
];

describe('numbers', () => {
  it.each(written)('gives for %s %s', (source, text) => {
    expect(formatValue(evaluate(source, names), 1_000)).toBe(text);
  });

  it.each(durations)('gives for %s %s', (source, text) => {
    expect(formatValue(evaluate(source))).toBe(text);
  });

  it.each(refused)('refuses %s', (source, message) => {
    expect(catchError(() => evaluate(source)).message).toMatch(message);
  });

  it.each([
    ['{{price}}', new ExactNumber('59.90')],
    ['{{price}} EUR', '59.90 EUR'],
    ['id={{long}}&n={{one}}', 'id=1000000000000114700000&n=1.00'],
    ['${price}/<<one>>', '59.90/1.00'],
    ['{{ {p: price, l: [long]} }}!', '{"p":59.90,"l":[1000000000000114700000]}!'],
    ['{{ "it is {{price}}" }}', 'it is 59.90'],
    ['{{ price * 1 }}!', '59.9!'],
  ])('keep their spelling when %s is rendered', (text, value) => {
    const got = render(text, names);
    expect(String(got)).toBe(String(value));
    expect(typeof got).toBe(typeof value);
  });
});
