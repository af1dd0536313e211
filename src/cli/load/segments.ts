import { createHash } from 'node:crypto';
import { poolOf } from '../../load/executors/extent.ts';
import { readSegment, type Segment } from '../../load/executors/segment.ts';
import type { ShardSummary, ThresholdSummary } from '../../load/metrics/load-summary.ts';
import type { LoadEnd, LoadRun } from '../../load/run/load-run.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';
import { formatDuration } from '../../util/duration.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { readPodIndex } from '../arguments/pod-index.ts';
import { UsageError } from '../process/usage-error.ts';

/** The part of a load that flags give to this process. @throws UsageError */
export function readSegmentFlags(flags: LoadFlags): Segment | undefined {
  const { executionSegment: text, executionSegmentSequence: sequence } = flags;
  if (text === undefined) {
    if (sequence === undefined) return undefined;
    throw new UsageError('--execution-segment-sequence says how a load is cut, and not which part is run', [
      'give `--execution-segment` as well',
    ]);
  }
  const segment = readSegment(text, sequence);
  if ('message' in segment) throw new UsageError(segment.message, segment.help);
  return segment;
}

/** The segments of a load that so many pods share, as flags say them. */
export function listShards(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${index}/${count}:${index + 1}/${count}`);
}

/** The flags of a pod with the segment that its number among all gives it. @throws UsageError where nothing says the number */
export function takeSegment(flags: LoadFlags, env: Readonly<Record<string, string | undefined>>): LoadFlags {
  const own = { flag: '--execution-segment', isGiven: flags.executionSegment !== undefined };
  const index = readPodIndex(flags, env, own);
  return index === undefined ? flags : { ...flags, executionSegment: listShards(flags.shards ?? 1)[index] };
}

/** @throws UsageError when the plan holds for the load as a whole alone, or when a rate would find no virtual user in this part: all that is due here would be dropped */
export function checkSegment({ scenarios }: LoadPlan, { slice, text, count }: Segment): void {
  for (const { name, executor } of scenarios) {
    if (executor.kind === 'find-capacity')
      throw new UsageError(
        `a segment does not know what others measure, and \`find-capacity\` of scenario \`${name}\` is about all of it`,
        ['look for the capacity in one process'],
      );
    if (!('maxVus' in executor) || poolOf(executor, slice)[1] > 0) continue;
    throw new UsageError(
      `scenario \`${name}\` has ${executor.maxVus} virtual users at most, and none of them in segment ${text}`,
      [`a rate needs one in each of the ${count} segments: raise \`max_vus\`, or take fewer segments`],
    );
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;

/** `--start-at`, as ms since 1970. @throws UsageError */
export function readStartAt(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{9,11}$/.test(text) ? Number(text) * 1000 : TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new UsageError(`--start-at: expected a time with its zone, got \`${text}\``, [
    'for example 2030-01-31T10:00:00Z, or the seconds since 1970 as `date +%s` writes them',
  ]);
}

/** What is to be known of it before the load begins. */
export function describeStart(startAtMs: number | undefined, nowMs: number): readonly string[] {
  if (startAtMs === undefined) return [];
  const at = new Date(startAtMs).toISOString();
  const ms = startAtMs - nowMs;
  if (ms < 0) return [`\`--start-at\` ${at} was ${formatDuration(-ms)} ago: the load begins at once`];
  return [`the load begins at ${at}, in ${formatDuration(ms)}`];
}

/** Thresholds hold for all segments together: each process tells what it measured, and only one that it ended for is crossed. */
export function leaveToMerge(thresholds: readonly ThresholdSummary[]): readonly ThresholdSummary[] {
  return thresholds.map((one) =>
    one.aborted || (one.passed && one.note !== undefined)
      ? one
      : { ...one, passed: true, note: 'judged by `testmesh load merge`' },
  );
}

export function describeShard(
  load: LoadRun,
  { notBegun, outcome }: LoadEnd,
  { testId, hasBug }: { testId: string | undefined; hasBug: boolean },
): ShardSummary | undefined {
  const { segment, allowsEmptyThresholds } = load.options;
  if (!segment) return undefined;
  const [problem] = outcome.problems;
  const unrun = notBegun ?? load.work.lost;
  const shared = load.reconciling?.summary && load.reconciling.shareKeys();
  return {
    segment: segment.text,
    sequence: segment.sequence,
    load: fingerprint(load.plan, testId),
    checks: load.plan.checks,
    allowsEmptyThresholds,
    hasBug,
    ...(unrun !== undefined && { notBegun: unrun }),
    ...(problem && { problem: problem.message }),
    steps: load.book.steps,
    ...(shared && { reconcile: shared }),
  };
}

/** The same where the same flows run in the same scenarios under the same thresholds. */
export function fingerprint({ scenarios, thresholds, checks, warmUpMs }: LoadPlan, testId: string | undefined): string {
  const plan = {
    scenarios: scenarios.map(({ flow, env, tags, ...scenario }) => ({
      ...scenario,
      flow: [flow.id, flow.file.text],
      env: [...env].map(([name, value]) => [name, String(value)]),
      tags: [...tags],
    })),
    thresholds: thresholds.map(({ key, condition }) => [key, condition.text]),
    ...{ checks, warmUpMs, testId },
  };
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16);
}
