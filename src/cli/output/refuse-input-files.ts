import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PROJECT_FILE } from '../arguments/find-project.ts';
import type { PlannedFlows } from '../arguments/planned-flows.ts';
import type { CommandAbout } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';

/** A file that a command is to write, and the words that ask for it. */
interface WrittenFile {
  readonly asked: string;
  readonly file: string;
}

/** The files that flags of values name. */
interface InputFlags {
  readonly envFile: readonly string[];
  readonly varFile: readonly string[];
}

/** What a command writes may not be what it reads: a flow, its data, what it calls, testmesh.yaml. @throws UsageError */
export function refuseInputFiles(
  written: readonly WrittenFile[],
  { sources, project }: Pick<PlannedFlows, 'sources' | 'project'>,
  { flags, about }: { flags: InputFlags; about: CommandAbout },
): void {
  const ofProject = project ? [join(project.directory, PROJECT_FILE)] : [];
  const named = [...sources.flowFiles, ...sources.read, ...ofProject, ...flags.envFile, ...flags.varFile];
  refuseOverwriting(written, named, about);
}

/** Files that reporters write, as their flags name them. */
export function listReportFiles(texts: readonly string[]): readonly WrittenFile[] {
  return texts.flatMap((text) => {
    const [, ...path] = text.split('=');
    return path.length === 0 ? [] : [{ asked: `--reporter ${text}`, file: path.join('=') }];
  });
}

/** Nothing that is written may be one of what is read; why nothing runs is not written there either. @throws UsageError */
export function refuseOverwriting(
  written: readonly WrittenFile[],
  read: readonly string[],
  { terminal, onStart }: CommandAbout,
): void {
  if (written.length === 0) return;
  const { cwd } = terminal;
  const inputs = read.map((file) => resolve(cwd, file));
  const own = written.find(({ file }) => isOneOf(resolve(cwd, file), inputs));
  if (!own) return;
  onStart?.();
  throw new UsageError(`${own.asked}: \`${own.file}\` is a file of this run, and would be overwritten`, [
    'give what is written a file of its own',
  ]);
}

/** Whether a path leads to the same file as one of several, by links too. */
export function isOneOf(path: string, others: Iterable<string>): boolean {
  const own = identify(path);
  if (own === undefined) return false;
  for (const other of others) if (identify(other) === own) return true;
  return false;
}

function identify(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    // What is not there, or cannot be looked at, is no file that was read.
    return undefined;
  }
}
