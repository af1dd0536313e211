import { describe, expect, it } from 'vitest';
import { type Amounts, planExecutor } from '../../../src/plan/load/executor.ts';

const stages = [{ duration: 5000, target: 10 }];
const arrival = { timeUnitMs: 1000, preAllocatedVus: 4, maxVus: 4 };

describe('the executor that settings ask for', () => {
  it.each<[string, Amounts, object]>([
    ['nothing: one iteration', {}, { kind: 'shared-iterations', vus: 1, iterations: 1, maxDurationMs: 600_000 }],
    [
      'users alone: one iteration each',
      { vus: 5 },
      { kind: 'shared-iterations', vus: 5, iterations: 5, maxDurationMs: 600_000 },
    ],
    [
      'iterations',
      { vus: 2, iterations: 9 },
      { kind: 'shared-iterations', vus: 2, iterations: 9, maxDurationMs: 600_000 },
    ],
    ['a duration', { vus: 2, duration: 1000 }, { kind: 'constant-vus', vus: 2, durationMs: 1000 }],
    [
      'stages, from the users',
      { vus: 3, stages },
      { kind: 'ramping-vus', startVus: 3, stages: [{ durationMs: 5000, target: 10 }], gracefulRampDownMs: 30_000 },
    ],
    [
      'a rate',
      { rate: 50, duration: 1000, pre_allocated_vus: 4 },
      { kind: 'constant-arrival-rate', rate: 50, durationMs: 1000, ...arrival },
    ],
    [
      'a rate as text',
      { rate: '30/m', duration: 1000, pre_allocated_vus: 4 },
      { kind: 'constant-arrival-rate', rate: 30, durationMs: 1000, ...arrival, timeUnitMs: 60_000 },
    ],
    [
      'a rate that rises',
      { start_rate: 5, stages, pre_allocated_vus: 4, max_vus: 9 },
      { kind: 'ramping-arrival-rate', startRate: 5, stages: [{ durationMs: 5000, target: 10 }], ...arrival, maxVus: 9 },
    ],
    [
      'a search, with as many virtual users as begin in 5 s',
      { executor: 'find-capacity', start_rate: 30, max_rate: 600, step: 30, hold: 5000, time_unit: 60_000 },
      {
        ...{ kind: 'find-capacity', startRate: 30, maxRate: 600, step: 30, holdMs: 5000, thresholds: [] },
        ...{ timeUnitMs: 60_000, preAllocatedVus: 1, maxVus: 50 },
      },
    ],
    [
      'one by name',
      { executor: 'per-vu-iterations', vus: 2, iterations: 3, max_duration: 5000 },
      { kind: 'per-vu-iterations', vus: 2, iterations: 3, maxDurationMs: 5000 },
    ],
  ])('%s', (_, amounts, executor) => {
    expect(planExecutor(amounts)).toEqual(executor);
  });

  it.each<[Amounts, string]>([
    [{ duration: 1000, iterations: 2 }, '`iterations` and `duration` exclude each other'],
    [{ rate: 5, iterations: 2 }, '`rate` and `iterations` exclude each other'],
    [{ rate: 5, duration: 1000 }, '`constant-arrival-rate` needs `pre_allocated_vus`'],
    [{ rate: 0, duration: 1000, pre_allocated_vus: 1 }, '`rate`: expected a number above 0, or one like `50/s`, got 0'],
    [
      { rate: '5/parsec', duration: 1000, pre_allocated_vus: 1 },
      '`rate`: expected a number above 0, or one like `50/s`, got "5/parsec"',
    ],
    [
      { rate: 5, duration: 1000, pre_allocated_vus: 3, max_vus: 2 },
      '`max_vus`: expected at least the 3 of `pre_allocated_vus`, got 2',
    ],
    [{ executor: 'constant-vus' }, '`constant-vus` needs `duration`'],
    [{ executor: 'find-capacity', max_rate: 5, step: 5, hold: 5 }, '`find-capacity` needs `start_rate`'],
    [
      { stages: [{ duration: 1, target: 1.5 }] },
      '`stages`: expected a whole number of virtual users as `target`, got 1.5',
    ],
  ])('%j is a mistake', (amounts, message) => {
    const mistakes = planExecutor(amounts);
    expect(Array.isArray(mistakes) && mistakes.map((mistake) => mistake.message)).toContain(message);
  });
});
