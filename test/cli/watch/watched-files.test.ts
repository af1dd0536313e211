import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WatchedFiles } from '../../../src/cli/watch/watched-files.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { writeFiles } from '../../support/write-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-watched-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);

/** Follows `flows/a.yaml`; what changes is told once the fake clock goes on. */
function follow(since = Date.now() + 1000) {
  writeFiles(folder, { 'flows/a.yaml': 'a: 1\n' });
  const clock = createFakeClock();
  const told: (readonly string[])[] = [];
  const watched = new WatchedFiles({
    clock,
    mayMatter: (path) => path.endsWith('.yaml'),
    note: (text) => void told.push([text]),
    onChange: (paths) => void told.push(paths),
  });
  watched.follow([file('flows/a.yaml')], [], since);
  const tell = async (count: number) => {
    await vi.waitUntil(async () => {
      await clock.advance(500);
      return told.length >= count;
    });
    return told;
  };
  return { clock, told, watched, tell };
}

it('tells what changed once it is quiet, and nothing of what is as it was or of no interest', async () => {
  const { clock, told, watched, tell } = follow();
  writeFiles(folder, { 'flows/log.txt': 'x', 'flows/a.yaml': 'a: 2\n' });
  await vi.waitUntil(() => clock.pendingCount === 1);
  await clock.advance(90);
  writeFiles(folder, { 'flows/b.yaml': 'b: 1\n' });
  await vi.waitUntil(() => clock.timerCount > 1);
  await clock.advance(90);
  expect(told).toEqual([]);
  expect(await tell(1)).toEqual([[file('flows/a.yaml'), file('flows/b.yaml')]]);
  watched.close();
});

it('tells of a file that is newer than the look at it', async () => {
  const { watched, tell } = follow(0);
  expect(await tell(1)).toEqual([[file('flows/a.yaml')]]);
  watched.close();
});

it('finds a folder again that was taken away and came back, as another branch brings it', async () => {
  const { watched, tell } = follow();
  renameSync(file('flows'), file('gone'));
  writeFiles(folder, { 'flows/a.yaml': 'a: 3\n' });
  const [first = []] = await tell(1);
  expect(first).toContain(file('flows/a.yaml'));
  watched.close();
});
