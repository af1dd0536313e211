import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, of a mode, with those above it, where they are missing. @throws the system's error when it cannot
 *
 * Not by Node's own `recursive`, which never ends where nothing can be made, as below `/proc`.
 */
export function makeFolder(path: string, mode?: number): void {
  if (tryToMake(path, mode) === 'made') return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  const outcome = tryToMake(path, mode);
  if (outcome !== 'made') throw outcome;
}

/** Gives the error where the folder above is missing, or was until another process made it. @throws any other error */
function tryToMake(path: string, mode: number | undefined): 'made' | Error {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (isThere(path)) return 'made';
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return error;
    throw error;
  }
  return 'made';
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
