import { expect, it } from 'vitest';
import { METRICS, Meter } from '../../../src/load/metrics/meter.ts';
import type { Output, SampleBatch, Series } from '../../../src/load/metrics/samples.ts';
import { OutputFeed } from '../../../src/load/run/output-feed.ts';

it('hands each sample out once, and goes on without an output that cannot take them', () => {
  const meter = new Meter({ tags: new Map([['testid', 't']]), keepsRaw: true });
  const batches: SampleBatch[] = [];
  let series: readonly Series[] = [];
  const good = createOutput(
    'good',
    (batch) => batches.push(batch),
    (all) => {
      series = all;
    },
  );
  const bad = createOutput('bad', () => {
    throw new Error('the disk is full');
  });
  const feed = new OutputFeed([bad, good], meter);
  const tags = meter.tagSets.get({ scenario: 's', error: undefined });
  for (let at = 0; at < 3000; at++)
    meter.add(METRICS.http_req_duration, tags, { value: at, atMs: at + 0.5, origin: { vu: 1, iter: at, url: '/x' } });
  feed.handOut(1);
  feed.handOut(2);
  meter.addRaw(METRICS.http_reqs, meter.tagSets.get({ scenario: 's' }), { value: 1, atMs: 9 });
  feed.handOut(3);
  expect(batches.map(({ length }) => length)).toEqual([3000, 1]);
  const [first] = batches;
  expect(first?.values[2999]).toBe(2999);
  expect([first?.iters[2999], first?.vus[0], first?.urls[7], first?.atMs[1]]).toEqual([2999, 1, '/x', 1.5]);
  // One object for each set of tags, those without a value left out.
  expect(batches[1]?.tags[0]).toBe(tags);
  expect([...tags.tags]).toEqual([
    ['scenario', 's'],
    ['testid', 't'],
  ]);
  expect(series.map(({ metric, count }) => [metric.name, count])).toEqual([['http_req_duration', 3000]]);
  expect(feed.notes).toEqual(['the output bad was dropped, for it could not take what was measured: the disk is full']);
});

function createOutput(
  name: string,
  takeBatch: (batch: SampleBatch) => void,
  takeSeries?: (series: readonly Series[]) => void,
): Output {
  return {
    name,
    wantsRaw: true,
    start: async () => undefined,
    takeBatch,
    ...(takeSeries && { takeSeries }),
    close: async () => ({ written: 0, lost: 0, notes: [] }),
  };
}
