import { describe, expect, it } from 'vitest';
import { takeShown } from '../../src/util/take-shown.ts';

describe('what is shown of a list', () => {
  it.each([
    [0, 0, 0],
    [3, 3, 0],
    [4, 4, 0],
    [5, 3, 2],
    [9, 3, 6],
  ])('of %i things that are too many from 4 on: %i, without %i', (length, shown, hidden) => {
    const taken = takeShown(Array.from({ length }), 3);
    expect([taken.shown.length, taken.hidden]).toEqual([shown, hidden]);
  });

  it('counts what was not kept', () => {
    expect(takeShown([1, 2, 3, 4], 3, 1)).toEqual({ shown: [1, 2, 3], hidden: 2 });
  });
});
