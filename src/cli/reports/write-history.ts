import type { HistoryEntry } from '../../records/history/entry.ts';
import type { Broken, Changes, Flaky, Mended, Pass, Slower } from '../../records/history/find-changes.ts';
import { cleanLine } from '../../reporters/output/text.ts';
import { countOf } from '../../util/count.ts';
import { formatDuration } from '../../util/duration.ts';
import type { Paint } from '../../util/paint.ts';

/** Writes what became of flows over runs, oldest first. */
export function writeHistory(runs: readonly HistoryEntry[], changes: Changes, paint: Paint): string {
  const [first, last] = [runs[0], runs.at(-1)];
  const commits = new Set(runs.flatMap(({ commit }) => commit ?? [])).size;
  const span = first && last ? `, ${writeDay(first)} to ${writeDay(last)}` : '';
  const head = paint.bold(
    `${countOf(runs.length, 'run')}${span}${commits > 0 ? `, ${countOf(commits, 'commit')}` : ''}`,
  );
  const sections = [
    writeSection('broken', changes.broken, (one) => writeBroken(one, runs, paint)),
    writeSection('flaky', changes.flaky, (one) => writeFlaky(one, paint)),
    writeSection('slower', changes.slower, (one) => writeSlower(one, paint)),
    writeSection('mended', changes.mended, (one) => writeMended(one, paint)),
  ].flat();
  const nothing = [' ✓ nothing is broken, nothing is flaky, nothing became slow', ''];
  return [` ${head}`, '', ...(sections.length === 0 ? nothing : sections)].join('\n');
}

function writeSection<T>(title: string, found: readonly T[], write: (one: T) => readonly string[]): readonly string[] {
  return found.length === 0 ? [] : [` ${title}`, ...found.flatMap(write).map((line) => `   ${line}`), ''];
}

function writeBroken({ last, step, since, passCount, green }: Broken, runs: readonly HistoryEntry[], paint: Paint) {
  const where = step?.address ? `   ${step.address}` : '';
  const begun = runs.length - 1 - runs.indexOf(since.run);
  const ago = begun === 0 ? 'in the last run' : `${countOf(begun, 'run')} ago`;
  const before = green ? `it last passed in ${writeRun(green)}` : `no run is known in which it passed`;
  return [
    `${paint.red('✗')} ${writeFlow(last, paint)}${where}`,
    ...(step?.cause === undefined ? [] : [`    ${cleanLine(step.cause)}`]),
    `    since ${writeRun(since)}, ${ago} (${countOf(passCount, 'failure')} in a row); ${before}`,
  ];
}

function writeFlaky({ last, passCount, retried, failed, failedBetween }: Flaky, paint: Paint) {
  const why = [
    ...(retried > 0 ? [`passed only when it was tried again in ${retried}`] : []),
    ...(failed > 0 ? [`failed in ${failed} on a commit on which it passed, too`] : []),
    ...(failedBetween > 0
      ? [`failed in ${failedBetween} between runs in which it passed, of which no commit is known`]
      : []),
  ];
  return [
    `${paint.yellow('~')} ${writeFlow(last, paint)}`,
    `    of ${countOf(passCount, 'run')} it ${why.join(', and ')}`,
  ];
}

function writeSlower({ last, address, beforeMs, nowMs, since }: Slower, paint: Paint) {
  const times = `${formatDuration(beforeMs)} → ${formatDuration(nowMs)}`;
  return [
    `${paint.yellow('▲')} ${writeFlow(last, paint)}   ${address}`,
    `    ${times} in the median, since ${writeRun(since)}`,
  ];
}

function writeMended({ last, failed }: Mended, paint: Paint) {
  return [
    `${paint.green('✓')} ${writeFlow(last, paint)}`,
    `    passed in ${writeRun(last)}, and failed in ${writeRun(failed)}`,
  ];
}

function writeFlow({ flow }: Pass, paint: Paint): string {
  const row = flow.row === undefined ? '' : `, row ${flow.row}`;
  return `${cleanLine(flow.name)}   ${paint.dim(`${flow.file}${row}`)}`;
}

function writeRun({ run: { runId, commit } }: Pass): string {
  return commit === undefined ? `run ${runId}` : `run ${runId} (${commit.slice(0, 8)})`;
}

function writeDay({ startedAt }: HistoryEntry): string {
  return new Date(startedAt).toISOString().slice(0, 10);
}
