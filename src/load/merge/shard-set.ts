import { listSegments } from '../executors/segment.ts';
import type { LoadSummary, ShardSummary } from '../metrics/load-summary.ts';

/** What a process wrote that ran a segment. */
export interface Shard {
  /** Where it was read: a file, or a log. */
  readonly from: string;
  readonly summary: LoadSummary;
  readonly shard: ShardSummary;
}

/** Takes a JSON document for the summary of a segment; gives why it is none. */
export function readShard(value: unknown, from: string): Shard | string {
  if (!isSummary(value)) return 'it is no summary of `testmesh load`: expected what `--summary-export` writes';
  const { shard } = value.run;
  if (shard) return { from, summary: value, shard };
  return 'it is the summary of a whole load: only those of segments (`--execution-segment`) are merged';
}

export function isSummary(value: unknown): value is LoadSummary {
  if (typeof value !== 'object' || value === null) return false;
  const { version, run, series, scenarios, steps, metrics } = value as Partial<LoadSummary>;
  return version === 1 && isMapping(run) && [series, scenarios, steps].every(Array.isArray) && isMapping(metrics);
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** What keeps shards from being one load, a sentence each: foreign ones, doubled ones, missing ones. */
export function findSetMistakes(shards: readonly Shard[]): readonly string[] {
  const [first] = shards;
  if (!first) return [];
  const { load, sequence } = first.shard;
  const mistakes = shards.flatMap(({ from, shard }) => {
    if (shard.load !== load) return [`${from} (segment ${shard.segment}) is of another load than ${first.from}`];
    if (shard.sequence === sequence) return [];
    return [`${from} (segment ${shard.segment}) is cut by ${shard.sequence}, and ${first.from} by ${sequence}`];
  });
  if (mistakes.length > 0) return mistakes;
  return listSegments(sequence).flatMap((segment) => {
    const own = shards.filter(({ shard }) => shard.segment === segment);
    if (own.length === 0) return [`segment ${segment} is missing`];
    return own.length === 1
      ? []
      : [`segment ${segment} is there ${own.length} times: ${own.map(({ from }) => from).join(', ')}`];
  });
}
