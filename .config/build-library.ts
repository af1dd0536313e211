import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds what `import … from 'testmesh/expr'` gives: one module, whose packages are loaded when first needed, and its types. */
export async function buildLibrary(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await Promise.all([
    build({
      entryPoints: ['src/expr/index.ts'],
      outfile: join(folder, 'expr.js'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      sourcemap: 'linked',
      sourcesContent: false,
      absWorkingDir: root,
      logLevel: 'warning',
    }),
    writeTypes(join(folder, 'types')),
  ]);
}

async function writeTypes(folder: string): Promise<void> {
  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc');
  const flags = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
  const input = ['--project', join(root, '.config/library.tsconfig.json'), '--outDir', folder];
  await promisify(execFile)(process.execPath, [tsc, ...input, ...flags], { cwd: root });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )) {
    const path = join(folder, name);
    // Declarations keep the endings of the sources, which compilers of others refuse.
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(['"]\.\.?\/[^'"]+)\.ts(['"])/g, '$1.js$2'));
  }
}
