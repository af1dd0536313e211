import { describe, expect, it } from 'vitest';
import type { RowDifference } from '../../../src/actions/changes/row-differences.ts';
import { RowLedger } from '../../../src/actions/effects/row-ledger.ts';

const row = (before?: string, after?: string, number = 1): RowDifference => ({
  id: 'k',
  what: before === undefined ? 'added' : after === undefined ? 'deleted' : 'changed',
  ...{ before, after, number },
});

function join(hasKey: boolean, ...looks: readonly RowDifference[]) {
  const ledger = new RowLedger(hasKey);
  for (const look of looks) ledger.add([look]);
  return ledger.differences.map(({ what, before, after, number }) => [what, before, after, number]);
}

describe('what became of a row over several looks', () => {
  it.each<[string, readonly RowDifference[], readonly unknown[]]>([
    ['it came and changed', [row(undefined, 'a'), row('a', 'b')], ['added', undefined, 'b', 1]],
    ['it changed and went', [row('a', 'b'), row('b')], ['deleted', 'a', undefined, 1]],
    ['it went and came otherwise', [row('a'), row(undefined, 'b')], ['changed', 'a', 'b', 1]],
    ['somebody else changed it between', [row('a', 'b'), row('c', 'd')], ['changed', 'a', 'd', 1]],
  ])('is one thing: %s', (_title, looks, expected) => {
    expect(join(true, ...looks)).toEqual([expected]);
  });

  it.each<[string, readonly RowDifference[]]>([
    ['it came and went', [row(undefined, 'a'), row('a')]],
    ['it changed and is as it was', [row('a', 'b'), row('b', 'a')]],
    ['it went and came again', [row('a'), row(undefined, 'a')]],
  ])('is nothing: %s', (_title, looks) => {
    expect(join(true, ...looks)).toEqual([]);
  });

  it('is a number where nothing tells rows apart', () => {
    const [three, one] = [row(undefined, 'a', 3), row('a', undefined, 1)];
    expect(join(false, three, one)).toEqual([['added', undefined, 'a', 2]]);
    expect(join(false, one, three)).toEqual([['added', undefined, 'a', 2]]);
    expect(join(false, one, one)).toEqual([['deleted', 'a', undefined, 2]]);
    expect(join(false, three, row('a', undefined, 3))).toEqual([]);
  });
});
