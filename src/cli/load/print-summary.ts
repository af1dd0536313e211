import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeChunks } from '../../load/merge/chunks.ts';
import type { LoadSummary } from '../../load/metrics/load-summary.ts';
import { formatSummary } from '../../load/summary/format-summary.ts';
import type { Verdict } from '../../load/thresholds/verdict.ts';
import type { SignalName } from '../../stop/stop-error.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { createPaint } from '../../util/paint.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';

/** Writes what a load came to where flags say, and as they say; gives the exit code. */
export function printSummary(summary: LoadSummary, flags: LoadFlags, terminal: Terminal): number {
  const { summaryMode: mode, summaryExport: file, summaryTimeUnit: timeUnit } = flags;
  const { exitCode, shard } = summary.run;
  const trouble = exportSummary(summary, file, terminal);
  if (trouble !== undefined) terminal.writeError(`testmesh: --summary-export ${file}: ${trouble}\n`);
  if (mode === 'json') terminal.write(`${JSON.stringify(summary)}\n`);
  if (mode === 'chunks') terminal.write(writeChunks(shard?.segment ?? '0:1', JSON.stringify(summary)));
  if (mode === 'compact' || mode === 'full') {
    const paint = createPaint(isColorWanted(flags.color, terminal));
    terminal.write(formatSummary(summary, { paint, isFull: mode === 'full', timeUnit }));
  }
  return trouble !== undefined && exitCode === EXIT.passed ? EXIT.errored : exitCode;
}

/** Writes the summary as JSON; gives why it could not be. */
function exportSummary(summary: LoadSummary, file: string | undefined, { cwd }: Terminal): string | undefined {
  if (file === undefined) return undefined;
  try {
    const path = resolve(cwd, file);
    makeFolder(dirname(path));
    writeFileSync(path, `${JSON.stringify(summary, null, 2)}\n`);
    return undefined;
  } catch (error) {
    return describeFileTrouble(error);
  }
}

export function toExitCode({ kind }: Verdict, interrupted: SignalName | undefined): number {
  switch (kind) {
    case 'passed':
      return EXIT.passed;
    case 'bug':
      return EXIT.bug;
    case 'interrupted':
      return EXIT[interrupted ?? 'SIGINT'];
    case 'threshold':
    case 'reconcile':
    case 'checks':
      return EXIT.crossed;
    case 'nothing':
      return EXIT.errored;
  }
}
