import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../../../src/load/metrics/histogram.ts';
import { repeats } from '../../support/sample.ts';

const value = fc.oneof(
  fc.double({ min: 0.001, max: 1e7, noNaN: true }),
  fc.double({ min: -1e5, max: -0.001, noNaN: true }),
  fc.constant(0),
);

test('percentiles are within 1 % of the exact ones, whatever the values', () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 0, max: 100 }),
      (values, percent) => {
        const sorted = [...values].sort((a, b) => a - b);
        const rank = (percent / 100) * (sorted.length - 1);
        const [low, high] = [sorted[Math.floor(rank)] ?? 0, sorted[Math.ceil(rank)] ?? 0];
        const exact = low + (high - low) * (rank - Math.floor(rank));
        const off = Math.abs(histogramOf(values).percentile(percent) - exact);
        expect(off).toBeLessThanOrEqual(0.01 * Math.max(Math.abs(low), Math.abs(high)) + 1e-6);
      },
    ),
    { seed: 1, numRuns: repeats('samples of a histogram', 500) },
  );
});

test('parts add up to the whole, also as JSON', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 100 }), fc.array(value, { maxLength: 100 }), (one, two) => {
      const sum = histogramOf(one);
      sum.addAll(Histogram.from(JSON.parse(JSON.stringify(histogramOf(two)))));
      const whole = histogramOf([...one, ...two]);
      expect({ ...sum.toJSON(), sum: 0 }).toEqual({ ...whole.toJSON(), sum: 0 });
      expect(sum.sum).toBeCloseTo(whole.sum, 3);
    }),
    { seed: 2, numRuns: repeats('histograms that are merged', 300) },
  );
});

test('a copy does not change any more', () => {
  const all = histogramOf([1, 2]);
  const copy = all.copy();
  all.record(3);
  expect(copy.count).toBe(2);
  expect(copy.percentile(100)).toBe(2);
});

test('buckets hold what they say', () => {
  const buckets: [number, number, number][] = [];
  histogramOf([-5, 0, 0.5, 120]).forEachBucket((low, high, count) => buckets.push([low, high, count]));
  expect(buckets.map(([, , count]) => count)).toEqual([1, 1, 1, 1]);
  for (const [at, held] of [-5, 0, 0.5, 120].entries()) {
    expect(buckets[at]?.[0]).toBeLessThanOrEqual(held);
    expect(buckets[at]?.[1]).toBeGreaterThanOrEqual(held);
  }
});

test('nothing at all is 0', () => {
  expect(new Histogram().percentile(95)).toBe(0);
  expect(new Histogram().toJSON()).toEqual({ count: 0, sum: 0, min: 0, max: 0, buckets: [] });
});

function histogramOf(values: readonly number[]): Histogram {
  const made = new Histogram();
  for (const each of values) made.record(each);
  return made;
}
