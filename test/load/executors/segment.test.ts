import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listArrivals } from '../../../src/load/executors/arrivals.ts';
import { mostVusOf, poolOf, sharedIterationsOf } from '../../../src/load/executors/extent.ts';
import { listSegments, readSegment, type Segment } from '../../../src/load/executors/segment.ts';
import { listVuChanges } from '../../../src/load/executors/vu-changes.ts';
import type {
  IterationsExecutor,
  RampingArrivalExecutor,
  RampingVusExecutor,
} from '../../../src/model/load/load-plan.ts';
import { repeats } from '../../support/sample.ts';

function read(text: string, sequence?: string): Segment {
  const segment = readSegment(text, sequence);
  if ('message' in segment) throw new Error(segment.message);
  return segment;
}

function cut(sequence: string): readonly Segment[] {
  return listSegments(sequence).map((text) => read(text, sequence));
}

/** A whole that is cut at any fractions. */
const parts = fc
  .record({
    bottom: fc.integer({ min: 1, max: 60 }),
    tops: fc.uniqueArray(fc.integer({ min: 1, max: 59 }), { maxLength: 6 }),
  })
  .map(({ bottom, tops }) => {
    const inner = tops.filter((top) => top < bottom).sort((a, b) => a - b);
    return cut(['0', ...inner.map((top) => `${top}/${bottom}`), '1'].join(','));
  });
const sumOf = (segments: readonly Segment[], read: (segment: Segment) => number): number =>
  segments.reduce((sum, segment) => sum + read(segment), 0);
const stage = fc.record({ durationMs: fc.integer({ min: 0, max: 20_000 }), target: fc.integer({ min: 0, max: 60 }) });
const stages = fc.array(stage, { minLength: 1, maxLength: 4 });

