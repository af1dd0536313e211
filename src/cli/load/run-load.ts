import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LoadSummary } from '../../load/metrics/load-summary.ts';
import { type LoadEnd, type LoadOptions, LoadRun } from '../../load/run/load-run.ts';
import { buildSummary, TREND_STATISTICS } from '../../load/summary/build-summary.ts';
import { formatSummary } from '../../load/summary/format-summary.ts';
import { Progress } from '../../load/summary/progress.ts';
import { judgeLoad, type Verdict } from '../../load/thresholds/verdict.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { makeFolder } from '../../util/make-folder.ts';
import { createPaint } from '../../util/paint.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { formatBug } from '../commands/run-command.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { closeOutputs, openOutputs } from './load-outputs.ts';

export interface LoadAbout extends Pick<LoadOptions, 'plan' | 'flowsOf' | 'engine' | 'tags'> {
  readonly terminal: Terminal;
  readonly version: string;
  /** Which statistics of trends the summary has. */
  readonly statistics: readonly string[] | undefined;
}

/** Runs a planned load with its outputs and its summary; gives the exit code. */
export async function runChosenLoad(about: LoadAbout, flags: LoadFlags): Promise<number> {
  const { plan, flowsOf, engine, terminal, version, statistics = TREND_STATISTICS } = about;
  const { runId } = engine.identity;
  const testId = about.tags.get('testid') ?? runId;
  const tags = new Map([...about.tags, ['testid', testId]]);
  const started = { testId, instanceId: runId, startedAtMs: engine.clock.now(), tags };
  const outputs = await openOutputs(plan.out, { clock: engine.clock, terminal, version, about: started });
  const progress = new Progress({ isTty: terminal.isTty, columns: terminal.columns, write: terminal.writeError });
  const load = new LoadRun({
    ...{ plan, flowsOf, engine, outputs, tags },
    allowsEmptyThresholds: flags.allowEmptyThresholds,
    phases: { setup: flags.setup, teardown: flags.teardown },
    onTick: (running) => {
      if (!flags.quiet) progress.show(running);
    },
  });
  const end = await load.run();
  progress.end();
  load.feed.handOut(load.now());
  const verdict = judge(load, end);
  const exitCode = toExitCode(verdict, end);
  const notes = end.outcome.problems.map(({ message }) => message);
  const summary = buildSummary(load, end, { testId, exitCode, verdict, statistics, notes });
  for (const output of outputs) output.takeSummary?.(summary);
  const said = await closeOutputs(outputs, {
    clock: engine.clock,
    interrupt: engine.interrupt,
    say: flags.quiet ? () => undefined : terminal.writeError,
  });
  for (const { message, trace } of end.outcome.unwritten) terminal.writeError(formatBug(`${message}\n${trace}`));
  const whole = { ...summary, notes: [...summary.notes, ...said] };
  const trouble = exportSummary(whole, flags.summaryExport, terminal);
  if (trouble !== undefined) terminal.writeError(`testmesh: --summary-export ${flags.summaryExport}: ${trouble}\n`);
  print(whole, flags, terminal);
  return trouble !== undefined && exitCode === EXIT.passed ? EXIT.errored : exitCode;
}

function judge(load: LoadRun, { outcome, notBegun }: LoadEnd): Verdict {
  const { interrupted, problems, unwritten } = outcome;
  // Without the consumer that makes samples nothing is known.
  const hasBug = outcome.hasBug || unwritten.length > 0;
  const { failures } = load.book;
  const verdict = judgeLoad({
    checks: load.plan.checks,
    thresholds: load.listThresholds(),
    failures,
    interrupted,
    notBegun,
    hasBug,
  });
  const [problem] = problems;
  return verdict.kind === 'passed' && problem ? { kind: 'checks', text: problem.message } : verdict;
}

function toExitCode({ kind }: Verdict, { outcome }: LoadEnd): number {
  switch (kind) {
    case 'passed':
      return EXIT.passed;
    case 'bug':
      return EXIT.bug;
    case 'interrupted':
      return EXIT[outcome.interrupted ?? 'SIGINT'];
    case 'threshold':
    case 'checks':
      return EXIT.crossed;
    case 'nothing':
      return EXIT.errored;
  }
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

function print(summary: LoadSummary, flags: LoadFlags, terminal: Terminal): void {
  const { summaryMode: mode, summaryTimeUnit: timeUnit } = flags;
  if (mode === 'json') terminal.write(`${JSON.stringify(summary)}\n`);
  if (mode === 'json' || mode === 'disabled') return;
  const paint = createPaint(isColorWanted(flags.color, terminal));
  terminal.write(formatSummary(summary, { paint, isFull: mode === 'full', timeUnit }));
}
