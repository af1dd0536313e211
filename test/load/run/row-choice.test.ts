import { describe, expect, it } from 'vitest';
import type { FlowRun } from '../../../src/engine/lifetimes/run-options.ts';
import { Slice, WHOLE } from '../../../src/load/executors/slice.ts';
import { RowChoice } from '../../../src/load/run/row-choice.ts';
import type { DataMode } from '../../../src/model/load/load-plan.ts';
import { Stop } from '../../../src/stop/stop.ts';

const rows = Array.from({ length: 4 }, (_, row) => ({ row }) as unknown as FlowRun);
const [first, second, third, fourth] = rows;

function choose(mode: DataMode, turns: readonly (readonly [vu: number, total: number])[], seed = 1) {
  const choice = new RowChoice({ flows: rows, mode, slice: WHOLE, seed, stop: new Stop() });
  return turns.map(([vu, total]) => choice.choose({ vu, total }));
}

describe('which row an iteration has', () => {
  it.each([
    [
      'sequential',
      [
        [1, 0],
        [2, 1],
        [1, 5],
      ],
      [first, second, second],
    ],
    [
      'per_vu',
      [
        [1, 0],
        [2, 1],
        [1, 5],
        [6, 9],
      ],
      [first, second, first, second],
    ],
    [
      'unique',
      [
        [1, 0],
        [2, 3],
        [1, 4],
      ],
      [first, fourth, undefined],
    ],
  ] as const)('%s', (mode, turns, expected) => {
    expect(choose(mode, turns)).toEqual(expected);
  });

  it('random: by the seed, evenly, whoever takes it', () => {
    const turns = Array.from({ length: 4000 }, (_, total) => [1 + (total % 3), total] as const);
    const chosen = choose('random', turns);
    expect(choose('random', turns)).toEqual(chosen);
    expect(choose('random', turns, 2)).not.toEqual(chosen);
    for (const row of [first, second, third, fourth])
      expect(Math.abs(chosen.filter((one) => one === row).length - 1000)).toBeLessThan(120);
  });

  it.each([
    ['unique', WHOLE, [false, false, false, false, true]],
    ['unique', new Slice(2, [1]), [false, false, true, true, true]],
    ['unique', new Slice(9, [8]), [true, true, true, true, true]],
    ['sequential', WHOLE, [false, false, false, false, false]],
  ] as const)('%s: whether none is left after 0 to 4', (mode, slice, expected) => {
    const ends = [0, 1, 2, 3, 4].map((begun) => {
      const stop = new Stop();
      new RowChoice({ flows: rows, mode, slice, seed: 1, stop }).noteBegun(begun);
      return stop.asked !== undefined;
    });
    expect(ends).toEqual(expected);
  });
});