describe('parts of a segment, for threads', () => {
  it('have each of its things once, with the number it has among all, as evenly as can be', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 7 }), fc.nat(200), (segments, count, total) => {
        for (const { slice } of segments) {
          const threads = Array.from({ length: count }, (_, index) => slice.part(index, count));
          const counts = threads.map((thread) => thread.count(total));
          const owned = threads.flatMap((thread, index) =>
            Array.from({ length: counts[index] ?? 0 }, (_, nth) => thread.at(nth)),
          );
          expect(owned.sort((a, b) => a - b)).toEqual(
            Array.from({ length: slice.count(total) }, (_, nth) => slice.at(nth)),
          );
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('segments', () => {
  it.each([
    ['0:1/3', '1/3:2/3', '2/3:1', [4, 3, 3]],
    ['0:1/2', '1/2:3/4', '3/4:1', [5, 3, 2]],
    ['0:0.2', '20%:1/2', '0.5:1', [2, 3, 5]],
  ] as const)('%s, %s and %s of ten', (...given) => {
    const [first, second, third, counts] = given;
    const sequence = `0,${second.replace(':', ',')},1`;
    expect([first, second, third].map((text) => read(text, sequence).slice.count(10))).toEqual(counts);
  });

  it('are taken for equal parts where no sequence is given', () => {
    expect(read('1/3:2/3')).toMatchObject({ sequence: '0,1/3,2/3,1', index: 1, count: 3 });
    expect(read('0.25:0.5')).toMatchObject({ text: '1/4:1/2', sequence: '0,1/4,1/2,3/4,1', index: 1 });
    expect(read('0:1')).toMatchObject({ sequence: '0,1', count: 1 });
  });

  it.each([
    ['1/3', undefined, 'expected two rising fractions from 0 to 1, got `1/3`'],
    ['2/3:1/3', undefined, 'expected two rising fractions'],
    ['0:4/3', undefined, 'expected two rising fractions'],
    ['0:1/0', undefined, 'expected two rising fractions'],
    ['1/4:1', undefined, '`1/4:1` is none of a number of equal parts'],
    ['0:1/3', '0,1/2,1', '`0:1/3` is no part of the sequence 0,1/2,1'],
    ['0:1/2', '0,1/2', 'sequence: expected rising fractions from 0 to 1, got `0,1/2`'],
    ['0:1/2', '0,1/2,1/3,1', 'sequence: expected rising fractions'],
    ['0:1/9973', '0,1/9973,1/9967,1', 'the fractions have no common denominator up to 10000'],
  ] as const)('%s of %s: %s', (text, sequence, message) => {
    const segment = readSegment(text, sequence);
    expect('message' in segment && segment.message).toContain(message);
  });

  it('have each thing once together, and each its fair part', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 400 }), (segments, total) => {
        expect(sumOf(segments, ({ slice }) => slice.count(total))).toBe(total);
        const owners = Array.from(
          { length: total },
          (_, index) => segments.filter(({ slice }) => slice.has(index)).length,
        );
        expect(owners.every((count) => count === 1)).toBe(true);
        for (const { slice, text } of segments) {
          const [from = 0, to = 0] = text.split(':').map((one) =>
            one
              .split('/')
              .map(Number)
              .reduce((a, b) => a / b),
          );
          expect(Math.abs(slice.count(total) - total * (to - from))).toBeLessThanOrEqual(segments.length);
          const numbers = Array.from({ length: slice.count(total) }, (_, nth) => slice.at(nth));
          expect(numbers.every((number) => slice.has(number) && number < total)).toBe(true);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        }
      }),
      { seed: 1, numRuns: repeats('segments', 300) },
    );
  });

  it('have together the virtual users of the whole at each time', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 20 }), stages, (segments, startVus, given) => {
        const executor: RampingVusExecutor = { kind: 'ramping-vus', startVus, stages: given, gracefulRampDownMs: 0 };
        const own = segments.map(({ slice }) => [...listVuChanges(executor, slice)]);
        for (const { atMs } of listVuChanges(executor)) {
          const at = (changes: ReturnType<typeof listVuChanges> | (typeof own)[number]): number =>
            [...changes].filter((change) => change.atMs <= atMs).at(-1)?.vus ?? 0;
          expect(own.reduce((sum, changes) => sum + at(changes), 0)).toBe(at(listVuChanges(executor)));
        }
        expect(sumOf(segments, ({ slice }) => mostVusOf(executor, slice))).toBe(mostVusOf(executor));
      }),
      { seed: 2, numRuns: repeats('virtual users of segments', 100) },
    );
  });

  it('have together the iterations of the whole, and none where there is no virtual user', () => {
    const amount = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(parts, amount, amount, (segments, vus, iterations) => {
        const executor: IterationsExecutor = { kind: 'shared-iterations', vus, iterations, maxDurationMs: 1 };
        expect(sumOf(segments, ({ slice }) => sharedIterationsOf(executor, slice))).toBe(iterations);
        for (const { slice } of segments)
          if (mostVusOf(executor, slice) === 0) expect(sharedIterationsOf(executor, slice)).toBe(0);
      }),
      { seed: 3, numRuns: repeats('iterations of segments', 300) },
    );
  });

  it('have together the arrivals of the whole, each at its time, and the virtual users for them', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 60 }), stages, (segments, startRate, given) => {
        const pool = { timeUnitMs: 1000, preAllocatedVus: 7, maxVus: 23 };
        const executor: RampingArrivalExecutor = { kind: 'ramping-arrival-rate', startRate, stages: given, ...pool };
        const own = segments.flatMap(({ slice }) => [...listArrivals(executor, slice)]);
        expect(own.sort((a, b) => a - b)).toEqual([...listArrivals(executor)]);
        expect(sumOf(segments, ({ slice }) => poolOf(executor, slice)[0])).toBe(7);
        expect(sumOf(segments, ({ slice }) => poolOf(executor, slice)[1])).toBe(23);
      }),
      { seed: 4, numRuns: repeats('arrivals of segments', 60) },
    );
  });
});
