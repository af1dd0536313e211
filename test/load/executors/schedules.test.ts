import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listArrivals } from '../../../src/load/executors/arrivals.ts';
import { lengthOf, mostVusOf } from '../../../src/load/executors/extent.ts';
import { listVuChanges } from '../../../src/load/executors/vu-changes.ts';
import type { RampingArrivalExecutor, RampingVusExecutor, Stage } from '../../../src/model/load/load-plan.ts';
import { repeats } from '../../support/sample.ts';

const stage = fc.record({ durationMs: fc.integer({ min: 0, max: 20_000 }), target: fc.integer({ min: 0, max: 60 }) });
const stages = fc.array(stage, { minLength: 1, maxLength: 4 });
const pool = { timeUnitMs: 1000, preAllocatedVus: 1, maxVus: 1 };

describe('changes of virtual users', () => {
  it.each([
    ['one more at a time, evenly', ramping(0, [10_000, 5]), ['2000:1', '4000:2', '6000:3', '8000:4', '10000:5']],
    ['up, and down again', ramping(1, [2000, 3], [1000, 1]), ['1000:2', '2000:3', '2500:2', '3000:1']],
    ['a stage that stays', ramping(2, [1000, 2], [1000, 3]), ['2000:3']],
    ['a jump', ramping(1, [0, 4], [1000, 4]), ['0:4']],
  ] as const)('%s', (_, executor, changes) => {
    const all = [...listVuChanges(executor)].map(({ atMs, vus }) => `${atMs}:${vus}`);
    expect(all).toEqual([`0:${executor.startVus}`, ...changes]);
  });

  it('never go back in time, end at the last target, and stay below the most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), stages, (startVus, given) => {
        const executor: RampingVusExecutor = { kind: 'ramping-vus', startVus, stages: given, gracefulRampDownMs: 0 };
        const all = [...listVuChanges(executor)];
        const times = all.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(all.at(-1)?.vus).toBe(given.at(-1)?.target);
        expect(Math.max(...all.map(({ vus }) => vus))).toBeLessThanOrEqual(mostVusOf(executor));
      }),
      { seed: 3, numRuns: repeats('schedules of arrivals', 200) },
    );
  });
});

describe('arrivals', () => {
  it('at a constant rate come evenly, and so many as the rate says', () => {
    const all = [...listArrivals({ kind: 'constant-arrival-rate', rate: 50, durationMs: 10_000, ...pool })];
    expect(all).toHaveLength(500);
    expect(all.slice(0, 3)).toEqual([0, 20, 40]);
    const slow = { kind: 'constant-arrival-rate', rate: 10, durationMs: 60_000, ...pool, timeUnitMs: 60_000 } as const;
    expect([...listArrivals(slow)]).toEqual([0, 6000, 12_000, 18_000, 24_000, 30_000, 36_000, 42_000, 48_000, 54_000]);
  });

  it('at a rising rate come when the rate has come to the next whole one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), stages, (startRate, given) => {
        const executor: RampingArrivalExecutor = { kind: 'ramping-arrival-rate', startRate, stages: given, ...pool };
        const all = [...listArrivals(executor)];
        expect(all).toEqual([...all].sort((a, b) => a - b));
        for (const [index, atMs] of all.entries()) expect(integrate(executor, atMs)).toBeCloseTo(index + 1, 4);
        expect(all).toHaveLength(Math.floor(integrate(executor, lengthOf(executor)) + 1e-9));
      }),
      { seed: 4, numRuns: repeats('schedules of users', 200) },
    );
  });
});

function ramping(startVus: number, ...list: readonly (readonly [number, number])[]): RampingVusExecutor {
  const given: Stage[] = list.map(([durationMs, target]) => ({ durationMs, target }));
  return { kind: 'ramping-vus', startVus, stages: given, gracefulRampDownMs: 0 };
}

/** How many arrivals the rates come to until then. */
function integrate({ startRate, stages: given }: RampingArrivalExecutor, untilMs: number): number {
  let [from, startMs, sum] = [startRate, 0, 0];
  for (const { durationMs, target } of given) {
    const ms = Math.min(durationMs, Math.max(0, untilMs - startMs));
    const to = durationMs === 0 ? target : from + ((target - from) * ms) / durationMs;
    sum += ((from + to) / 2) * (ms / 1000);
    from = target;
    startMs += durationMs;
  }
  return sum;
}
