import { describe, expect, it } from 'vitest';
import { compile, LIMITS, parseJson, type Value } from '../../../src/expr/index.ts';
import { isFullRun, sample } from '../../support/sample.ts';
import { catchError, createEnv, host } from '../support.ts';

const many = Array.from({ length: 100_000 }, (_, i) => i);
const deep = parseJson('['.repeat(50_000) + ']'.repeat(50_000));
const names: { readonly [name: string]: Value } = { many, deep, a: 1 };

// A handful of lists that stand for 2^60 numbers.
const reduceTwice = 'reduce(1..60, [#acc, #acc], 1)';

const refused: readonly [string, RegExp][] = [
  ['1..10000000', /more than 1000000 items/],
  ['map(1..1000000, #)', /more than 1000000 items/],
  ['concat(1..600000, 1..600000)', /more than 1000000 items/],
  ['repeat("a", 1000001)', /at most 1000000 characters/],
  ['map(1..1000, repeat("a", 100000))', /characters of text/],
  ['reduce(1..100, #acc + #acc, "a")', /characters of text/],
  ['all(many, all(many, true))', /more than 50000000 steps/],
  ['count(many, -1 in many)', /more than 50000000 steps/],
  ['count(many, many == many)', /more than 50000000 steps/],
  ['deep == deep[:]', /too deep/],
  ['flatten(deep)', /too deep/],
  ['toJSON(deep)', /characters of text/],
  ['string(deep)', /too deep/],
  ['max(deep)', /too deep/],
  ['sum(deep)', /needs numbers, got array/],
  [`${'('.repeat(300)}1${')'.repeat(300)}`, /nested deeper than 200/],
  [`${'['.repeat(300)}1${']'.repeat(300)}`, /nested deeper than 200/],
  [`${'-'.repeat(300)}1`, /nested deeper than 200/],
  [`${'not '.repeat(300)}true`, /nested deeper than 200/],
  [`${'let x = 1; '.repeat(300)}1`, /nested deeper than 200/],
  [`1${' ** 2'.repeat(300)}`, /nested deeper than 200/],
  [`a${' ? 1 : a'.repeat(300)}`, /nested deeper than 200/],
  [`1${' + 1'.repeat(2_000)}`, /deeper than 1000 operators/],
  [`a${'.b'.repeat(2_000)}`, /deeper than 1000 operators/],
  [`[${'1,'.repeat(11_000)}]`, /more than 10000 parts/],
  [`"${'x'.repeat(LIMITS.sourceLength)}"`, /more than 65536/],
  ['1e10001 + 99999999999999999999', /more than 10000 digits/],
  ['reduce(1..10000, #acc * 12345678901234567890, 1)', /more than 10000 digits/],
  ['date("2024-01-01").AddDate(100000000, 0, 0)', /out of range/],
  ['duration("2000000h") * 1000', /292 years/],
  [reduceTwice, /more than 10000000 parts/],
  [`{a: ${reduceTwice}}`, /more than 10000000 parts/],
  [`toJSON(${reduceTwice})`, /characters of text/],
  [`string(${reduceTwice})`, /characters of text/],
  [`max(${reduceTwice})`, /50000000 steps/],
  ['all(1..900000, "x" not matches "a" + string(#))', /50000000 steps/],
  ['date("2222222222", "22222222222222222222222222222222222222")', /not a date/],
  [`"a" matches "${'a'.repeat(5_000)}"`, /more than 4096 characters/],
  ['"a" matches "(a{1000}){1000}"', /invalid repeat count/],
];

const kindOf = ([, pattern]: readonly [string, RegExp]): string => pattern.source;
// all that may be spent takes half a second
const isSpent = ([, pattern]: readonly [string, RegExp]): boolean =>
  /^(?:more than )?50000000 steps/.test(pattern.source);
const cheap = refused.filter((one) => isFullRun || !isSpent(one));
const chosen = sample('limits', cheap, { count: 14, kindOf });

describe('limits', () => {
  it.each(chosen.map(([source, pattern]) => ({ source, pattern, shown: source.slice(0, 60) })))(
    'end $shown',
    ({ source, pattern }) => {
      const error = catchError(() => compile(source).evaluate(createEnv(names), host));
      expect(error.message).toMatch(pattern);
      expect(error.isPlaced).toBe(true);
    },
  );

  it('leave room for what people write', () => {
    expect(compile(`1${' + 1'.repeat(900)}`).evaluate(createEnv())).toBe(901);
    expect(compile('sum(map(many, # * 2))').evaluate(createEnv(names))).toBe(9_999_900_000);
    expect(compile(`${'['.repeat(150)}${']'.repeat(150)}`).evaluate(createEnv())).toBeDefined();
  });

  it('match patterns in linear time', () => {
    const text = 'x'.repeat(200_000);
    expect(compile('text matches "(x+x+)+y"').evaluate(createEnv({ text }))).toBe(false);
    expect(compile('text matches p').evaluate(createEnv({ text, p: '(x*)*(x*)*(x*)*$y' }))).toBe(false);
  });

  it('look for long parts of texts in time that grows with their lengths', () => {
    const env = createEnv({ text: 'a'.repeat(1_000_000), part: `${'a'.repeat(50_000)}b` });
    expect(compile('lastIndexOf(text, part)').evaluate(env)).toBe(-1);
    expect(compile('lastIndexOf(text + "b" + text, part)').evaluate(env)).toBe(950_000);
  });

  it('are counted anew for each evaluation', () => {
    const expression = compile('len(1..900000)');
    for (let i = 0; i < 3; i++) expect(expression.evaluate(createEnv())).toBe(900_000);
  });
});
