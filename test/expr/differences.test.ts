import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Difference, isEqual, isList, isMap, listDifferences, type Value } from '../../src/expr/index.ts';
import { measureCpuMs } from '../support/cpu-time.ts';
import { repeats } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of differences', 1, 0) > 0);

const cases: readonly [string, Value, Value, readonly string[]][] = [
  ['nothing', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
  ['a changed value', { a: { b: 1 } }, { a: { b: 2 } }, ['changed a.b']],
  ['another type', { a: 1 }, { a: '1' }, ['changed a']],
  ['a map for a list', { a: {} }, { a: [] }, ['changed a']],
  ['missing and extra keys', { a: 1, x: 1 }, { a: 1, y: 1 }, ['missing y', 'extra x']],
  ['an item inserted first', [0, 1, 2, 3], [1, 2, 3], ['extra [0]']],
  ['an item removed in the middle', ['a', 'b', 'd'], ['a', 'b', 'c', 'd'], ['missing [2]']],
  ['an item doubled', ['a', 'b', 'b', 'c'], ['a', 'b', 'c'], ['extra [2]']],
  ['items at the end', [1, 2, 3], [1], ['extra [1]', 'extra [2]']],
  ['an empty list', [], [1, 2], ['missing [0]', 'missing [1]']],
  ['one item moved', [3, 1, 2], [1, 2, 3], ['order  [0]→[2]']],
  ['items in another order', [4, 3, 2, 1], [1, 2, 3, 4], ['order ']],
  ['the order inside', { a: [2, 1, 9] }, { a: [1, 2, 9] }, ['order a a[0]→a[1]']],
  [
    'an item removed and one changed',
    [
      { id: 1, n: 1 },
      { id: 3, n: 4 },
    ],
    [
      { id: 1, n: 1 },
      { id: 2, n: 2 },
      { id: 3, n: 3 },
    ],
    ['missing [1]', 'changed [1].n of [2].n'],
  ],
  [
    'maps that are alike without an id',
    [{ a: 1, b: 1, c: 1 }],
    [
      { a: 9, b: 9, c: 9 },
      { a: 1, b: 1, c: 2 },
    ],
    ['missing [0]', 'changed [0].c of [1].c'],
  ],
  ['all items of equal length', [1, 2, 3], [4, 5, 6], ['changed [0]', 'changed [1]', 'changed [2]']],
  [
    'lists in lists',
    [[1, 2], [3]],
    [
      [1, 2],
      [3, 4],
    ],
    ['missing [1][1]'],
  ],
  ['odd keys', { 'a b': { '': 1 } }, { 'a b': { '': 2 } }, ['changed ["a b"][""]']],
];

describe('differences', () => {
  it.each(cases)('tell %s', (_, actual, expected, wanted) => {
    expect(listDifferences(actual, expected).map(draw)).toEqual(wanted);
  });

  it('stand below the given path', () => {
    expect(listDifferences([1], [2], 'body.xs').map(draw)).toEqual(['changed body.xs[0]']);
  });

  inFullRun('of long lists are found in time', async () => {
    const long = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `n${id}` }));
    const work = () => {
      expect(listDifferences([{ id: -1 }, ...long], long).map(draw)).toEqual(['extra [0]']);
      expect(listDifferences([...long].reverse(), long).map(draw)).toEqual(['order ']);
      expect(listDifferences([...long].reverse(), [...long.slice(1), 1])).toHaveLength(10_000);
    };
    expect(await measureCpuMs(work)).toBeLessThan(10_000);
  });

  it('are empty exactly when the values are equal', () => {
    fc.assert(
      fc.property(createPair(), ([a, b]) => {
        expect(listDifferences(a, b).length === 0).toBe(isEqual(a, b));
        expect(listDifferences(a, a)).toEqual([]);
      }),
      { numRuns: repeats('pairs of values', 1000) },
    );
  });

  it('turn the actual value into the expected one', () => {
    fc.assert(
      fc.property(createPair(), ([actual, expected]) => {
        expect(isEqual(patch(actual, listDifferences(actual, expected)), expected)).toBe(true);
      }),
      { numRuns: repeats('pairs of values that are patched', 1000) },
    );
  });
});

function draw({ kind, path, expectedPath, move }: Difference): string {
  const moved = move ? ` ${move.from}→${move.to}` : '';
  return `${kind} ${path}${expectedPath === undefined ? '' : ` of ${expectedPath}`}${moved}`;
}

/** Two values that have much in common, with few different items and keys. */
function createPair(): fc.Arbitrary<[Value, Value]> {
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Value>(null, true, 0, 1, 'a', 'b'),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(fc.constantFrom('id', 'a', 'b', 'c d'), tie('value'), { maxKeys: 4 }),
    ),
  }));
  return fc.oneof(
    fc.tuple(value, value),
    fc.tuple(fc.array(value, { maxLength: 8 }), fc.array(value, { maxLength: 8 })),
    fc
      .array(value, { minLength: 1, maxLength: 8 })
      .chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items))),
  );
}

type Key = string | number;

/** Applies differences: changes at places of the actual value, then what is too much, then what is missing, which stands at places of the expected one. */
function patch(actual: Value, differences: readonly Difference[], depth = 0): Value {
  const here = differences.find(({ path }) => split(path).length === depth);
  if (here) return here.expected ?? null;
  if (differences.length === 0) return actual;
  const isOwn = (one: Difference, kind: Difference['kind']) =>
    one.kind === kind && split(one.path).length === depth + 1;
  const missing = differences.filter((one) => isOwn(one, 'missing'));
  const extra = new Set(differences.filter((one) => isOwn(one, 'extra')).map(({ path }) => split(path)[depth]));
  const inner = differences.filter((one) => !isOwn(one, 'missing') && !isOwn(one, 'extra'));
  const patchAt = (key: Key, value: Value) =>
    patch(
      value,
      inner.filter(({ path }) => split(path)[depth] === key),
      depth + 1,
    );
  if (isList(actual)) {
    const items = actual.map((item, index) => patchAt(index, item)).filter((_, index) => !extra.has(index));
    for (const { path, expected } of missing) items.splice(Number(split(path)[depth]), 0, expected ?? null);
    return items;
  }
  if (!isMap(actual)) throw new Error('a difference leads into a scalar');
  const kept = Object.keys(actual).filter((key) => !extra.has(key));
  const added = missing.map(({ path, expected }) => [String(split(path)[depth]), expected ?? null] as const);
  return Object.fromEntries([...kept.map((key) => [key, patchAt(key, actual[key] ?? null)] as const), ...added]);
}

function split(path: string): readonly Key[] {
  const keys = path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([A-Za-z_$][\w$]*)/g);
  return [...keys].map(([, index, quoted, name]) => (index === undefined ? (quoted ?? name ?? '') : Number(index)));
}
