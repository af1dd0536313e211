import { type Compared, compareRuns } from '../../load/merge/compare-runs.ts';
import { type FailCondition, readFailCondition } from '../../load/merge/fail-condition.ts';
import { isSummary } from '../../load/merge/shard-set.ts';
import type { LoadSummary } from '../../load/metrics/load-summary.ts';
import { formatMs, formatPercent } from '../../load/summary/units.ts';
import { createPaint, type Paint } from '../../util/paint.ts';
import { readGivenFile } from '../arguments/given-inputs.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

/** Holds the last of several summaries against the others; gives the exit code. */
export async function compareCommand(paths: readonly string[], flags: LoadFlags, terminal: Terminal): Promise<number> {
  const last = paths.at(-1);
  if (last === undefined || paths.length < 2)
    throw new UsageError('load compare: expected a summary to compare with, or several, and the new one last', [
      'for example `testmesh load compare base.json new.json`, of what `--summary-export` wrote',
    ]);
  if (flags.failOn.length === 0)
    throw new UsageError('load compare: nothing says when it fails', [
      "give `--fail-on`, for example --fail-on 'p(95) > max(base*1.1, base+5)'",
    ]);
  const conditions = flags.failOn.map(readCondition);
  const bases = paths.slice(0, -1).map((path) => readSummary(path, terminal));
  const compared = compareRuns(bases, readSummary(last, terminal), conditions);
  terminal.write(formatCompared(compared, createPaint(isColorWanted(flags.color, terminal))));
  if (compared.some(({ failed }) => failed !== undefined)) return EXIT.crossed;
  return compared.some(({ value }) => value !== undefined) ? EXIT.passed : EXIT.errored;
}

/** @throws UsageError */
function readCondition(text: string): FailCondition {
  const condition = readFailCondition(text);
  if ('message' in condition) throw new UsageError(`--fail-on: ${condition.message}`, [condition.help]);
  return condition;
}

/** @throws UsageError */
function readSummary(path: string, { cwd }: Terminal): LoadSummary {
  const text = readGivenFile(path, 'load compare:', cwd);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`load compare: ${path} is no JSON document`);
  }
  if (isSummary(value)) return value;
  throw new UsageError(`load compare: ${path} is no summary of \`testmesh load\``, [
    'expected what `--summary-export` writes',
  ]);
}

function formatCompared(compared: readonly Compared[], paint: Paint): string {
  const lines = compared.map((one) => {
    const { scenario, step, statistic, base, noise, value, failed, note } = one;
    const name = `${scenario} / ${step}: ${statistic}`;
    if (base === undefined || value === undefined || !noise) return `${paint.dim('-')} ${name}: not compared: ${note}`;
    const show = (number: number): string => (statistic === 'fail_rate' ? formatPercent(number) : formatMs(number));
    const among = noise[0] === noise[1] ? '' : ` (${show(noise[0])} to ${show(noise[1])})`;
    const change = base > 0 ? `, ${value >= base ? '+' : ''}${(((value - base) / base) * 100).toFixed(1)} %` : '';
    const end = failed === undefined ? (note ?? '') : failed;
    const mark = failed === undefined ? paint.green('✓') : paint.red('✗');
    return `${mark} ${name} ${show(base)}${among} → ${show(value)}${change}${end === '' ? '' : `: ${end}`}`;
  });
  const failures = compared.filter(({ failed }) => failed !== undefined).length;
  const judged = compared.filter(({ value }) => value !== undefined).length;
  const verdict =
    failures > 0
      ? `${paint.red('✗')} ${failures} of ${judged} comparisons failed (exit code ${EXIT.crossed})`
      : judged > 0
        ? `${paint.green('✓')} ${judged} ${judged === 1 ? 'comparison' : 'comparisons'}`
        : `${paint.red('✗')} nothing could be compared (exit code ${EXIT.errored})`;
  return `${[...lines, verdict].join('\n')}\n`;
}
