import { resolve } from 'node:path';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { keyOfFlow } from '../../records/failed-flows.ts';
import { readEvents } from '../../records/read-events.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import type { RunFlags } from '../arguments/flags.ts';
import type { OrderFlags } from '../arguments/order-flags.ts';
import { readPodIndex } from '../arguments/pod-index.ts';
import { UsageError } from '../process/usage-error.ts';

/**
 * The part of the flows that is this shard's: each flow, or row of one, belongs to exactly one shard, whatever machine asks. By count the
 * flows are cut in their order; with durations each goes, the longest first, to the shard that has the least to do.
 */
export function chooseShard(
  runs: readonly FlowRun[],
  { shard, durations }: Pick<OrderFlags, 'shard' | 'durations'>,
  cwd: string,
): readonly FlowRun[] {
  if (!shard) return runs;
  const { index, count } = shard;
  if (durations !== undefined) return chooseBalanced(runs, shard, readDurations(durations, cwd));
  return runs.slice(Math.floor(((index - 1) * runs.length) / count), Math.floor((index * runs.length) / count));
}

/** The flags of a pod with the shard that its number among all gives it. @throws UsageError where nothing says the number */
export function takeShard(flags: RunFlags, env: Readonly<Record<string, string | undefined>>): RunFlags {
  const index = readPodIndex(flags, env, { flag: '--shard', isGiven: flags.shard !== undefined });
  return index === undefined ? flags : { ...flags, shard: { index: index + 1, count: flags.shards ?? 1 } };
}

/** @throws UsageError when flags are given together by which not every machine would cut alike, or one lacks the other */
export function checkShardFlags({
  shard,
  durations,
  lastFailed,
}: Pick<OrderFlags, 'shard' | 'durations' | 'lastFailed'>): void {
  if (durations !== undefined && !shard) throw new UsageError('--durations is for shards', ['write `--shard 1/4` too']);
  if (!shard || !lastFailed) return;
  throw new UsageError('--shard and --last-failed do not go together: each machine has records of its own', [
    'run what failed on one machine',
  ]);
}

function chooseBalanced(
  runs: readonly FlowRun[],
  { index, count }: { index: number; count: number },
  known: ReadonlyMap<string, number>,
): readonly FlowRun[] {
  const times = [...known.values()];
  // One that nobody measured is taken for one like the others.
  const usual = times.length === 0 ? 1 : times.reduce((sum, time) => sum + time, 0) / times.length;
  const timed = runs.map((run, position) => ({ run, position, time: known.get(keyOfRun(run)) ?? usual }));
  const loads = new Array<number>(count).fill(0);
  const own: { run: FlowRun; position: number }[] = [];
  for (const one of timed.sort((a, b) => b.time - a.time || a.position - b.position)) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] ?? 0) + one.time;
    if (lightest === index - 1) own.push(one);
  }
  return own.sort((a, b) => a.position - b.position).map(({ run }) => run);
}

/** How long each flow took, ms, by the events of an earlier run. @throws UsageError when the file is none */
function readDurations(file: string, cwd: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  try {
    for (const event of readEvents(resolve(cwd, file))) {
      if (event.type !== 'flow_finished' || event.outcome === 'skipped') continue;
      const { id, file: path, row } = event.about;
      times.set(keyOfFlow({ file: path, id, row }), event.durationMs);
    }
  } catch (error) {
    throw new UsageError(`--durations: \`${file}\` cannot be read: ${describeFileTrouble(error)}`);
  }
  if (times.size > 0) return times;
  throw new UsageError(`--durations: \`${file}\` has no flow that ran`, [
    'it is what `--reporter ndjson=FILE` wrote in an earlier run; each shard is given the same file',
  ]);
}

/** The same for each run of it. */
export function keyOfRun({ plan, row }: FlowRun): string {
  return keyOfFlow({ file: plan.file.path, id: plan.id, row: row?.number });
}
