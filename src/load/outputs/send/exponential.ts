import type { Histogram } from '../../metrics/histogram.ts';

/** So many buckets to a power of two, as a power of two themselves: each is 0.54 % wide. */
export const SCALE = 7;

/** Buckets in a row, from the first that is not empty. */
export interface BucketRow {
  /** A bucket of index `i` holds what is above `2^(i / 2^SCALE)`, up to and with that of the next. */
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ExponentialBuckets {
  readonly zeroCount: number;
  /** What is nearer to 0 than this counts as 0. */
  readonly zeroThreshold: number;
  readonly positive: BucketRow;
  /** By their distance from 0. */
  readonly negative: BucketRow;
}

/** A histogram in the buckets that Prometheus and OpenTelemetry share; `factor` changes its unit. */
export function toExponential(histogram: Histogram, factor: number): ExponentialBuckets {
  const positive = new Map<number, number>();
  const negative = new Map<number, number>();
  let zeroCount = 0;
  let zeroThreshold = 0;
  histogram.forEachBucket((low, high, count) => {
    if (low < 0 === high > 0 || low === high) {
      zeroCount += count;
      zeroThreshold = Math.max(zeroThreshold, Math.abs(low), Math.abs(high)) * factor;
    } else {
      const middle = ((low + high) / 2) * factor;
      const index = Math.ceil(Math.log2(Math.abs(middle)) * 2 ** SCALE) - 1;
      const side = middle > 0 ? positive : negative;
      side.set(index, (side.get(index) ?? 0) + count);
    }
  });
  return { zeroCount, zeroThreshold, positive: toRow(positive), negative: toRow(negative) };
}

function toRow(counts: ReadonlyMap<number, number>): BucketRow {
  if (counts.size === 0) return { offset: 0, counts: [] };
  const indexes = [...counts.keys()];
  const offset = Math.min(...indexes);
  const length = Math.max(...indexes) - offset + 1;
  return { offset, counts: Array.from({ length }, (_, at) => counts.get(offset + at) ?? 0) };
}
