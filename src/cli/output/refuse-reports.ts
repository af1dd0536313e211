import { rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { refuseReport, reporterNames } from '../../reporters/registry.ts';
import type { Terminal } from '../process/terminal.ts';
import { openTarget } from './output-target.ts';
import { isOneOf } from './refuse-input-files.ts';

/** A file that a command line names for what comes of a run. */
interface NamedFile {
  /** The reporter; undefined where the file is data, of which there is none. */
  readonly reporter?: string;
  readonly file: string;
}

/**
 * Puts into the files that a run was to write why it did not start: what an older run left there would be taken for what came of this
 * one. Files of data are removed. What cannot be written is told by the run that can start.
 */
export async function refuseReports(words: readonly string[], said: string, terminal: Terminal): Promise<void> {
  const named = listFiles(words);
  // Where several would have written the same, which is refused, a reader of JUnit understands the least else.
  const ordered = [
    ...named.filter((one) => one.reporter === 'junit'),
    ...named.filter((one) => one.reporter !== 'junit'),
  ];
  const cwd = ordered.length === 0 ? undefined : findFolder(terminal);
  if (cwd === undefined) return;
  const seen = new Set<string>();
  const others = listOthers(words).map((word) => resolve(cwd, word));
  for (const { reporter, file } of ordered) {
    const path = resolve(cwd, file);
    // Why the run did not start may be that it would have overwritten what it reads.
    if (seen.has(path) || FLOW.test(file) || isOneOf(path, others)) continue;
    seen.add(path);
    if (reporter === undefined) removeFile(path);
    else {
      const target = openTarget(file, terminal);
      target.write(await refuseReport(reporter, said));
      await target.finish?.().catch(() => undefined);
    }
  }
}

/** Where names of files begin; undefined where the folder is gone. */
function findFolder(terminal: Terminal): string | undefined {
  try {
    return terminal.cwd;
  } catch {
    return undefined;
  }
}

const FLOW = /\.ya?ml$/i;

/** What words of a command line may name that is read: `flow.yaml`, `--env-file=.env`. */
function listOthers(words: readonly string[]): readonly string[] {
  const isWritten = (word = ''): boolean => /^--summary-export(?:=|$)/.test(word);
  return words.flatMap((word, at) => {
    if (isWritten(word) || isWritten(words[at - 1])) return [];
    return word.startsWith('-') ? [word.replace(/^[^=]*=/, '')] : [word];
  });
}

/** Commands that write what their reporters say of a run. */
const REPORTING: ReadonlySet<string> = new Set(['run', 'report', 'merge-reports']);

/** As they stand on the command line: a mistake in it is one of the reasons. */
function listFiles(words: readonly string[]): readonly NamedFile[] {
  const [command] = words;
  // Of what would run, here or elsewhere, no report is written.
  if (words.some((word) => /^--(?:dry-run$|emit(?:=|$))/.test(word))) return [];
  return words.flatMap((word, at) => {
    const [flag = '', ...rest] = word.split('=');
    const value = rest.length > 0 ? rest.join('=') : (words[at + 1] ?? '');
    const [name = '', ...path] = value.split('=');
    const file = path.join('=');
    if (REPORTING.has(command ?? '') && flag === '--reporter')
      return file !== '' && reporterNames.includes(name) ? [{ reporter: name, file }] : [];
    if (command !== 'load') return [];
    if (flag === '--summary-export') return value === '' ? [] : [{ file: value }];
    return (flag === '--out' || word === '-o') && file !== '' && !file.includes('://') ? [{ file }] : [];
  });
}

function removeFile(path: string): void {
  try {
    if (statSync(path).isFile()) rmSync(path);
  } catch {
    // Where it is not there, or may not be touched, nothing was going to be written either.
  }
}
