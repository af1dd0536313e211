import { fileURLToPath } from 'node:url';
import { bundleEntries, type EntryName, entries } from '../demo-services/stack/bundle.ts';

/** Bundles the demo services, the stack and the demo into dist/demo. */
export async function buildDemo(): Promise<void> {
  const folder = fileURLToPath(new URL('../dist/demo', import.meta.url));
  await bundleEntries(Object.keys(entries) as EntryName[], folder);
}
