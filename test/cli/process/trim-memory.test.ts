import { expect, it } from 'vitest';
import { createMemoryTrimmer } from '../../../src/cli/process/trim-memory.ts';
import type { RunEvent } from '../../../src/model/events.ts';

const flowFinished: RunEvent = {
  type: 'flow_finished',
  at: 0,
  flow: 0,
  about: { id: 'order', name: 'order', file: 'order.yaml', line: 1, traceId: '', tags: [] },
  outcome: 'passed',
  durationMs: 1,
  counts: { passed: 1, failed: 0, errored: 0, skipped: 0 },
  output: { captures: {}, secretNames: [] },
  problems: [],
};

it('collects when much was added, and looks after each 200 flows', () => {
  const collectedAfter: number[] = [];
  let flows = 0;
  let collectedAt = 0;
  const trimmer = createMemoryTrimmer({
    usedBytes: () => 20e6 + (flows - collectedAt) * 50_000,
    collect() {
      collectedAt = flows;
      collectedAfter.push(flows);
    },
  });
  while (flows < 2000) {
    flows++;
    trimmer.on(flowFinished);
  }
  expect(collectedAfter).toEqual([200, 800, 1400, 2000]);
});
