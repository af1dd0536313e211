import { resolve } from 'node:path';
import { findEvents } from '../../records/find-record.ts';
import { readBlobHead, readEvents } from '../../records/read-events.ts';
import { listRuns } from '../../records/run-folders.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import type { ReportRunFlags } from '../arguments/report-flags.ts';
import { readReporters } from '../output/open-reporters.ts';
import { listReportFiles, refuseOverwriting } from '../output/refuse-input-files.ts';
import type { CommandAbout } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { playRun } from './play-run.ts';

/** Reports a recorded run; gives the exit code, which says nothing of the run. */
export async function reportCommand(record: string, flags: ReportRunFlags, about: CommandAbout): Promise<number> {
  refuseMixed(record, flags);
  if (flags.history) return (await import('./history-command.ts')).historyCommand(flags, about);
  const { cwd } = about.terminal;
  const directory = resolve(cwd, flags.outputDir);
  const path = findEvents(record, { directory, cwd });
  if (path === undefined) throw describeAbsent(record, flags.outputDir, listRuns(directory).length);
  refuseOverwriting(listReportFiles(flags.reporter), [path], about);
  const { head, events } = readRun(path, record);
  if (!head && readReporters(flags.reporter, cwd).some(({ name }) => name === 'blob')) {
    throw new UsageError('a record does not say of which run it is a part, as a blob does', [
      'write the blob as the flows run: `testmesh run --reporter blob=run.blob`',
    ]);
  }
  const describeBlob = head && (async () => head);
  const unwritten = await playRun(events, flags, { about, reported: { ...(describeBlob && { describeBlob }) } });
  return unwritten.length > 0 ? EXIT.errored : EXIT.passed;
}

/** @throws UsageError for flags of one run beside those of many */
function refuseMixed(record: string, { history, json, reporter }: ReportRunFlags): void {
  if (!history && json) throw new UsageError('`--json` goes with `--history`', ['write `--reporter json` for one run']);
  if (history && reporter.length > 0)
    throw new UsageError('`--history` takes no reporter', ['write `--json` for programs']);
  if (history && record !== 'last')
    throw new UsageError('`--history` is over all runs, and takes no record', ['leave out the record, or `--history`']);
}

/** @throws UsageError when it holds no events of a run, or those of another version */
function readRun(path: string, record: string) {
  try {
    const events = readEvents(path);
    const first = events.next();
    if (!first.done) return { head: readBlobHead(path), events: prepend(first.value, events) };
  } catch (error) {
    throw new UsageError(`\`${record}\` cannot be read: ${describeFileTrouble(error)}`);
  }
  throw new UsageError(`\`${record}\` holds no events of a run`, [
    'it is a record, a blob, or what `--reporter ndjson=FILE` wrote',
  ]);
}

function* prepend<T>(first: T, rest: Iterable<T>): Generator<T> {
  yield first;
  yield* rest;
}

function describeAbsent(record: string, directory: string, count: number): UsageError {
  const help = count === 0 ? 'run a flow once, or name another folder with `--output-dir`' : 'the last run is `last`';
  return new UsageError(`there is no record \`${record}\`: neither a run in \`${directory}\` nor a file`, [help]);
}
