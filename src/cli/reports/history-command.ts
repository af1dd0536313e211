import { resolve } from 'node:path';
import { findChanges } from '../../records/history/find-changes.ts';
import { type ReadHistory, readHistory, readRecordedHistory } from '../../records/history/read-history.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { createPaint } from '../../util/paint.ts';
import type { ReportRunFlags } from '../arguments/report-flags.ts';

import { type CommandAbout, isColorWanted } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { writeHistory } from './write-history.ts';

/** Says what became of flows over many runs; gives the exit code, which says nothing of them. */
export async function historyCommand(flags: ReportRunFlags, { terminal }: CommandAbout): Promise<number> {
  const { entries, unread } = readRuns(flags, terminal.cwd);
  for (const { path, reason } of unread) terminal.writeError(`testmesh: \`${path}\` is passed over: ${reason}\n`);
  if (entries.length === 0) {
    const help = flags.historyDir === undefined ? 'run flows first' : `run flows with \`--history-dir\` first`;
    terminal.writeError(`✗ there is no run to compare in \`${flags.historyDir ?? flags.outputDir}\`: ${help}\n`);
    return EXIT.nothingMatched;
  }
  const changes = findChanges(entries);
  const paint = createPaint(isColorWanted(flags.color, terminal));
  terminal.write(
    flags.json
      ? `${JSON.stringify({ version: 1, runs: entries.map(({ flows: _, ...run }) => run), ...changes }, leaveOut, 2)}\n`
      : writeHistory(entries, changes, paint),
  );
  return EXIT.passed;
}

/** Of each run that is named its id, time and commit are enough. */
function leaveOut(key: string, value: unknown): unknown {
  if (key !== 'run') return value;
  const { runId, startedAt, commit } = value as { runId: string; startedAt: number; commit?: string };
  return { runId, startedAt, commit };
}

/** @throws UsageError when the folder cannot be read */
function readRuns({ historyDir, outputDir }: ReportRunFlags, cwd: string): ReadHistory {
  if (historyDir === undefined) return readRecordedHistory(resolve(cwd, outputDir));
  try {
    return readHistory(resolve(cwd, historyDir));
  } catch (error) {
    throw new UsageError(`\`${historyDir}\` cannot be read: ${describeFileTrouble(error)}`, [
      'it is the folder of `testmesh run --history-dir DIR`, or one of blobs',
    ]);
  }
}
