import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, decodeValue, ExprError, formatValue, isNumber, toDouble, type Value } from '../../src/expr/index.ts';
import { sample } from '../support/sample.ts';
import { catchError, createEnv, evaluate, host } from './support.ts';

interface Case {
  expr: string;
  env?: { [name: string]: unknown };
  error?: true;
  value?: unknown;
  /** What we give, where we differ on purpose. */
  alt?: unknown;
}

const corpus: Case[] = readFileSync(new URL('corpus.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const kindOf = ({ error, value }: Case): string => (error ? 'error' : typeof value);
const chosen = sample('generated cases of expr-lang', corpus, { count: 200, kindOf });

describe('what expr-lang gives for generated cases', () => {
  it('is there in numbers', () => {
    expect(corpus.length).toBeGreaterThan(2_000);
    expect(corpus.filter(({ error }) => error).length).toBeGreaterThan(500);
  });

  it.each(chosen)('$expr', ({ expr, env = {}, error, value, alt = value }) => {
    const names = new Map(Object.entries(env).map(([name, given]) => [name, decodeValue(given)]));
    const run = () => compile(expr, { names: new Set(names.keys()) }).evaluate(names, host);
    if (error) expect(run).toThrow(ExprError);
    else expect(toComparable(run())).toEqual(toComparable(decodeValue(alt)));
  });
});

/** Numbers with 12 digits, in whatever carrier; keyed maps cannot occur. */
function toComparable(value: Value): unknown {
  if (isNumber(value)) return Number(toDouble(value).toPrecision(12)) + 0;
  if (Array.isArray(value)) return value.map(toComparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toComparable(item as Value)]));
}

const refused: readonly [string, RegExp, RegExp | undefined][] = [
  ['"a\\\'b"', /unknown escape/, /backslash/],
  [`'a\\"b'`, /unknown escape/, /backslash/],
  ['{in: 1}', /unexpected `in`.*write `"in"`/, undefined],
  ['{matches: 1, a: 2}', /unexpected `matches`/, undefined],
  ['sum(list,)', /unexpected `\)`/, undefined],
  ['(1;)', /unexpected `\)`/, undefined],
  ['map(list, {#;})', /unexpected `}`/, undefined],
  ['if true {1;} else {2}', /unexpected `}`/, undefined],
  ['list | first().a', /unexpected `\.`.*parentheses/, undefined],
  ['list | map(#)[0]', /unexpected `\[`.*parentheses/, undefined],
  ['filter(list, #index > 0)', /`#index` has no meaning here/, /`map` and `reduce`/],
  ['map(list, filter(list, #index > 0))', /`#index` has no meaning here/, /`map` and `reduce`/],
  ['list[nil:]', /must be an int, got nil/, undefined],
  ['"text"[:nil]', /must be an int, got nil/, undefined],
  ['get({a: 1}, 2)', /must be a string for a map, got int/, undefined],
  ['sum([[1, 2]])', /needs numbers, got array/, undefined],
  ['date(date("2024-01-01"))', /needs a string, got time.Time/, undefined],
  ['duration(duration("1h"))', /needs a string, got time.Duration/, undefined],
  ['date("2024-01-31t10:20:30z")', /is not a date/, undefined],
  ['date("2024-01-31", "2024-01-31")', /is not a date/, undefined],
  ['fromPairs([[[1], 2]])', /cannot use array as a key/, undefined],
  ['+"a"', /`\+` needs a number, got string/, undefined],
  ['$env["liszt"]', /unknown name `liszt`/, /did you mean `list`/],
];

const agreed: readonly [string, Value][] = [
  ['fromPairs([[1, "a"], [true, "b"]])[true]', 'b'],
  ['fromPairs([["a", 1], ["a", 2]])', { a: 2 }],
  ['float("1_000.5")', 1000.5],
  ['int(duration("1us"))', 1000],
  ['string(max(duration("1h"), duration("90m")))', '1h30m0s'],
  ['string(min(duration("1h"), duration("90m")))', '1h0m0s'],
  ['lower("İ")', 'i'],
  ['len("é😀"[:-1])', 4],
  ['len("\\uD800")', 1],
  ['"\\uD800" == "\\uFFFD"', true],
  ['string(date("2024-01-31T10:20:30+02:00"))', '2024-01-31 10:20:30 +0200 +0200'],
  ['toJSON(date("2024-01-31T10:20:30.5+02:00"))', '"2024-01-31T10:20:30.5+02:00"'],
  ['date("10:20PM", "3:04PM", "Europe/Berlin").Format("2006-01-02 15:04 -0700")', '0000-01-01 22:20 +0053'],
  ['string(date("2024-01-31").AddDate(-2025, 0, 0))', '-0001-01-31 00:00:00 +0000 UTC'],
  ['date("2024-01-31T10:20:30Z").UnixMicro()', 1706696430000000],
  ['string(date("2024-01-31T10:20:30.000000001Z").UnixNano())', '1706696430000000001'],
  ['date("2024-01-31T10:20:30Z").Compare(date("2024-02-01"))', -1],
  ['string(date("2024-01-31T10:40:30Z").Round(duration("1h")))', '2024-01-31 11:00:00 +0000 UTC'],
  ['string(date("2024-01-31T10:40:30Z").Truncate(duration("24h")))', '2024-01-31 00:00:00 +0000 UTC'],
  ['date("0001-01-01").IsZero()', true],
  ['string(duration("-90m").Abs())', '1h30m0s'],
  ['string(duration("-90m").Round(duration("1h")))', '-2h0m0s'],
  ['string(duration("-90m").Truncate(duration("1h")))', '-1h0m0s'],
  ['nil in $env', false],
];

describe('the language', () => {
  it.each(refused)('refuses %s', (source, message, hint) => {
    const error = catchError(() =>
      compile(source, { names: new Set(['list']) }).evaluate(createEnv({ list: [1, 2] }), host),
    );
    expect(error.message).toMatch(message);
    expect(error.isPlaced).toBe(true);
    if (hint) expect(error.hint).toMatch(hint);
  });

  it.each(agreed)('gives for %s what expr-lang gives', (source, value) => {
    expect(evaluate(source), formatValue(value)).toEqual(value);
  });
});
