import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The program and arguments that run the guard: a bundle beside the bundled command, its source beside this one. */
export function findGuard(): readonly string[] {
  const own = fileURLToPath(import.meta.url);
  if (own.endsWith('.cjs')) return [process.execPath, join(dirname(own), 'guard.cjs')];
  return [
    process.execPath,
    '--import',
    pathToFileURL(createRequire(own).resolve('tsx')).href,
    join(dirname(own), 'guard.ts'),
  ];
}
