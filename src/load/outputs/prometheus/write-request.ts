import { type BucketRow, type ExponentialBuckets, SCALE } from '../send/exponential.ts';
import type { Message, Shape } from '../send/protobuf.ts';

/** As `prometheus/prompb` describes it. */
const SPAN: Shape = { offset: { id: 1, type: 'sint32' }, length: { id: 2, type: 'uint32' } };
const HISTOGRAM: Shape = {
  countInt: { id: 1, type: 'uint64' },
  sum: { id: 3, type: 'double' },
  schema: { id: 4, type: 'sint32' },
  zeroThreshold: { id: 5, type: 'double' },
  zeroCountInt: { id: 6, type: 'uint64' },
  negativeSpans: { id: 8, type: SPAN, many: 'list' },
  negativeDeltas: { id: 9, type: 'sint64', many: 'packed' },
  positiveSpans: { id: 11, type: SPAN, many: 'list' },
  positiveDeltas: { id: 12, type: 'sint64', many: 'packed' },
  timestamp: { id: 15, type: 'int64' },
};
/** Prometheus tells its mark from other NaNs by their bits, which no number of ours keeps. */
export const STALE = String(0x7ff0000000000002n);
const SAMPLE: Shape = {
  value: { id: 1, type: 'double' },
  stale: { id: 1, type: 'fixed64' },
  timestamp: { id: 2, type: 'int64' },
};
const TIME_SERIES: Shape = {
  labels: { id: 1, type: { name: { id: 1, type: 'string' }, value: { id: 2, type: 'string' } }, many: 'list' },
  samples: { id: 2, type: SAMPLE, many: 'list' },
  histograms: { id: 4, type: HISTOGRAM, many: 'list' },
};
export const WRITE_REQUEST: Shape = { timeseries: { id: 1, type: TIME_SERIES, many: 'list' } };

/** Spans of buckets further apart than this are told apart: a gap costs about as much as so many empty ones. */
const LONGEST_GAP = 2;

/** A histogram as Prometheus takes it. */
export function describeHistogram(
  { zeroCount, zeroThreshold, positive, negative }: ExponentialBuckets,
  { count, sum, timestamp }: { readonly count: number; readonly sum: number; readonly timestamp: number },
): Message {
  const above = toSpans(positive);
  const below = toSpans(negative);
  return {
    countInt: count,
    sum,
    schema: SCALE,
    zeroThreshold,
    zeroCountInt: zeroCount,
    negativeSpans: below.spans,
    negativeDeltas: below.deltas,
    positiveSpans: above.spans,
    positiveDeltas: above.deltas,
    timestamp,
  };
}

interface Spans {
  readonly spans: readonly { readonly offset: number; readonly length: number }[];
  /** Each bucket's count less that of the one before it. */
  readonly deltas: readonly number[];
}

function toSpans({ offset, counts }: BucketRow): Spans {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let last = 0;
  let empty = 0;
  for (const [at, count] of counts.entries()) {
    const span = spans.at(-1);
    if (count === 0) {
      empty += 1;
      continue;
    }
    // Prometheus numbers a bucket by its upper end, one more than by its lower.
    if (!span || empty > LONGEST_GAP) spans.push({ offset: span ? empty : offset + at + 1, length: 0 });
    else
      for (; empty > 0; empty--) {
        span.length += 1;
        deltas.push(0 - last);
        last = 0;
      }
    empty = 0;
    (spans.at(-1) ?? { length: 0 }).length += 1;
    deltas.push(count - last);
    last = count;
  }
  return { spans, deltas };
}
