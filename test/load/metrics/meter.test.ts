import { describe, expect, it } from 'vitest';
import { METRICS, Meter } from '../../../src/load/metrics/meter.ts';

describe('what a meter takes', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('takes %s for no sample, alone or among others', (value) => {
    const meter = new Meter({ keepsRaw: true });
    const tags = meter.tagSets.get({});
    for (const one of [value, 5, value]) meter.add(METRICS.event_lag, tags, { value: one, atMs: 1 });
    meter.addRaw(METRICS.event_lag, tags, { value, atMs: 1 });
    expect(meter.seriesOf(METRICS.event_lag, tags)).toMatchObject({ count: 1, sum: 5, min: 5, max: 5, last: 5 });
    expect(meter.takeBatch()).toMatchObject({ length: 1 });
  });
});
