import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { copyFolder } from '../../../demo-services/stack/cache.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-copy-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a copied folder is whole without the one that it was copied from', async () => {
  mkdirSync(join(root, 'from', 'lib'), { recursive: true });
  writeFileSync(join(root, 'from', 'lib', 'libx.so.1.2'), 'library');
  symlinkSync('libx.so.1.2', join(root, 'from', 'lib', 'libx.so.1'));
  await copyFolder(join(root, 'from'), join(root, 'to'));
  rmSync(join(root, 'from'), { recursive: true });
  expect(readlinkSync(join(root, 'to', 'lib', 'libx.so.1'))).toBe('libx.so.1.2');
  expect(readFileSync(join(root, 'to', 'lib', 'libx.so.1'), 'utf8')).toBe('library');
});
