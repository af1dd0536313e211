import { describe, expect, it } from 'vitest';
import { Budget, compile, isOverBudget, LIMITS, parseJson, type Value } from '../../../src/expr/index.ts';
import { createFunctions } from '../../../src/functions/registry.ts';
import { repeats, sample } from '../../support/sample.ts';
import { catchError, createEnv, host } from '../support.ts';

const inFullRun = it.runIf(repeats('further tests of budgets', 1, 0) > 0);

const many = Array.from({ length: 100_000 }, (_, i) => i);
const exact = parseJson(`[${many.slice(0, 1_000).map((i) => `9007199254740993.${i + 1}`)}]`);
const long = parseJson(`[${many.slice(0, 1_000).map((i) => `1${String(i).padStart(4_000, '0')}.5`)}]`);
const maps = many.slice(0, 1_000).map((id) => ({ id, tags: ['a', 'b'] }));
const deep = parseJson('['.repeat(20_000) + ']'.repeat(20_000));
const text = 'a'.repeat(1_000_000);
const names: { readonly [name: string]: Value } = {
  many,
  exact,
  long,
  maps,
  deep,
  text,
  doubles: many.slice(0, 1_000),
};
const functions = createFunctions();

function refuse(source: string) {
  return catchError(() => compile(source, { functions }).evaluate(createEnv(names), host));
}

const exceeding = [
  '1..10000000',
  'map(1..1000, repeat("a", 100000))',
  'toJSON(deep)',
  'string(deep)',
  'flatten(deep)',
  'max(deep)',
  'deep == deep[:]',
  'reduce(1..60, [#acc, #acc], 1)',
  'reduce(1..10000, #acc * 12345678901234567890, 1)',
  'fromJSON(text + text + text + text + text + text + text + text + text + text + "a")',
  'all(many, all(many, true))',
];

// A step is about a tenth of a microsecond.
const charges: readonly (readonly [string, number])[] = [
  ['text matches "([a-z]?){1000}[0-9]"', 1e9],
  ['text matches "(" + repeat("[a-z]?", 600) + "[0-9])"', 4e8],
  ['text matches "[a-z]{100}[0-9]"', 3e7],
  ['any(exact, # > 9.5e15)', 7_000],
  ['any(exact, # == 5)', 7_000],
  ['max(exact) == 5', 4_000],
  ['5 in exact', 4_000],
  ['any(exact, int(#) == 5)', 25_000],
  ['any(exact, # + 0.5 == 5)', 25_000],
  ['any(long, # == 5)', 200_000],
  ['any(long, round(#) == 5)', 800_000],
  ['len(uniq(exact)) == 5', 15_000],
  ['sort(exact)[0] == 5', 13_000],
  ['date("2024-01-01").In("Europe/Berlin").Format("MST MST MST MST") == ""', 1_000],
  ['date("2024-01-01").In("Asia/Kathmandu").Hour() == 25', 500],
  ['date("2024-01-01 00:00:00", "2006-01-02 15:04:05", "Asia/Kathmandu").Year() == 1', 500],
  ['timezone("Europe/Berlin") == ""', 200],
  ['duration("1h30m") == duration("1h")', 40],
  ['toJSON(maps) == ""', 30_000],
  ['string(maps) == ""', 30_000],
  ['matches_partial(maps, maps[1:])', 30_000],
  ['same_items(maps, reverse(maps)) == false', 15_000],
  ['contains_all(maps, reverse(maps)) == false', 15_000],
  ['matches_schema(maps, {uniqueItems: true}) == false', 15_000],
  ['text[1:5] == ""', 100_000],
];

describe('a budget', () => {
  it.each(sample('expressions over budget', exceeding, { count: 2 }))(
    'that is exceeded is told from a mistake: %s',
    (source) => {
      const error = refuse(source);
      expect(error.kind).toBe('budget');
      expect(isOverBudget(error)).toBe(true);
      expect(error.isPlaced).toBe(true);
    },
  );

  it.each(['1 + "a"', 'many[100000]', 'int("x")', 'repeat("a", 1000001)'])('is not what `%s` lacks', (source) => {
    expect(refuse(source).kind).toBe('run');
  });

  it.each(sample('charges of a budget', charges, { count: 8 }))(
    'is charged for `%s` before it is spent',
    (source, least) => {
      const spend = (left: number) => {
        const budget = new Budget(host);
        budget.spend(LIMITS.steps - left);
        return compile(source, { functions }).evaluate(createEnv(names), host, budget);
      };
      expect(catchError(() => spend(Math.min(least, LIMITS.steps)))).toMatchObject({ kind: 'budget' });
      if (8 * least < LIMITS.steps) expect(spend(8 * least)).toBe(false);
    },
  );

  it.each([
    'any(1..2000, any(doubles, # > 1e15))',
    'any(exact, # > 9.5e15)',
    'text matches "[a-z]{100}[0-9]"',
    'text matches "(?i)HELLO WORLD"',
    'len(uniq(exact)) == 1',
    'same_items(maps, reverse(maps)) == false',
    'text matches "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"',
  ])('has room for `%s`', (source) => {
    expect(compile(source, { functions }).evaluate(createEnv(names), host)).toBe(false);
  });

  it('is ended by CPU time when the steps misjudge', () => {
    let looks = 0;
    const slow = { ...host, cpuMs: () => 1_000 * looks++ };
    const run = () => compile('all(many, all(many, true))').evaluate(createEnv(names), slow);
    expect(catchError(run)).toMatchObject({
      kind: 'budget',
      message: 'the evaluation takes more than 5 s of CPU time',
    });
    // From the first look on: rarely, for it costs something to ask.
    expect(looks).toBe(7);
  });

  it('does not ask for the CPU time of what is short', () => {
    const quick = { ...host, cpuMs: () => expect.unreachable() };
    expect(compile('count(many[:1000], # > 5)').evaluate(createEnv(names), quick)).toBe(994);
  });

  inFullRun('is one for several evaluations when it is handed in', () => {
    const expression = compile('count(many, # >= 0)');
    const budget = new Budget(host);
    const each = () => expression.evaluate(createEnv(names), host, budget);
    const most = Math.ceil(LIMITS.steps / (4 * many.length)) + 1;
    expect(each()).toBe(many.length);
    expect(catchError(() => Array.from({ length: most }, each))).toMatchObject({ kind: 'budget' });
    expect(catchError(each).kind).toBe('budget');
    expect(expression.evaluate(createEnv(names), host)).toBe(many.length);
  });

  inFullRun('bounds what is said of a comparison', () => {
    const a = Array.from({ length: 900 }, (_, i) => Object.fromEntries(many.slice(0, 60).map((k) => [`k${k}`, i + k])));
    const b = a.slice(1).map((item) => ({ ...item, k1: -1, k2: -2 }));
    let looks = 0;
    const meter = { ...host, cpuMs: () => 10_000 * looks++ };
    const { value, difference, hints } = compile('a == b').explain(createEnv({ a, b }), meter);
    expect({ value, difference, hints }).toEqual({ value: false, difference: undefined, hints: expect.any(Array) });
    expect(looks).toBeGreaterThan(1);
  });
});
