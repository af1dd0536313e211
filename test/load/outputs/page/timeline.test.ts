import { describe, expect, it } from 'vitest';
import { METRICS, Meter } from '../../../../src/load/metrics/meter.ts';
import { Timeline } from '../../../../src/load/outputs/page/timeline.ts';

const TAGS = { scenario: 'users', step: 'pay' };

function create() {
  const meter = new Meter();
  const timeline = new Timeline();
  const tags = meter.tagSets.get(TAGS);
  return {
    timeline,
    take: (atMs: number) => timeline.take(meter.listAll(), atMs),
    add: (...values: readonly number[]) => {
      for (const value of values) meter.add(METRICS.step_duration, tags, { value, atMs: 0 });
    },
    points: () => timeline.listOf('step_duration')[0]?.points ?? [],
  };
}

describe('the timeline', () => {
  it('has what came from one look to the next, by itself', () => {
    const { add, take, points } = create();
    add(10, 20, 30);
    take(1000);
    add(500);
    take(2000);
    take(3000);
    add(1, 1, 1, 1, 100);
    take(4000);
    expect(points().map((point) => point?.count)).toEqual([3, 1, 0, 5]);
    const [first, second, , fourth] = points();
    expect(first?.med).toBeCloseTo(20, 0);
    // One by itself, though the least and the greatest of all are 10 and 500.
    expect(Math.abs((second?.p95 ?? 0) - 500)).toBeLessThan(5);
    expect(fourth?.med).toBeCloseTo(1, 1);
  });

  it('leaves a gap where a series was not there yet', () => {
    const { add, take, points } = create();
    take(1000);
    add(5);
    take(2000);
    expect(points().map((point) => point?.count)).toEqual([undefined, 1]);
  });

  it('counts from a second before its first look, which a setup may have put off', () => {
    const { take, timeline } = create();
    take(31_000);
    take(32_000);
    expect(timeline.moments.map(({ atMs, spanMs }) => [atMs, spanMs])).toEqual([
      [31_000, 1000],
      [32_000, 1000],
    ]);
  });

  it('takes a look that comes at once as a part of the one before', () => {
    const { add, take, points, timeline } = create();
    add(5);
    take(1000);
    add(7);
    take(1020);
    expect(timeline.moments).toEqual([{ atMs: 1020, spanMs: 1020, looks: 1 }]);
    expect(points().map((point) => point?.count)).toEqual([2]);
  });

  it('grows coarser, never larger, loses no count, and hides no peak', () => {
    const { add, take, points, timeline } = create();
    for (let second = 1; second <= 5000; second++) {
      add(second === 2500 ? 9000 : 10);
      take(second * 1000);
    }
    expect(timeline.moments.length).toBeLessThanOrEqual(240);
    expect(timeline.moments.length).toBeGreaterThan(100);
    expect(timeline.moments.at(-1)?.atMs).toBe(5_000_000);
    expect(timeline.moments.reduce((sum, { spanMs }) => sum + spanMs, 0)).toBe(5_000_000);
    expect(points().reduce((sum, point) => sum + (point?.count ?? 0), 0)).toBe(5000);
    expect(Math.max(...points().map((point) => point?.p95 ?? 0))).toBeGreaterThan(8900);
    expect(points().filter((point) => (point?.p95 ?? 0) > 100)).toHaveLength(1);
  });
});
