import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Backlog } from '../../../../src/load/outputs/send/backlog.ts';
import { makeTestFolder, removeTestFolders } from '../made-samples.ts';

afterAll(removeTestFolders);

const parcel = (number: number, size = 100) => ({ points: 1, bytes: Buffer.alloc(size, number) });
const open = (limits: { memoryBytes?: number; diskBytes?: number }, temporaryFolder = makeTestFolder()) =>
  new Backlog({ memoryBytes: 1000, diskBytes: 10_000, ...limits, temporaryFolder });

describe('a backlog', () => {
  it('gives what it took in its order, whether it was in memory or on disk, and leaves no file', async () => {
    const folder = makeTestFolder();
    const backlog = open({}, folder);
    const got: number[] = [];
    for (let number = 1; number <= 60; number++) {
      expect(backlog.push(parcel(number))).toBe(true);
      expect(backlog.memoryBytes).toBeLessThanOrEqual(1000);
      if (number > 30) await setImmediate();
    }
    expect(backlog.points).toBe(60);
    await expect.poll(() => backlog.memoryBytes).toBeLessThanOrEqual(500);
    expect(backlog.diskBytes).toBeGreaterThanOrEqual(5500);
    const made = join(folder, readdirSync(folder)[0] ?? '');
    expect(statSync(made).mode & 0o077).toBe(0);
    for (let next = await backlog.take(); next; next = await backlog.take()) {
      got.push(next.bytes[0] ?? 0);
      backlog.release(next);
    }
    expect(got).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
    expect([backlog.memoryBytes, backlog.diskBytes]).toEqual([0, 0]);
    await backlog.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('has no room beyond its bounds', async () => {
    const backlog = open({ diskBytes: 200 });
    // Two of them to disk, which makes room for two more.
    const push = (count: number) => Array.from({ length: count }, (_, number) => backlog.push(parcel(number)));
    expect(push(20).filter(Boolean).length).toBe(10);
    await expect.poll(() => backlog.memoryBytes).toBe(800);
    expect(push(3)).toEqual([true, true, false]);
    expect([backlog.memoryBytes, backlog.diskBytes, backlog.points]).toEqual([1000, 200, 12]);
    await backlog.close();
  });

  it('puts back to the head', async () => {
    const backlog = open({});
    backlog.push(parcel(1));
    backlog.push(parcel(2));
    const first = await backlog.take();
    if (first) backlog.putBack(first);
    expect((await backlog.take())?.bytes[0]).toBe(1);
    expect(backlog.memoryBytes).toBe(200);
  });

  it('keeps in memory what the disk does not take, and says why', async () => {
    const folder = makeTestFolder();
    writeFileSync(join(folder, 'file'), '');
    const backlog = open({}, join(folder, 'file/folder'));
    for (let number = 0; number < 8; number++) expect(backlog.push(parcel(number))).toBe(true);
    await expect
      .poll(() => backlog.trouble)
      .toBe(`its backlog cannot be written to ${folder}/file/folder: a part of its path is a file`);
    const sizes: number[] = [];
    for (let next = await backlog.take(); next; next = await backlog.take()) sizes.push(next.bytes.length);
    expect(sizes).toEqual([100, 100, 100, 100, 100, 100, 100, 100]);
    await backlog.close();
  });

  it('counts what is gone from the disk', async () => {
    const folder = makeTestFolder();
    const backlog = open({}, folder);
    for (let number = 0; number < 8; number++) backlog.push(parcel(number));
    await expect.poll(() => backlog.memoryBytes).toBe(500);
    rmSync(join(folder, readdirSync(folder)[0] ?? ''), { recursive: true });
    for (let at = 0; at < 8; at++) await backlog.take();
    expect(backlog.lostPoints).toBe(3);
    expect(backlog.trouble).toBe('its backlog cannot be read back: it does not exist');
    await backlog.close();
  });
});
