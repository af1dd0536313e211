import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program and arguments that run the guard: a bundle beside the bundled command, its source beside this one. */
export function findGuard(): readonly string[] {
  const own = fileURLToPath(import.meta.url);
  if (own.endsWith('.cjs')) return [process.execPath, join(dirname(own), 'guard.cjs')];
  // what loads the source here loads it there
  return [process.execPath, ...process.execArgv, join(dirname(own), 'guard.ts')];
}
