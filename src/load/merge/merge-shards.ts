import type { ThresholdPlan } from '../../model/load/load-plan.ts';
import type { SignalName } from '../../stop/stop-error.ts';
import type {
  GeneratorSummary,
  LoadSummary,
  ReconcileSummary,
  RunSummary,
  ScenarioSummary,
  ThresholdSummary,
} from '../metrics/load-summary.ts';
import { Meter } from '../metrics/meter.ts';
import type { Metric } from '../metrics/samples.ts';
import { judgeReconcile } from '../reconcile/judge-reconcile.ts';
import { VerdictBook } from '../run/verdict-book.ts';
import { summarizeMeasured } from '../summary/build-summary.ts';
import { evaluateThreshold } from '../thresholds/evaluate.ts';
import { judgeLoad, type Verdict } from '../thresholds/verdict.ts';
import { measureReconcile, mergeReconciles } from './merge-reconciles.ts';
import { addSeries } from './merge-series.ts';
import type { Shard } from './shard-set.ts';

export interface MergeTerms {
  readonly thresholds: readonly ThresholdPlan[];
  readonly statistics: readonly string[];
  /** The signal that an exit code stands for. */
  signalOf(exitCode: number): SignalName | undefined;
  exitCodeOf(verdict: Verdict, interrupted: SignalName | undefined): number;
}

/** One load out of all its parts: what each measured is added up, and judged once. */
export function mergeShards(shards: readonly [Shard, ...Shard[]], terms: MergeTerms): LoadSummary {
  const [first] = shards;
  const summaries = shards.map(({ summary }) => summary);
  const elapsedMs = Math.max(...summaries.map(({ run }) => run.durationMs));
  const meter = new Meter();
  const metrics = new Map<string, Metric>();
  for (const summary of summaries) addSeries(meter, summary, metrics);
  const reconcile = mergeReconciles(shards);
  if (reconcile) measureReconcile(meter, reconcile);
  const book = new VerdictBook();
  for (const { shard, summary } of shards) {
    book.addSteps(shard.steps);
    for (const { scenario, name, failures } of summary.steps) noteReasons(book, `${scenario} ${name}`, failures);
  }
  noteFirstFailures(book, meter, summaries);
  const { allowsEmptyThresholds: allowsEmpty } = first.shard;
  const thresholds = terms.thresholds.map((threshold) =>
    withEnded(evaluateThreshold(threshold, { meter, elapsedMs, allowsEmpty }), shards),
  );
  const interrupted = summaries.map(({ run }) => terms.signalOf(run.exitCode)).find((signal) => signal !== undefined);
  const verdict = judge(shards, { thresholds, book, interrupted, reconcile });
  return {
    version: 1,
    run: {
      ...mergeRuns(summaries.map(({ run }) => run)),
      durationMs: elapsedMs,
      exitCode: terms.exitCodeOf(verdict, interrupted),
      verdict: verdict.text,
    },
    scenarios: mergeScenarios(summaries),
    ...summarizeMeasured({ meter, elapsedMs, book, named: terms.thresholds }, terms.statistics),
    thresholds,
    generator: mergeGenerators(shards),
    ...(reconcile && { reconcile }),
    notes: shards.flatMap(({ summary, shard }) => summary.notes.map((note) => `segment ${shard.segment}: ${note}`)),
  };
}

function judge(
  shards: readonly Shard[],
  facts: {
    thresholds: readonly ThresholdSummary[];
    book: VerdictBook;
    interrupted: SignalName | undefined;
    reconcile: ReconcileSummary | undefined;
  },
): Verdict {
  const { thresholds, book, interrupted, reconcile } = facts;
  const say = (key: 'notBegun' | 'problem'): string | undefined => {
    const found = shards.find(({ shard }) => shard[key] !== undefined)?.shard;
    return found && `segment ${found.segment}: ${found[key]}`;
  };
  const verdict = judgeLoad({
    checks: shards[0]?.shard.checks ?? 'auto',
    thresholds,
    failures: book.failures,
    interrupted,
    notBegun: say('notBegun'),
    unreconciled: reconcile && judgeReconcile(reconcile, thresholds),
    hasBug: shards.some(({ shard }) => shard.hasBug),
  });
  const problem = say('problem');
  return verdict.kind === 'passed' && problem !== undefined ? { kind: 'checks', text: problem } : verdict;
}

/** A threshold that ended one of the processes is crossed, whatever the others measured. */
function withEnded(threshold: ThresholdSummary, shards: readonly Shard[]): ThresholdSummary {
  const ended = shards.find(({ summary }) =>
    summary.thresholds.some(
      (one) => one.aborted && one.metric === threshold.metric && one.threshold === threshold.threshold,
    ),
  );
  if (!ended) return threshold;
  return { ...threshold, passed: false, aborted: true, note: `in segment ${ended.shard.segment}` };
}

/** `502 ×3`. */
function noteReasons(book: VerdictBook, key: string, failures: readonly string[]): void {
  for (const failure of failures) {
    const [, reason = failure, count = '1'] = /^(.*) ×(\d+)$/s.exec(failure) ?? [];
    book.noteReason(key, reason, Number(count));
  }
}

function noteFirstFailures(book: VerdictBook, meter: Meter, summaries: readonly LoadSummary[]): void {
  const ids = new Map<string, number>();
  for (const { tags } of meter.listOf('checks'))
    ids.set(JSON.stringify([tags.tags.get('check') ?? '', tags.tags.get('scenario') ?? '']), tags.id);
  for (const { name, scenario, firstFailure } of summaries.flatMap(({ checks }) => checks)) {
    const id = ids.get(JSON.stringify([name, scenario]));
    if (firstFailure !== undefined && id !== undefined) book.noteCheck(`${id}`, firstFailure);
  }
}

function mergeRuns(runs: readonly RunSummary[]): Pick<RunSummary, 'testId' | 'startedAt' | 'tags'> {
  const [first] = runs;
  const startedAt = runs.map((run) => run.startedAt).sort()[0] ?? '';
  return { testId: first?.testId ?? '', startedAt, tags: first?.tags ?? {} };
}

function mergeScenarios(summaries: readonly LoadSummary[]): readonly ScenarioSummary[] {
  const merged = new Map<string, ScenarioSummary>();
  for (const one of summaries.flatMap(({ scenarios }) => scenarios)) {
    const known = merged.get(one.name);
    const sum = (key: 'iterations' | 'failed' | 'dropped' | 'interrupted'): number => (known?.[key] ?? 0) + one[key];
    merged.set(one.name, {
      ...one,
      iterations: sum('iterations'),
      failed: sum('failed'),
      dropped: sum('dropped'),
      interrupted: sum('interrupted'),
    });
  }
  return [...merged.values()];
}

/** The worst of each: it is the one that keeps the load from being what was planned. */
function mergeGenerators(shards: readonly Shard[]): GeneratorSummary {
  const all = shards.map(({ summary }) => summary.generator);
  const most = (key: 'cpu' | 'eventLoopP99Ms' | 'schedulerLagP99Ms'): number => Math.max(...all.map((one) => one[key]));
  return {
    saturated: all.some(({ saturated }) => saturated),
    cpu: most('cpu'),
    eventLoopP99Ms: most('eventLoopP99Ms'),
    schedulerLagP99Ms: most('schedulerLagP99Ms'),
    notes: shards.flatMap(({ summary: { generator }, shard }) =>
      generator.notes.map((note) => `segment ${shard.segment}: ${note}`),
    ),
  };
}
