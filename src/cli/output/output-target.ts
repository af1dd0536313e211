import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ReporterOptions } from '../../reporters/options.ts';
import type { Terminal } from '../process/terminal.ts';

/** Where a reporter writes: standard output, or a file made with its folders. */
export function openTarget(
  file: string | undefined,
  terminal: Terminal,
): Pick<ReporterOptions, 'write' | 'rewriteStart' | 'finish'> {
  if (file === undefined) return { write: terminal.write, finish: terminal.flush };
  const path = resolve(terminal.cwd, file);
  let descriptor: number | undefined;
  // Opened with the first text, so that a folder that cannot be written is this reporter's failure alone.
  const open = (): number => {
    if (descriptor === undefined) {
      mkdirSync(dirname(path), { recursive: true });
      descriptor = openSync(path, 'w');
    }
    return descriptor;
  };
  return {
    write: (text) => void writeSync(open(), text),
    rewriteStart: (text) => void writeSync(open(), text, 0),
    finish: () => {
      closeSync(open());
      return Promise.resolve();
    },
  };
}
