import { closeSync, fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Ends the process with an exit code. Of a terminal whose window was closed Node cannot restore the settings, and would abort
 * instead: it leaves out what is closed.
 */
export function leave(exitCode: number): never {
  for (const fd of [0, 1, 2]) if (isDeadTerminal(fd)) closeSync(fd);
  process.exit(exitCode);
}

function isDeadTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && !isatty(fd);
  } catch {
    return false;
  }
}
