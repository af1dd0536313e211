import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type PruneOptions, pruneRuns } from '../../src/records/prune-runs.ts';
import { readReplay } from '../../src/records/replay.ts';
import { EventBuilder } from '../support/events.ts';
import { at, fullRun, partialRun, RecordSandbox } from '../support/records.ts';

let box: RecordSandbox;
beforeEach(() => {
  box = new RecordSandbox();
});
afterEach(() => box.remove());

const NOW = Date.UTC(2026, 0, 31);
const list = (): string[] => readdirSync(join(box.directory, 'runs')).sort();
const prune = (options: Partial<PruneOptions>) => pruneRuns(box.directory, { now: NOW, ...options });

/** Runs that are all kept for the time being. */
async function record(...ids: readonly string[]): Promise<void> {
  for (const [at, id] of ids.entries()) {
    const builder = id.startsWith('part') ? partialRun(at + 1) : fullRun(id, at + 1);
    await box.record(id, builder, { limits: { keep: 100 } });
  }
}

function begin(id: string, owner?: string): void {
  const folder = join(box.directory, 'runs', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'events.ndjson'), '');
  utimesSync(join(folder, 'events.ndjson'), 1, 1);
  if (owner !== undefined) writeFileSync(join(folder, 'running'), owner);
}

it('removes what is beyond the count, and half as many more pile up where nobody says a count', async () => {
  await record(...Array.from({ length: 31 }, (_, at) => `run-${String(at).padStart(2, '0')}`));
  await prune({ keep: 30 });
  expect(list()).toHaveLength(30);
  await prune({});
  expect(list()).toHaveLength(30);
  await record('run-99');
  await prune({});
  expect(list()).toHaveLength(20);
});

it('removes the oldest beyond the size, and never the newest', async () => {
  await record('a', 'b', 'c');
  const size = 3 * 1024;
  await prune({ maxBytes: size });
  const left = list();
  expect(left).toContain('c');
  expect(left.length).toBeLessThan(3);
  await prune({ maxBytes: 1 });
  expect(list()).toEqual(['c']);
});

it('leaves what is written: by a process that runs, and by one of another machine that was not silent for a day', async () => {
  begin('dead', 'here 1');
  begin('alive', 'here 2');
  begin('silent', 'there 3');
  begin('elsewhere', 'there 4');
  utimesSync(join(box.directory, 'runs', 'elsewhere', 'events.ndjson'), NOW / 1000 - 60, NOW / 1000 - 60);
  begin('broken');
  await record('a', 'b');
  const isRunning = (name: string): boolean | undefined => (name.startsWith('here') ? name === 'here 2' : undefined);
  await prune({ keep: 1, owner: { name: 'here 5', isRunning } });
  expect(list()).toEqual(['alive', 'b', 'elsewhere']);
});

it('leaves the last record of each flow that is there, of the whole and of chosen steps', async () => {
  const other = new EventBuilder().run({ runId: 'other' }).flow({ id: 'other', file: 'other.yaml' });
  const ended = other.step('one', { result: {} }).endFlow().endRun();
  await box.record('other', at(0.5, ended), { limits: { keep: 100 } });
  await record('part-1', 'full-1', 'part-2', 'full-2', 'full-3');
  const hasFile = (file: string): boolean => file !== 'other.yaml';
  await prune({ keep: 1 });
  expect(list()).toEqual(['full-3', 'other', 'part-2']);
  expect(
    readReplay({ directory: box.directory, flowFile: { path: 'other.yaml' }, flowId: 'other' }).replay,
  ).toBeDefined();
  await prune({ keep: 1, maxBytes: 1, hasFile });
  expect(list()).toEqual(['full-3', 'part-2']);
});

it('does no harm where other runs remove the same, and clears what one of them left half removed', async () => {
  await record('a', 'b', 'c', 'd');
  begin('.gone-x');
  await Promise.all([prune({ keep: 1 }), prune({ keep: 1 }), prune({ keep: 2 })]);
  expect(list()).toEqual(['d']);
});

it('takes the name of a record that is written away when it is over', async () => {
  const owner = { name: 'here 1', isRunning: () => true };
  await box.record('a', fullRun('a'), { owner });
  expect(readdirSync(join(box.directory, 'runs', 'a')).sort()).toEqual(['events.ndjson', 'meta.json']);
});
