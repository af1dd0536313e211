import { openKeySource } from '../../actions/changes/key-sources.ts';
import type { ThresholdSummary } from '../../load/metrics/load-summary.ts';
import { judgeReconcile } from '../../load/reconcile/judge-reconcile.ts';
import { type LoadEnd, type LoadOptions, LoadRun } from '../../load/run/load-run.ts';
import { buildSummary, TREND_STATISTICS } from '../../load/summary/build-summary.ts';
import { judgeCapacities } from '../../load/summary/format-capacity.ts';
import { Progress } from '../../load/summary/progress.ts';
import { judgeLoad, type Verdict } from '../../load/thresholds/verdict.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { formatBug } from '../commands/run-command.ts';
import type { Terminal } from '../process/terminal.ts';
import { closeOutputs, openOutputs } from './load-outputs.ts';
import { printSummary, toExitCode } from './print-summary.ts';
import { describeShard, leaveToMerge } from './segments.ts';
import type { ThreadData } from './thread-data.ts';
import { startThreads } from './threads.ts';

export interface LoadAbout
  extends Pick<LoadOptions, 'plan' | 'flowsOf' | 'engine' | 'parts' | 'tags' | 'segment' | 'startAtMs'> {
  readonly terminal: Terminal;
  readonly version: string;
  /** Absent: scenarios run in this thread. */
  readonly threads: (Pick<ThreadData, 'paths' | 'inputs'> & { readonly count: number }) | undefined;
  /** Which statistics of trends the summary has. */
  readonly statistics: readonly string[] | undefined;
}

/** Runs a planned load with its outputs and its summary; gives the exit code. */
export async function runChosenLoad(about: LoadAbout, flags: LoadFlags): Promise<number> {
  const { plan, flowsOf, engine, parts, segment, startAtMs } = about;
  const { terminal, version, statistics = TREND_STATISTICS } = about;
  const { runId } = engine.identity;
  const testId = about.tags.get('testid') ?? runId;
  const tags = new Map([...about.tags, ['testid', testId]]);
  const started = { testId, instanceId: runId, startedAtMs: engine.clock.now(), tags };
  const outputs = await openOutputs(plan.out, { clock: engine.clock, terminal, version, about: started });
  const progress = new Progress({ isTty: terminal.isTty, columns: terminal.columns, write: terminal.writeError });
  const threads = openThreads(about, { flags, tags, keepsRaw: outputs.some(({ wantsRaw }) => wantsRaw) });
  const load = new LoadRun({
    ...{ threads, plan, flowsOf, engine, parts, outputs, tags, segment, startAtMs, openKeySource },
    allowsEmptyThresholds: flags.allowEmptyThresholds,
    onTick: (running) => {
      if (!flags.quiet) progress.show(running);
    },
  });
  const end = await load.run().finally(() => threads?.close());
  progress.end();
  load.feed.handOut(load.now());
  const thresholds = listThresholds(load, end);
  const verdict = judge(load, end, thresholds);
  const exitCode = toExitCode(verdict, end.outcome.interrupted);
  const notes = listProblems(load, end.outcome);
  const shard = describeShard(load, end, { testId: about.tags.get('testid'), hasBug: verdict.kind === 'bug' });
  const summary = buildSummary(load, { testId, exitCode, verdict, thresholds, statistics, notes, shard });
  for (const output of outputs) output.takeSummary?.(summary);
  const said = await closeOutputs(outputs, {
    clock: engine.clock,
    interrupt: engine.interrupt,
    say: flags.quiet ? () => undefined : terminal.writeError,
  });
  for (const { message, trace } of end.outcome.unwritten) terminal.writeError(formatBug(`${message}\n${trace}`));
  return printSummary({ ...summary, notes: [...summary.notes, ...said] }, flags, terminal);
}

function openThreads(
  { threads, engine, terminal }: LoadAbout,
  about: Pick<ThreadData, 'flags' | 'tags' | 'keepsRaw'>,
): ReturnType<typeof startThreads> | undefined {
  if (!threads) return undefined;
  const { count, ...given } = threads;
  return startThreads(count, { ...given, ...about, identity: engine.identity, cwd: terminal.cwd });
}

function listProblems({ work }: LoadRun, { problems }: LoadEnd['outcome']): readonly string[] {
  return [...problems.map(({ message }) => message), ...work.problems];
}

function listThresholds(load: LoadRun, { abortedBy }: LoadEnd): readonly ThresholdSummary[] {
  const all = load
    .listThresholds()
    .map((one) =>
      one.metric === abortedBy?.metric && one.threshold === abortedBy.threshold
        ? { ...one, passed: false, aborted: true }
        : one,
    );
  return load.options.segment ? leaveToMerge(all) : all;
}

/** What a load came to. */
export function judge(load: LoadRun, { outcome, notBegun }: LoadEnd, thresholds: readonly ThresholdSummary[]): Verdict {
  const { interrupted, unwritten } = outcome;
  // Without the consumer that makes samples nothing is known.
  const hasBug = outcome.hasBug || unwritten.length > 0;
  const { failures } = load.book;
  const reconcile = load.reconciling?.summary;
  const verdict = judgeLoad({
    checks: load.plan.checks,
    thresholds,
    failures,
    interrupted,
    notBegun: notBegun ?? load.work.lost,
    withoutCapacity: judgeCapacities(load.work.capacities.map((book) => book.summarize())),
    unreconciled: reconcile && judgeReconcile(reconcile, thresholds, { isPart: load.options.segment !== undefined }),
    hasBug,
  });
  const [problem] = listProblems(load, outcome);
  return verdict.kind === 'passed' && problem !== undefined ? { kind: 'checks', text: problem } : verdict;
}
