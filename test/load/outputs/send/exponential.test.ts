import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Histogram } from '../../../../src/load/metrics/histogram.ts';
import { toExponential } from '../../../../src/load/outputs/send/exponential.ts';

it('keeps each value within the width of two buckets, and loses none', () => {
  const value = fc.oneof(
    fc.double({ min: -1e5, max: 1e5, noNaN: true }),
    fc.constant(0),
    fc.double({ min: 0.001, max: 10 }),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 100 }), fc.constantFrom(1, 0.001), (values, factor) => {
      const usual = values.filter((each) => !Number.isNaN(each));
      const histogram = new Histogram();
      for (const each of usual) histogram.record(each);
      const { zeroCount, zeroThreshold, positive, negative } = toExponential(histogram, factor);
      const expand = (row: typeof positive, sign: number): readonly number[] =>
        row.counts.flatMap((count, at) =>
          Array.from({ length: count }, () => sign * 2 ** ((row.offset + at + 0.5) / 128)),
        );
      const zeros = Array.from({ length: zeroCount }, () => 0);
      const found = [...expand(negative, -1), ...zeros, ...expand(positive, 1)].sort((a, b) => a - b);
      const expected = usual.map((each) => each * factor).sort((a, b) => a - b);
      expect(found.length).toBe(expected.length);
      for (const [at, each] of expected.entries())
        expect(Math.abs((found[at] ?? 0) - each)).toBeLessThanOrEqual(Math.abs(each) * 0.011 + zeroThreshold);
    }),
    { numRuns: 200 },
  );
});
