import { expect, it } from 'vitest';
import { METRICS, Meter } from '../../../src/load/metrics/meter.ts';
import { Iteration } from '../../../src/load/run/iteration.ts';
import { KnownSteps } from '../../../src/load/run/known-steps.ts';
import { StepSampler } from '../../../src/load/run/step-sampler.ts';
import { StepTags } from '../../../src/load/run/step-tags.ts';
import { VerdictBook } from '../../../src/load/run/verdict-book.ts';
import type { Problem, StepFinished } from '../../../src/model/events.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { buildFlow } from '../../support/plan-builder.ts';

const problem = (message: string): Problem => ({ outcome: 'failed', kind: 'assertion', message });

it('tells why a check is false by its own problem, whatever an action and a watch found wanting', () => {
  const meter = new Meter();
  const book = new VerdictBook();
  const sampler = new StepSampler(book, () => 0);
  const tags = new StepTags({ meter, common: {}, isWarmUp: false });
  const terms = { flowId: 'flow', tags, steps: new KnownSteps(buildFlow({ steps: [] })), isWarmUp: false };
  sampler.follow(0, new Iteration(terms, { meter, origin: { vu: 1, iter: 0 }, stop: new Stop() }));
  const checks = ['status == 200', 'body.a == 1', 'body.b == 2'].map((text, at) => ({ text, holds: at === 0 }));
  sampler.on({
    ...{ type: 'step_finished', flow: 0, outcome: 'failed', timing: { durationMs: 1 } },
    step: { id: 'pay', action: 'http_request', address: 'pay', phase: 'steps', depth: 0 },
    problems: [
      problem('the answer is late'),
      problem('`body.a == 1` is false'),
      problem('an order of its own: `body.b == 2` is false'),
      problem('a row too many'),
    ],
    evidence: { measures: { requests: [], values: [], checks } },
  } as unknown as StepFinished);
  const reasons = meter.listOf(METRICS.checks.name).map(({ tags: { id } }) => book.firstOf(`${id}`));
  expect(reasons).toEqual([undefined, '`body.a == 1` is false', 'an order of its own: `body.b == 2` is false']);
});
