import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, of a mode, with those above it, where they are missing. @throws the system's error when it cannot
 *
 * Not by Node's own `recursive`, which never ends where nothing can be made, as below `/proc`.
 */
export function makeFolder(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && dirname(path) !== path && !isThere(dirname(path))) {
      makeFolder(dirname(path));
      mkdirSync(path, mode);
    } else if (!isThere(path)) throw error;
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
