import { expect, it } from 'vitest';
import type { SampleOrigin } from '../../../src/load/metrics/batch.ts';
import { METRICS, Meter } from '../../../src/load/metrics/meter.ts';
import { Iteration } from '../../../src/load/run/iteration.ts';
import { KnownSteps } from '../../../src/load/run/known-steps.ts';
import { StepTags } from '../../../src/load/run/step-tags.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { buildFlow } from '../../support/plan-builder.ts';

/** The origins that the meter gets of the samples of two requests and of a step. */
function listOrigins(keepsRaw: boolean): readonly (SampleOrigin | undefined)[] {
  const origins: (SampleOrigin | undefined)[] = [];
  const meter = new Meter({ keepsRaw });
  meter.add = (_metric, _tags, { origin }) => void origins.push(origin);
  const tags = new StepTags({ meter, common: {}, isWarmUp: false });
  const terms = { flowId: 'flow', tags, steps: new KnownSteps(buildFlow({ steps: [] })), isWarmUp: false };
  const iteration = new Iteration(terms, { meter, origin: { vu: 1, iter: 2 }, stop: new Stop() });
  for (const url of ['http://a/1', 'http://a/1', 'http://a/2', undefined])
    iteration.add(METRICS.http_reqs, tags.base, { value: 1, atMs: 0, url });
  return origins;
}

it('makes one origin for all samples of a request', () => {
  const origins = listOrigins(true);
  expect(origins).toEqual([
    { vu: 1, iter: 2, url: 'http://a/1' },
    { vu: 1, iter: 2, url: 'http://a/1' },
    { vu: 1, iter: 2, url: 'http://a/2' },
    { vu: 1, iter: 2 },
  ]);
  expect(new Set(origins).size).toBe(3);
});

it('makes none where no output wants samples one by one', () => {
  expect(new Set(listOrigins(false)).size).toBe(1);
});
