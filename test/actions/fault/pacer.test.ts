import { describe, expect, it } from 'vitest';
import { type Pace, Pacer } from '../../../src/actions/fault/pacer.ts';

/** Timers that fire when the test says so. */
function createTimers() {
  let now = 0;
  const timers: { at: number; call: () => void }[] = [];
  return {
    clock: {
      monotonic: () => now,
      after(ms: number, call: () => void) {
        const timer = { at: now + ms, call };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    },
    /** Lets all timers fire, in order. */
    run() {
      for (;;) {
        timers.sort((a, b) => a.at - b.at);
        const next = timers.shift();
        if (!next) return;
        now = Math.max(now, next.at);
        next.call();
      }
    },
  };
}

/** When each piece went on, and how long it was. */
function pace(paces: readonly Pace[], chunks: readonly number[], random = 0.5) {
  const { clock, run } = createTimers();
  const written: [number, number][] = [];
  const pacer = new Pacer({ clock, random: () => random }, (bytes) =>
    written.push([Math.round(clock.monotonic()), bytes.length]),
  );
  for (const size of chunks) pacer.add(Buffer.alloc(size), paces);
  let isEmpty = false;
  pacer.whenEmpty(() => {
    isEmpty = true;
  });
  run();
  return { written, isEmpty };
}

describe('bytes go on', () => {
  it.each<[string, Pace[], number[], [number, number][]]>([
    [
      'at once without a fault',
      [],
      [3, 4],
      [
        [0, 3],
        [0, 4],
      ],
    ],
    ['later', [{ latency: 200 }], [3], [[200, 3]]],
    ['later by the sum of several', [{ latency: 200 }, { latency: 50 }], [3], [[250, 3]]],
    [
      'in slices',
      [{ slice: { size: 2, delay: 10 } }],
      [5],
      [
        [0, 2],
        [10, 2],
        [20, 1],
      ],
    ],
    [
      'as fast as the bandwidth',
      [{ bandwidth: 1000 }],
      [100],
      [
        [50, 50],
        [100, 50],
      ],
    ],
    [
      'as fast as the smallest bandwidth',
      [{ bandwidth: 1000 }, { bandwidth: 500 }],
      [50],
      [
        [50, 25],
        [100, 25],
      ],
    ],
  ])('%s', (_title, paces, chunks, expected) => {
    expect(pace(paces, chunks)).toEqual({ written: expected, isEmpty: true });
  });

  it.each([
    [0, 150],
    [0.5, 200],
    [0.999_999, 250],
  ])('earlier or later by the jitter: drawn %d, at %d ms', (random, at) => {
    expect(pace([{ latency: 200, jitter: 50 }], [1], random).written).toEqual([[at, 1]]);
  });

  it('in their order, whatever the jitter', () => {
    const { clock, run } = createTimers();
    const draws = [1, 0];
    const written: number[] = [];
    const pacer = new Pacer({ clock, random: () => draws.shift() ?? 0 }, (bytes) => written.push(bytes[0] ?? -1));
    for (const value of [1, 2]) pacer.add(Buffer.from([value]), [{ latency: 100, jitter: 90 }]);
    run();
    expect(written).toEqual([1, 2]);
  });
});
