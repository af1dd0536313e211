import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { EXIT, UsageError } from './usage-error.ts';

/** Puts a text in the place of a file in one go, with the rights that the file has; behind a link, of the file itself. @throws UsageError */
export function replaceFile(path: string, text: string): void {
  let draft: string | undefined;
  try {
    const target = realpathSync(path);
    draft = `${target}.${process.pid}.part`;
    writeFileSync(draft, text, { mode: statSync(target).mode, flag: 'wx' });
    renameSync(draft, target);
  } catch (error) {
    if (draft !== undefined) rmSync(draft, { force: true });
    throw new UsageError(`\`${path}\` cannot be written: ${describeFileTrouble(error)}`, [], EXIT.errored);
  }
}
