import { expect, it } from 'vitest';
import { isMostlyPausing } from '../../../src/cli/load/keep-heap-small.ts';
import type { ScenarioPlan } from '../../../src/model/load/load-plan.ts';

function scenario(vus: number, pauses: Pick<ScenarioPlan, 'think' | 'pacing'> = {}): ScenarioPlan {
  const executor = { kind: 'constant-vus', vus, durationMs: 1000 } as const;
  return { executor, ...pauses } as unknown as ScenarioPlan;
}

const second = { minMs: 1000, maxMs: 1000 };

it('many virtual users that think or are paced pause', () => {
  expect(isMostlyPausing({ scenarios: [scenario(1000, { think: second })] })).toBe(true);
  expect(isMostlyPausing({ scenarios: [scenario(100, { think: second }), scenario(100, { pacing: second })] })).toBe(
    true,
  );
});

it('few do not count, nor do many that go on at once', () => {
  expect(isMostlyPausing({ scenarios: [scenario(199, { think: second })] })).toBe(false);
  expect(isMostlyPausing({ scenarios: [scenario(1000)] })).toBe(false);
  expect(isMostlyPausing({ scenarios: [scenario(1000, { think: second }), scenario(1)] })).toBe(false);
});
