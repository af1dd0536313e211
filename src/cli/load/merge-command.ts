import { readChunks } from '../../load/merge/chunks.ts';
import { mergeShards } from '../../load/merge/merge-shards.ts';
import { findSetMistakes, readShard, type Shard } from '../../load/merge/shard-set.ts';
import { TREND_STATISTICS } from '../../load/summary/build-summary.ts';
import { NOT_RUN } from '../../load/thresholds/evaluate.ts';
import { LOAD_METRICS, type MetricAbout } from '../../model/load/load-metrics.ts';
import type { ThresholdPlan } from '../../model/load/load-plan.ts';
import { isMistake, readCondition, readThresholdKey, splitThreshold } from '../../plan/load/threshold.ts';
import type { SignalName } from '../../stop/stop-error.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { readGivenFile } from '../arguments/given-inputs.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { readStatistics } from './load-inputs.ts';
import { printSummary, toExitCode } from './print-summary.ts';

/** Makes one summary and one verdict of what the processes of a load wrote; gives the exit code. */
export async function mergeCommand(paths: readonly string[], flags: LoadFlags, terminal: Terminal): Promise<number> {
  const statistics = readStatistics(flags.summaryTrendStats) ?? TREND_STATISTICS;
  if (paths.length === 0)
    throw new UsageError('load merge: there is nothing to merge', [
      'name what each process wrote with `--summary-export`, or `-` for a log of `--summary-mode chunks` on standard input',
    ]);
  const texts = await Promise.all(paths.map(async (path) => ({ path, text: await readWhole(path, terminal) })));
  const [first, ...others] = texts.flatMap(({ path, text }) => readShards(path, text));
  if (!first) throw new UsageError('load merge: no segment of a load is in what was read');
  const shards: readonly [Shard, ...Shard[]] = [first, ...others];
  const mistakes = findSetMistakes(shards);
  if (mistakes.length > 0) throw new UsageError(`load merge: these are not the parts of one load`, mistakes);
  const summary = mergeShards(shards, {
    thresholds: planThresholds(shards, flags),
    statistics,
    signalOf,
    exitCodeOf: toExitCode,
  });
  return printSummary(summary, flags, terminal);
}

/** @throws UsageError */
async function readWhole(path: string, { cwd, input }: Terminal): Promise<string> {
  if (path !== '-') return readGivenFile(path, 'load merge:', cwd);
  const chunks: Uint8Array[] = [];
  for await (const chunk of input ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A summary, or a log that holds some. @throws UsageError */
function readShards(path: string, text: string): readonly Shard[] {
  const from = path === '-' ? 'standard input' : path;
  if (text.trimStart().startsWith('{')) return [parseShard(text, from)];
  const chunked = readChunks(text);
  if (chunked.length === 0)
    throw new UsageError(`load merge: ${from} holds neither a summary nor lines of \`--summary-mode chunks\``, [
      'with `kubectl logs -l`, give `--tail=-1`: it shows the last ten lines otherwise',
    ]);
  const broken = chunked.flatMap(({ segment, problem }) =>
    problem === undefined ? [] : [`segment ${segment}: ${problem}`],
  );
  if (broken.length > 0) throw new UsageError(`load merge: ${from} is incomplete`, broken);
  return chunked.map(({ text: one = '', segment }) => parseShard(one, `${from}, segment ${segment}`));
}

function parseShard(text: string, from: string): Shard {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`load merge: ${from} is no JSON document`);
  }
  const shard = readShard(value, from);
  if (typeof shard === 'string') throw new UsageError(`load merge: ${from}: ${shard}`);
  return shard;
}

/** Those of the load, and those that flags give besides. @throws UsageError */
function planThresholds(shards: readonly [Shard, ...Shard[]], flags: LoadFlags): readonly ThresholdPlan[] {
  const [{ summary }] = shards;
  const own = flags.thresholds
    ? summary.thresholds.map((one) => ({ key: one.metric, text: one.threshold, isSkipped: one.note === NOT_RUN }))
    : [];
  const given = flags.threshold.map((text) => ({ ...splitThreshold(text), isSkipped: false }));
  return [...own, ...given].map(({ key, text, isSkipped }) => {
    const read = readThresholdKey(key);
    const problem = (message: string, help: readonly string[]) =>
      new UsageError(`--threshold ${key}:${text}: ${message}`, help);
    if (isMistake(read)) throw problem(read.message, read.help);
    const known: Readonly<Record<string, MetricAbout>> = { ...LOAD_METRICS, ...summary.metrics };
    const about = Object.hasOwn(known, read.metric) ? known[read.metric] : undefined;
    if (!about) {
      const nearest = findNearest(read.metric, Object.keys(known));
      throw problem(
        `no metric is called \`${read.metric}\``,
        nearest === undefined ? [] : [`did you mean \`${nearest}\`?`],
      );
    }
    const tags = listTags(shards, read.metric);
    const strange = tags && [...read.tags.keys()].find((tag) => !isSkipped && !tags.includes(tag));
    if (strange !== undefined)
      throw problem(`\`${read.metric}\` has no tag \`${strange}\``, [
        tags?.length ? `its tags are ${listNames(tags, 20)}` : 'it is measured of the whole load, without tags',
      ]);
    const condition = readCondition(text, { metric: read.metric, kind: about.kind });
    if (isMistake(condition)) throw problem(condition.message, condition.help);
    return { key, ...read, kind: about.kind, condition, abortOnFail: false, delayAbortMs: 0, isSkipped };
  });
}

/** Those that a metric was measured with; undefined where it was not measured. */
function listTags(shards: readonly Shard[], metric: string): readonly string[] | undefined {
  const series = shards.flatMap(({ summary }) => summary.series).filter((one) => one.metric === metric);
  return series.length === 0 ? undefined : [...new Set(series.flatMap(({ tags }) => Object.keys(tags)))].sort();
}

function signalOf(exitCode: number): SignalName | undefined {
  return (['SIGHUP', 'SIGINT', 'SIGTERM'] as const).find((name) => EXIT[name] === exitCode);
}
