import { describe, expect, it } from 'vitest';
import { compile, type FunctionDef, formatValue, type LoopExplanation, type Value } from '../../../src/expr/index.ts';
import { createEnv, host } from '../support.ts';

const names: { readonly [name: string]: Value } = {
  xs: [5, 12, -1, 7],
  limit: 10,
  items: [
    { sku: 'A', price: 5, tags: ['new'] },
    { sku: 'B', price: 12, tags: [] },
    { sku: 'C', price: -1, tags: ['old', 'new'] },
  ],
  broken: [{ net: 1 }, null, { net: 2 }],
};

const cases: readonly [string, readonly string[]][] = [
  ['all(xs, # > 0)', ['3/4 match 2', '✗ xs[2] -1']],
  ['any(xs, # > 100)', ['4/4 match 0', '✗ xs[0] 5', '✗ xs[1] 12', '✗ xs[2] -1']],
  ['none(xs, # < 0)', ['3/4 match 1', '✓ xs[2] -1']],
  ['one(xs, # > 6)', ['4/4 match 2', '✓ xs[1] 12', '✓ xs[3] 7']],
  ['one(xs, # > 100)', ['4/4 match 0', '✗ xs[0] 5', '✗ xs[1] 12', '✗ xs[2] -1']],
  ['count(xs, # > 10) == 2', ['4/4 match 1', '✗ xs[0] 5', '✓ xs[1] 12', '✗ xs[2] -1', '✗ xs[3] 7']],
  ['len(filter(xs, # > 10)) == 2', ['4/4 match 1', '✗ xs[0] 5', '✓ xs[1] 12', '✗ xs[2] -1', '✗ xs[3] 7']],
  ['find(xs, # > 10) == 1', ['2/4 match 1', '✓ xs[1] 12']],
  ['findLastIndex(xs, # > 0) == 1', ['1/4 match 1', '✓ xs[3] 7']],
  ['find(xs, # > 100) == 1', ['4/4 match 0', '✗ xs[0] 5', '✗ xs[1] 12', '✗ xs[2] -1']],
  ['sum(xs, # * 2) == 1', ['4/4 match 0', '  xs[0] 5', '  xs[1] 12', '  xs[2] -1', '  xs[3] 7']],
  ['map(xs, # * 2) == [1]', []],
  ['all(items, .price < limit)', ['2/3 match 1', '✗ items[1] .price=12 limit=10']],
  ['all(items, .price < limit and .sku != "X")', ['2/3 match 1', '✗ items[1] .price < limit=false .price=12 limit=10']],
  ['all([3, -3], # > 0)', ['2/2 match 1', '✗ [1] -3']],
  ['limit == 10 and all(xs, # < 100) and limit == 1', []],
  ['all(broken, .net > 0)', ['2/3 match 1', '  broken[1] nil']],
  [
    'all(items, all(.tags, # == "new"))',
    ['3/3 match 2', '✗ items[2] .tags=["old", "new"]', '  1/2 match 0', '  ✗ items[2].tags[0] "old"'],
  ],
];

describe('loops', () => {
  it.each(cases)('are explained by the items that decided %s', (source, expected) => {
    expect(
      compile(source)
        .explain(createEnv(names), host)
        .loops.flatMap((loop) => draw(loop)),
    ).toEqual(expected);
  });

  it('are not told of when the value is true', () => {
    expect(compile('any(xs, # > 0)').explain(createEnv(names), host).loops).toEqual([]);
  });

  it('tell the values of the one evaluation, with impure predicates too', () => {
    let count = 0;
    const next: FunctionDef = { name: 'next', minArgs: 0, maxArgs: 0, pure: false, summary: '', call: () => ++count };
    const expression = compile('all(xs, next() < 3)', { functions: new Map([['next', next]]) });
    const [loop] = expression.explain(createEnv(names), host).loops;
    expect(loop?.rounds.map(({ index, parts }) => [index, parts.map(({ value }) => value)])).toEqual([[2, [3]]]);
    expect(count).toBe(3);
  });

  it('keep only the first items of many', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => index);
    const [loop] = compile('count(many, # % 2 == 0) == 1').explain(createEnv({ many }), host).loops;
    expect([loop?.itemCount, loop?.matchCount, loop?.rounds.length]).toEqual([100_000, 50_000, 6]);
  });
});

function draw(loop: LoopExplanation, indent = ''): string[] {
  const lines = loop.rounds.flatMap(({ path, item, gave, parts, loops }) => {
    const mark = gave === true ? '✓' : gave === false ? '✗' : ' ';
    const seen = parts.map((part) => `${part.text}=${formatValue(part.value)}`).join(' ') || formatValue(item);
    return [`${indent}${mark} ${path} ${seen}`, ...loops.flatMap((inner) => draw(inner, `${indent}  `))];
  });
  return [`${indent}${loop.seenCount}/${loop.itemCount} match ${loop.matchCount}`, ...lines];
}
