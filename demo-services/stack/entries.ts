import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EntryName } from './bundle.ts';

/**
 * Returns the folder that holds the named entries as `<name>.cjs`: the own folder when this is a bundle itself,
 * else `folder`, into which they are bundled now, so that what runs is never older than its source.
 */
export async function provideEntries(names: EntryName[], folder: string): Promise<string> {
  const own = dirname(fileURLToPath(import.meta.url));
  if (existsSync(join(own, 'guard.cjs'))) return own;
  const { bundleEntries } = await import('./bundle.ts');
  await bundleEntries(names, folder);
  return folder;
}
