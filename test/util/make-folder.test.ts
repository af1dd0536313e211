import fs, { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/util/make-folder.ts';

describe('a folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'testmesh-folder-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is made with those above it, and may be there', () => {
    const path = join(root, 'a', 'b', 'c');
    for (let time = 0; time < 2; time++) {
      makeFolder(path);
      expect(statSync(path).isDirectory()).toBe(true);
    }
  });

  it('is there though another process makes those above it at the same time', () => {
    const path = join(root, 'd', 'e', 'f');
    const { mkdirSync } = fs;
    fs.mkdirSync = ((one: string, mode?: number) => {
      try {
        return mkdirSync(one, mode);
      } finally {
        // The other one is there right after the first refusal.
        if (one === path) mkdirSync(join(root, 'd', 'e'), { recursive: true });
      }
    }) as typeof mkdirSync;
    syncBuiltinESMExports();
    try {
      makeFolder(path);
    } finally {
      fs.mkdirSync = mkdirSync;
      syncBuiltinESMExports();
    }
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('is not made below a file, nor in its place', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file)).toThrow('EEXIST');
    expect(() => makeFolder(join(file, 'a', 'b'))).toThrow('ENOTDIR');
  });

  it.runIf(process.platform === 'linux').each(['/proc/x', '/proc/x/y/z', '/proc/1/x/y'])(
    'is refused where nothing can be made: %s',
    (path) => {
      expect(() => makeFolder(path)).toThrow('ENOENT');
    },
  );
});
