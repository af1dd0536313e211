import { describe, expect, it } from 'vitest';
import { describeHistogram } from '../../../../src/load/outputs/prometheus/write-request.ts';

const ABOUT = { count: 0, sum: 0, timestamp: 1 };
const NONE = { offset: 0, counts: [] };

describe('a native histogram', () => {
  it.each<
    [
      counts: readonly number[],
      spans: readonly (readonly [offset: number, length: number])[],
      deltas: readonly number[],
    ]
  >([
    [[], [], []],
    [[5], [[11, 1]], [5]],
    [[5, 3, 4], [[11, 3]], [5, -2, 1]],
    [[5, 0, 0, 4], [[11, 4]], [5, -5, 0, 4]],
    [
      [5, 0, 0, 0, 4],
      [
        [11, 1],
        [3, 1],
      ],
      [5, -1],
    ],
    [
      [1, 0, 0, 0, 0, 2, 0, 7],
      [
        [11, 1],
        [4, 3],
      ],
      [1, 1, -2, 7],
    ],
  ])('of the buckets %j', (counts, spans, deltas) => {
    const row = { offset: 10, counts };
    const made = describeHistogram({ zeroCount: 0, zeroThreshold: 0, positive: row, negative: NONE }, ABOUT);
    expect(made['positiveSpans']).toEqual(spans.map(([offset, length]) => ({ offset, length })));
    expect(made['positiveDeltas']).toEqual(deltas);
    expect(made['negativeSpans']).toEqual([]);
  });
});
