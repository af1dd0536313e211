import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ReporterOptions } from '../../reporters/output/options.ts';
import { refuseLostFile } from '../../util/file-state.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { writeWhole } from '../../util/write-whole.ts';
import { GuardedWriter } from '../process/guarded-writer.ts';
import type { Terminal } from '../process/terminal.ts';

/** Where a reporter writes: standard output, or a file made with its folders. A file that cannot be written is known at the end. `isAdded`: what it holds stays before it. */
export function openTarget(
  file: string | undefined,
  terminal: Pick<Terminal, 'cwd' | 'write' | 'flush'>,
  { isAdded = false } = {},
): Pick<ReporterOptions, 'write' | 'rewriteStart' | 'finish'> {
  if (file === undefined) return { write: terminal.write, finish: terminal.flush };
  const path = resolve(terminal.cwd, file);
  const guard = new GuardedWriter(`\`${file}\``);
  let descriptor: number | undefined;
  // Opened with the first text, so that a folder that cannot be written is this reporter's failure alone.
  const open = (): number => {
    descriptor ??= openFile(path, isAdded ? 'a' : 'w');
    return descriptor;
  };
  return {
    write: (text) => guard.try(() => writeWhole(open(), Buffer.from(text))),
    rewriteStart: (text) =>
      guard.try(() => {
        // A pipe or device has no start to go back to.
        if (fstatSync(open()).isFile()) writeWhole(open(), Buffer.from(text), 0);
      }),
    finish: async () => {
      guard.try(() => {
        const opened = open();
        try {
          refuseLostFile(opened, path);
        } finally {
          closeSync(opened);
        }
      });
      guard.throwIfLost();
    },
  };
}

function openFile(path: string, flags: 'a' | 'w'): number {
  makeFolder(dirname(path));
  // A pipe that nobody reads would hold the whole process: asked without waiting, it says so.
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO())
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  return openSync(path, flags);
}
