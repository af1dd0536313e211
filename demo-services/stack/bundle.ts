import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What runs as a process of its own, by the name of its bundle. */
export const entries = {
  guard: source('../src/cli/process/guard.ts'),
  'user-service': source('user-service/main.ts'),
  'product-service': source('product-service/main.ts'),
  'order-service': source('order-service/main.ts'),
  'notification-service': source('notification-service/main.ts'),
  stack: source('stack/main.ts'),
  demo: source('demo.ts'),
};

export type EntryName = keyof typeof entries;

/** Bundles entries into `<folder>/<name>.cjs`, with source maps. */
export async function bundleEntries(names: EntryName[], folder: string): Promise<void> {
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, entries[name]])),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'linked',
    logLevel: 'warning',
    // a bundle finds its entries beside itself and never bundles; pg asks for its native twin in a try
    external: ['esbuild', 'pg-native'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}
