import { groupBy } from '../../util/group-by.ts';
import { listNames } from '../../util/suggest.ts';
import type { Blob } from './read-blobs.ts';

/** Why blobs are not parts of one run, a sentence each; none when they are. */
export function findStrangers(blobs: readonly Blob[]): readonly string[] {
  const [first] = blobs;
  if (!first) return [];
  const isSameRun = (blob: Blob): string => JSON.stringify([blob.head.hash, blob.head.shard.count, blob.head.repeat]);
  return [
    ...describeOthers(blobs, 'versions of testmesh', ({ head }) => head.testmesh),
    ...describeOthers(blobs, 'folders', ({ head }) => head.root),
    ...describeOthers(blobs, 'commits', ({ head }) => head.commit),
    ...describeForeign(blobs, isSameRun),
    ...describeDoubled(blobs, isSameRun),
  ];
}

/** The parts that are not there, from 1. */
export function findMissing(blobs: readonly Blob[]): readonly number[] {
  const count = blobs[0]?.head.shard.count ?? 0;
  const there = new Set(blobs.map(({ head }) => head.shard.index));
  return Array.from({ length: count }, (_, index) => index + 1).filter((index) => !there.has(index));
}

/** `2/4` */
export function nameShard({ head }: Pick<Blob, 'head'>): string {
  return `shard ${head.shard.index}/${head.shard.count}`;
}

function describeOthers(
  blobs: readonly Blob[],
  what: string,
  of: (blob: Blob) => string | undefined,
): readonly string[] {
  const known = blobs.filter((blob) => of(blob) !== undefined);
  const groups = [...groupBy(known, (blob) => of(blob) ?? '')];
  if (groups.length < 2) return [];
  const parts = groups.map(
    ([value, members]) =>
      `\`${value}\` (${listNames(
        members.map(({ name }) => name),
        5,
      )})`,
  );
  return [`the blobs are of different ${what}: ${parts.join(', ')}`];
}

/** Those of another run than most of them. */
function describeForeign(blobs: readonly Blob[], keyOf: (blob: Blob) => string): readonly string[] {
  const groups = [...groupBy(blobs, keyOf).values()].sort((a, b) => b.length - a.length);
  const [own = [], ...others] = groups;
  const [reference] = own;
  if (!reference) return [];
  return others.flat().map((blob) => {
    const { shard, repeat } = reference.head;
    const isCut = blob.head.shard.count !== shard.count;
    const isRepeated = blob.head.repeat !== repeat;
    const why = isCut
      ? `that is cut into ${blob.head.shard.count}, not ${shard.count}`
      : isRepeated
        ? 'with another `--repeat-each`'
        : 'with other flows';
    return `${nameShard(blob)} in \`${blob.name}\` is of another run, ${why}, than \`${reference.name}\``;
  });
}

function describeDoubled(blobs: readonly Blob[], keyOf: (blob: Blob) => string): readonly string[] {
  const groups = groupBy(blobs, (blob) => `${keyOf(blob)}${blob.head.shard.index}`);
  return [...groups.values()]
    .filter((members) => members.length > 1)
    .map(
      (members) =>
        `${nameShard(members[0] as Blob)} is there ${members.length} times: ${listNames(
          members.map(({ name }) => name),
          5,
        )}`,
    );
}
